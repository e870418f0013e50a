/* Any bytes as a WARC file: read, checked and gone over behind damage. */
#include "evidence/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_verify verify = {0};
    char path[64];
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    if (!mud_verify_warc(&verify, path, NULL))
        abort();
    /* No record is good and bad at once, and none is looked at twice. */
    if (verify.good > verify.items)
        abort();
    close(fd);
    return 0;
}
