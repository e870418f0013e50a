#include "make.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct mud_id id_of(int number)
{
    char text[32];

    snprintf(text, sizeof(text), "%d", number);
    return mud_id_of("test", mud_str_z(text));
}

struct to_fd {
    int fd;
};

static bool fd_write(void *payload, const void *bytes, size_t n,
                     struct mud_error *err)
{
    const struct to_fd *to = payload;

    return write(to->fd, bytes, n) == (ssize_t)n ||
           mud_fail_errno(err, MUD_EIO, "write");
}

/* A record of zeros whose digest is right, through the stream writer. */
static const char *zeros(int64_t size)
{
    const char *path = mudtest_text("%s/zeros.warc.gz", mudtest_dir());
    struct to_fd to = {open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    static const char block[65536];
    struct mud_sha256 *sha = mud_sha256_new();
    struct mud_error err = {0};
    struct mud_warc_stream *stream;
    uint8_t digest[MUD_SHA256];
    struct mud_warc_head head = {.type = MUD_WARC_RESOURCE,
                                 .id = id_of(1),
                                 .at = 1,
                                 .uri = MUD_STR("file:zeros"),
                                 .content_type = "application/octet-stream",
                                 .block_sha256 = digest,
                                 .payload_sha256 = digest,
                                 .size = size};

    for (int64_t at = 0; at < size; at += (int64_t)sizeof(block))
        mud_sha256_add(sha, block, sizeof(block));
    mud_sha256_end(sha, digest);
    mud_sha256_free(sha);
    assert_ok(mud_warc_stream_begin(&stream, &head, fd_write, &to, &err), &err);
    for (int64_t at = 0; at < size; at += (int64_t)sizeof(block))
        assert_ok(mud_warc_stream_add(stream, block, sizeof(block), &err),
                  &err);
    assert_ok(mud_warc_stream_end(stream, &err), &err);
    close(to.fd);
    return path;
}

/* Largest resident size in KiB of a child that reads path, or only sits. */
static long child_memory(const char *path)
{
    struct rusage usage;
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct mud_verify v = {0};
        struct mud_error err = {0};
        bool ok = !path || (mud_verify_warc(&v, path, &err) && v.bad == 0 &&
                            v.items == 1);

        _exit(ok ? 0 : 1);
    }
    assert_int_equal(wait4(pid, &status, 0, &usage), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return usage.ru_maxrss;
}

static void test_warc_stream__reads_300_megabytes_in_one(void **state)
{
    const char *path = zeros((int64_t)300 << 20);
    struct stat st;
    long before = child_memory(NULL), after = child_memory(path);

    (void)state;
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size < 1 << 20);
    /* The reader's bound, and what the child needs to run at all. */
    if (after > before + MUD_WARC_MEMORY / 1024 + 4096)
        fail_msg("%ld KiB more than without reading", after - before);
}

static void test_warc_stream__stream_holds_to_its_size(void **state)
{
    struct to_fd to = {open("/dev/null", O_WRONLY | O_CLOEXEC)};
    struct mud_warc_head head = {.type = MUD_WARC_RESOURCE, .size = 4};
    struct mud_warc_stream *stream;
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_warc_stream_begin(&stream, &head, fd_write, &to, &err), &err);
    assert_fails(mud_warc_stream_add(stream, "12345", 5, &err),
                 &err,
                 MUD_EINPUT,
                 "more bytes");
    assert_ok(mud_warc_stream_add(stream, "123", 3, &err), &err);
    assert_fails(
        mud_warc_stream_end(stream, &err), &err, MUD_EINPUT, "fewer bytes");
    close(to.fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_warc_stream__reads_300_megabytes_in_one),
        cmocka_unit_test(test_warc_stream__stream_holds_to_its_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
