/* Opens and closes the spare descriptor. */
#include "worker/spare.h"

#include <fcntl.h>
#include <unistd.h>

void spare_open(struct spare *spare)
{
    spare->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void spare_close(struct spare *spare)
{
    if (spare->fd != -1)
        (void)close(spare->fd);
    spare->fd = -1;
}
