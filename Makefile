# `make run` shows usher at work and `make test` tests it; both install what is missing.
# `make help` lists everything; V=1 shows the commands.

# The folders from bottom to top: each knows only those on its left (make lint).
# The agent and usherctl are programs of their own, beside the rest.
LAYERS := base net agent usherctl backend health discovery proxy worker config control admin web

PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
MANDIR  ?= $(PREFIX)/share/man
MAN1DIR ?= $(MANDIR)/man1
MAN5DIR ?= $(MANDIR)/man5
MAN8DIR ?= $(MANDIR)/man8
UNITDIR ?= $(PREFIX)/lib/systemd/system
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
DOCDIR  ?= $(PREFIX)/share/doc/usher
BUILD   ?= build
CFLAGS  ?= -O2 -g
CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wwrite-strings -Wvla -Wcast-qual
FLAGS    := -std=c11 -fno-strict-aliasing $(WARNINGS) -I include -I src -D_GNU_SOURCE \
            -DINI_HANDLER_LINENO=1 -DDEMO_INI='"conf/demo.ini"' \
            -DBUILD_OPTIONS='"$(strip $(CC) $(CFLAGS) $(SANITIZE:%=-fsanitize=%))"'
SANITIZER := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer \
              $(if $(findstring undefined,$(SANITIZE)),-fno-sanitize-recover=all))
COMPILE   = $(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d -MT $@
FOR_STORIES := -O1 -I tests -I tests/support
LIBS     := -lev -linih -lcares -lssl -lcrypto -lpthread -lm

FOR_BUILD := gcc libc6-dev libev-dev libinih-dev libc-ares-dev libssl-dev libncurses-dev
FOR_TEST  := libcriterion-dev openssl curl socat redis-server redis-tools postgresql \
             mariadb-server haproxy iproute2 jq strace default-jre-headless \
             libzookeeper-java chromium prometheus prometheus-haproxy-exporter \
             haproxy-log-analysis mandoc man-db zsh
FOR_LINT  := universal-ctags clang clang-format clang-tidy libclang-rt-14-dev

# Each sanitizer builds in its own folder, so that flavours never mix. Stories drive the
# program from outside and are always plain.
sources := $(shell find src -name '*.c' 2>/dev/null)
tops    := $(wildcard src/*.c)
library := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(tops) src/agent/% src/usherctl/%,$(sources)))
tools   := $(patsubst %.c,$(BUILD)/%.o,$(filter src/agent/% src/usherctl/%,$(sources)))
program := $(tops:%.c=$(BUILD)/%.o)
units   := $(patsubst tests/%.c,$(BUILD)/%,$(sort $(wildcard tests/unit/*/*_test.c)))
stories := $(patsubst tests/%.c,build/%,$(sort $(wildcard tests/integration/*_test.c)))
support := $(patsubst tests/%.c,build/%.o,$(wildcard tests/support/*.c))
fuzzers := $(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))
benches := $(patsubst %.c,build/%,$(wildcard bench/*.c))
pages   := $(addprefix $(BUILD)/,usher.8 usher.ini.5 usher-agent.8 usherctl.1)
shells  := $(addprefix $(BUILD)/completion/,bash/usherctl zsh/_usherctl)

# What is installed, by its folder; what is uninstalled is the same.
FOLDERS     := BINDIR SBINDIR MAN1DIR MAN5DIR MAN8DIR UNITDIR BASHDIR ZSHDIR DOCDIR
for_BINDIR  := $(BUILD)/usherctl
for_SBINDIR := $(BUILD)/usher $(BUILD)/usher-agent
for_MAN1DIR := $(filter %.1,$(pages))
for_MAN5DIR := $(filter %.5,$(pages))
for_MAN8DIR := $(filter %.8,$(pages))
for_UNITDIR := $(wildcard conf/*.service)
for_BASHDIR := $(filter %/usherctl,$(shells))
for_ZSHDIR  := $(filter %/_usherctl,$(shells))
for_DOCDIR  := $(wildcard conf/*.ini) README.md

Q := $(if $(V),,@)
begin = @mkdir -p $(@D); echo '  $(1) $@'
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all deps run unit integration test memory races lint format fuzz bench check \
        install uninstall clean help need-build need-test need-lint all-and-units fuzz-all

all: $(for_BINDIR) $(for_SBINDIR) $(pages) $(shells) ## build all there is to install

deps: need-lint ## install the Debian packages that building, testing and linting need
need-build: ; @tests/need $(FOR_BUILD)
need-test: need-build ; @tests/need $(FOR_TEST)
need-lint: need-test ; @tests/need $(FOR_LINT)

run: all ## show usher at work: a demonstration that needs no configuration
	$(Q)$(BUILD)/usher --demo

unit: $(units) ## test each module by itself
	$(Q)tests/run $(units)

integration: all $(stories) ## test the program from outside
	$(Q)USHER=$(BUILD)/usher tests/run $(stories)

test: all $(units) $(stories) ## both
	$(Q)USHER=$(BUILD)/usher tests/run $(units) $(stories)

memory: $(stories) ## all tests under the address and undefined behaviour sanitizers
	$(Q)$(MAKE) BUILD=build/memory SANITIZE=address,undefined all-and-units
	$(Q)USHER_SANITIZED=1 USHER=build/memory/usher REPORTS=build/memory/reports tests/run \
	    $(units:$(BUILD)/%=build/memory/%) $(stories)

all-and-units: all $(units)

races: $(stories) ## the integration tests under the thread sanitizer
	$(Q)$(MAKE) BUILD=build/races SANITIZE=thread all
	$(Q)USHER_SANITIZED=1 USHER=build/races/usher REPORTS=build/races/reports tests/run $(stories)

lint: need-lint ## layers, names, sizes, headers, format, clang-tidy; ONLY=names for one
	$(Q)LAYERS="$(LAYERS)" FLAGS="$(subst ",\",$(FLAGS))" tests/lint/run $(ONLY)

format: need-lint ## lay out the code as lint wants it
	$(Q)find src include tests bench -name '*.[ch]' | xargs -r clang-format -i

fuzz: need-lint ## feed each parser inputs nobody would write; FUZZ_TIME=60 seconds each
	$(Q)$(MAKE) BUILD=build/fuzz CC=clang SANITIZE=address,undefined,fuzzer-no-link fuzz-all

fuzz-all: $(fuzzers)
	$(Q)set -e; for fuzzer in $(fuzzers); do mkdir -p $$fuzzer.corpus; \
	    $$fuzzer -max_total_time=$(or $(FUZZ_TIME),60) $$fuzzer.corpus conf; done

bench: all $(benches) ## measure; what is measured is in bench/run
	$(Q)bench/run

check: ## everything a change must pass
	$(Q)env -u MAKEFLAGS -u MAKELEVEL .ci/run

# The units call the programs by their place.
install: all ## into PREFIX=/usr/local; below DESTDIR= for packages
	$(foreach folder,$(FOLDERS),$(call install_into,$(folder)))
	$(Q)sed -i 's|/usr/local/sbin|$(SBINDIR)|' $(call installed,UNITDIR)

define install_into
	install -d $(DESTDIR)$($(1))
	install -m $(if $(filter %BINDIR,$(1)),755,644) $(for_$(1)) $(DESTDIR)$($(1))

endef
installed = $(addprefix $(DESTDIR)$($(1))/,$(notdir $(for_$(1))))

uninstall: ## what install put there
	rm -f $(foreach folder,$(FOLDERS),$(call installed,$(folder)))
	$(Q)rmdir $(DESTDIR)$(DOCDIR) 2>/dev/null || true

clean: ## forget everything built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

$(BUILD)/%.o: %.c Makefile | need-build
	$(call begin,compile)
	$(Q)$(COMPILE) $(SANITIZER) -c $< -o $@

$(BUILD)/src/demo.o: conf/demo.ini

$(BUILD)/usher.8 $(BUILD)/usher.ini.5: $(BUILD)/usher
	$(Q)$< --manual $(subst .,,$(suffix $@)) > $@

$(BUILD)/usher-agent.8: $(BUILD)/usher-agent
	$(Q)$< --manual > $@

$(BUILD)/usherctl.1: $(BUILD)/usherctl
	$(Q)$< --manual > $@

$(shells): $(BUILD)/usherctl
	@mkdir -p $(@D)
	$(Q)$< --completion $(notdir $(@D)) > $@

$(BUILD)/usher: $(program) $(library)
	$(call begin,link)
	$(Q)$(CC) $(CFLAGS) $(SANITIZER) $(LDFLAGS) $^ $(LIBS) -o $@

$(BUILD)/usher-agent: $(BUILD)/src/agent/main.o $(BUILD)/usher.a
	$(call begin,link)
	$(Q)$(CC) $(CFLAGS) $(SANITIZER) $(LDFLAGS) $^ -lev -lpthread -lm -o $@

$(BUILD)/usherctl: $(BUILD)/src/usherctl/main.o $(BUILD)/usher.a
	$(call begin,link)
	$(Q)$(CC) $(CFLAGS) $(SANITIZER) $(LDFLAGS) $^ -lncursesw -o $@

# An archive, so that tests and tools link only what they need.
$(BUILD)/usher.a: $(library) $(filter-out %/main.o,$(tools)) Makefile
	$(call begin,link)
	$(Q)rm -f $@ && ar rcs $@ $(filter %.o,$^)

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/usher.a | need-test
	$(call begin,test)
	$(Q)$(COMPILE) -O1 $(SANITIZER) $(LDFLAGS) $< $(BUILD)/usher.a $(LIBS) -lcriterion -o $@

build/support/%.o: tests/support/%.c Makefile | need-test
	$(call begin,compile)
	$(Q)$(COMPILE) $(FOR_STORIES) -c $< -o $@

build/integration/%: tests/integration/%.c $(support) Makefile | need-test
	$(call begin,test)
	$(Q)$(COMPILE) $(FOR_STORIES) $< $(support) $(LDFLAGS) $(LIBS) -lcriterion -o $@

$(BUILD)/fuzz/%: tests/fuzz/%.c $(BUILD)/usher.a
	$(call begin,compile)
	$(Q)$(COMPILE) $(SANITIZER) -fsanitize=fuzzer $(LDFLAGS) $< $(filter %.a,$^) $(LIBS) -o $@

build/bench/%: bench/%.c Makefile | need-build
	$(call begin,compile)
	$(Q)$(COMPILE) $(LDFLAGS) $< $(LIBS) -o $@

-include $(shell find build -name '*.d' 2>/dev/null)
