/* make install and make uninstall: one the mirror of the other. */
#include "support/kept.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(install, .timeout = 120);

static const char *folder;

/* The programs under test: they stand in a folder of their own. */
static const char *build_folder(void)
{
    const char *program = usher_program();

    return kept_format("%.*s", (int)(strrchr(program, '/') - program), program);
}

/* With what is built: the programs may be of a flavour that this make knows nothing of.
 */
static void make(const char *target, const char *variables)
{
    struct spawned spawned = spawn_line("env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES "
                                        "make -s -o all %s BUILD=%s %s",
                                        target, build_folder(), variables);

    cr_assert_eq(spawned.status, 0, "make %s: %s%s", target, spawned.out, spawned.err);
}

static const char *list(const char *what)
{
    return spawn_line("find %s %s", folder, what).out;
}

static bool is_there(const char *path)
{
    return !access(kept_format("%s/%s", folder, path), R_OK);
}

Test(install, puts_all_into_place_and_takes_it_away_again)
{
    static const char *const files[] = {
        "usr/sbin/usher",
        "usr/sbin/usher-agent",
        "usr/bin/usherctl",
        "usr/share/man/man8/usher.8",
        "usr/share/man/man8/usher-agent.8",
        "usr/share/man/man5/usher.ini.5",
        "usr/share/man/man1/usherctl.1",
        "usr/share/bash-completion/completions/usherctl",
        "usr/share/zsh/site-functions/_usherctl",
        "usr/lib/systemd/system/usher.service",
        "usr/lib/systemd/system/usher-agent.service",
        "usr/share/doc/usher/minimal.ini",
        "usr/share/doc/usher/usher.ini",
    };
    const char *variables;

    folder = scratch_create();
    variables = kept_format("DESTDIR=%s PREFIX=/usr", folder);
    make("install", variables);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        cr_expect(is_there(files[i]), "no %s in\n%s", files[i], list("-type f"));
    cr_expect_eq(spawn_line("%s/usr/sbin/usher -v", folder).status, 0);
    cr_expect_eq(spawn_line("%s/usr/sbin/usher-agent --version", folder).status, 0);
    cr_expect_eq(spawn_line("%s/usr/bin/usherctl --version", folder).status, 0);
    make("install", variables);
    make("uninstall", variables);
    cr_expect_str_eq(list("! -type d"), "");
    cr_expect_not(is_there("usr/share/doc/usher"));
    make("uninstall", variables);
    scratch_remove(folder);
}

Test(install, heeds_the_folders_that_it_is_told)
{
    const char *variables;

    folder = scratch_create();
    variables = kept_format("PREFIX=%s SBINDIR=%s/s MANDIR=%s/m DOCDIR=%s/d UNITDIR=%s/u",
                            folder, folder, folder, folder, folder);
    make("install", variables);
    cr_expect(is_there("s/usher") && is_there("m/man8/usher.8") &&
                  is_there("m/man5/usher.ini.5") && is_there("d/tls.ini") &&
                  is_there("u/usher.service"),
              "%s", list("-type f"));
    make("uninstall", variables);
    cr_expect_str_eq(list("! -type d"), "");
    scratch_remove(folder);
}

/* The units call the programs where they were put, and systemd understands them. */
Test(install, puts_units_that_systemd_understands)
{
    const char *unit;

    folder = scratch_create();
    make("install", kept_format("PREFIX=%s UNITDIR=%s/u", folder, folder));
    unit = kept_file(kept_format("%s/u/usher.service", folder));
    cr_expect(strstr(unit, kept_format("ExecStart=%s/sbin/usher -c ", folder)), "%s",
              unit);
    if (spawn_line("systemd-analyze --version").status == 0) {
        struct spawned spawned = spawn_line("systemd-analyze verify --man=no "
                                            "%s/u/usher.service %s/u/usher-agent.service",
                                            folder, folder);

        cr_expect_eq(spawned.status, 0, "%s", spawned.err);
        cr_expect_str_eq(spawned.err, "");
    }
    scratch_remove(folder);
}
