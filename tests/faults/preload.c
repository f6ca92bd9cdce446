/* System calls that fail on request, for the suite of faults: loaded before the C library.
 *
 * RUNNER_FAULT_DIR    only calls on files below this directory count
 * RUNNER_FAULT_CALL   the call that fails: write, fsync, rename, open, mkdir, unlink, truncate
 * RUNNER_FAULT_AT     which of them, from 0
 * RUNNER_FAULT_ERRNO  the error; 0: a write comes short instead
 * RUNNER_FAULT_GOOD   if 1, every later call fails too
 * RUNNER_FAULT_LOG    a file that exists once a call has failed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long seen;

static int below(const char *path) {
    const char *directory = getenv("RUNNER_FAULT_DIR");
    return directory && path && strncmp(path, directory, strlen(directory)) == 0;
}

static int below_at(const char *path) {
    char whole[PATH_MAX];
    if (!path) return 0;
    if (path[0] == '/') return below(path);
    if (!getcwd(whole, sizeof whole)) return 0;
    size_t length = strlen(whole);
    snprintf(whole + length, sizeof whole - length, "/%s", path);
    return below(whole);
}

static int below_fd(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return below(path);
}

/* Whether this call fails: -1 no, else the error. */
static int fails(const char *call) {
    const char *wanted = getenv("RUNNER_FAULT_CALL");
    if (!wanted || strcmp(wanted, call) != 0) return -1;
    long at = atol(getenv("RUNNER_FAULT_AT"));
    long now = atomic_fetch_add(&seen, 1);
    const char *good = getenv("RUNNER_FAULT_GOOD");
    if (now < at || (now > at && !(good && good[0] == '1'))) return -1;
    const char *log = getenv("RUNNER_FAULT_LOG");
    if (log) {
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open64");
        int fd = real(log, O_CREAT | O_WRONLY, 0600);
        if (fd >= 0) close(fd);
    }
    return atoi(getenv("RUNNER_FAULT_ERRNO"));
}

#define FAIL(code) do { errno = (code); return -1; } while (0)

ssize_t write(int fd, const void *bytes, size_t count) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "write");
    if (fd > 2 && below_fd(fd)) {
        int code = fails("write");
        if (code > 0) FAIL(code);
        if (code == 0 && count > 1) return real(fd, bytes, count / 2);
    }
    return real(fd, bytes, count);
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    int code = below_fd(fd) ? fails("fsync") : -1;
    if (code > 0) FAIL(code);
    return real(fd);
}

int fdatasync(int fd) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    int code = below_fd(fd) ? fails("fsync") : -1;
    if (code > 0) FAIL(code);
    return real(fd);
}

int ftruncate64(int fd, off64_t length) {
    static int (*real)(int, off64_t);
    if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
    int code = below_fd(fd) ? fails("truncate") : -1;
    if (code > 0) FAIL(code);
    return real(fd, length);
}

int rename(const char *from, const char *to) {
    static int (*real)(const char *, const char *);
    if (!real) real = dlsym(RTLD_NEXT, "rename");
    int code = below_at(to) ? fails("rename") : -1;
    if (code > 0) FAIL(code);
    return real(from, to);
}

int mkdir(const char *path, mode_t mode) {
    static int (*real)(const char *, mode_t);
    if (!real) real = dlsym(RTLD_NEXT, "mkdir");
    int code = below_at(path) ? fails("mkdir") : -1;
    if (code > 0) FAIL(code);
    return real(path, mode);
}

int unlink(const char *path) {
    static int (*real)(const char *);
    if (!real) real = dlsym(RTLD_NEXT, "unlink");
    int code = below_at(path) ? fails("unlink") : -1;
    if (code > 0) FAIL(code);
    return real(path);
}

int open64(const char *path, int flags, ...) {
    static int (*real)(const char *, int, ...);
    if (!real) real = dlsym(RTLD_NEXT, "open64");
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    int code = below_at(path) ? fails("open") : -1;
    if (code > 0) FAIL(code);
    return real(path, flags, mode);
}
