# Fails when something shared between threads is declared outside the files known for it;
# a further one needs a reason. Reading and writing it is not what is meant.
BEGIN {
    known["include/base/counter.h"]
    known["include/base/pace.h"]
    known["include/backend/server.h"]
    known["include/backend/backend.h"]
    known["src/backend/queue.c"]
    known["src/backend/standings.c"]
    known["src/proxy/visitors.c"]
    known["include/proxy/frontend.h"]
    known["src/worker/mailbox.c"]
    known["src/base/log.c"]
}

{ line = code($0) }

FILENAME in known { next }

line ~ /(^|[^A-Za-z0-9_])(_Atomic|__atomic_|__sync_|mtx_t|cnd_t)/ ||
line ~ /(^|[^A-Za-z0-9_])atomic_([a-z]*int|bool|flag|size|[a-z]*(char|short|long))/ ||
line ~ /(^|[^A-Za-z0-9_])pthread_(mutex|rwlock|spin|cond|barrier)/ ||
line ~ /<(stdatomic|threads)\.h>/ {
    report(FNR, "shared state is declared in few files only")
}
