/* System calls that fail on request, and a record of those that change files, for the suite of faults:
 * loaded before the C library.
 *
 * RUNNER_FAULT_DIR    only calls on files below this directory count
 * RUNNER_FAULT_CALL   the call that fails: write, fsync, syncfs, rename, open, mkdir, unlink, truncate
 * RUNNER_FAULT_AT     which of them, from 0
 * RUNNER_FAULT_ERRNO  the error; 0: a write comes short instead
 * RUNNER_FAULT_GOOD   if 1, every later call fails too
 * RUNNER_FAULT_LOG    a file that exists once a call has failed
 * RUNNER_FAULT_TRACE  a file that gets every change in the order in which they happen
 *
 * A change is a letter, two numbers of 64 bits, and two byte strings, each after its length of 32 bits:
 *   c  a file is made             its number, 0             its path, -
 *   t  a file gets a length       its number, the length    -, -
 *   w  bytes are written          its number, the place     the bytes, -
 *   r  a name is changed          0, 0                      the old path, the new one
 *   u  a name is removed          0, 0                      the path, -
 *   m  a directory is made        its number, 0             the path, -
 *   d  a directory is removed     0, 0                      the path, -
 *   s  a file or directory is on the disk    its number, 0  -, -
 *   a  everything is on the disk  0, 0                      -, -
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long seen;

#define REAL(name) ({ \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    real; \
})

static int below(const char *path) {
    const char *directory = getenv("RUNNER_FAULT_DIR");
    return directory && path && strncmp(path, directory, strlen(directory)) == 0;
}

/* The whole path of an open file; empty if there is none. */
static void path_of(int fd, char whole[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, whole, PATH_MAX - 1);
    whole[length < 0 ? 0 : length] = 0;
}

/* The whole path of a name beside an open directory. */
static void path_at(int directory, const char *path, char whole[PATH_MAX]) {
    whole[0] = 0;
    if (!path) return;
    if (path[0] == '/') {
        snprintf(whole, PATH_MAX, "%s", path);
        return;
    }
    if (directory == AT_FDCWD) {
        if (!getcwd(whole, PATH_MAX)) return;
    } else {
        path_of(directory, whole);
    }
    size_t length = strlen(whole);
    snprintf(whole + length, PATH_MAX - length, "/%s", path);
}

static int below_at(const char *path) {
    char whole[PATH_MAX];
    path_at(AT_FDCWD, path, whole);
    return below(whole);
}

static int below_fd(int fd) {
    char path[PATH_MAX];
    path_of(fd, path);
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
        int fd = REAL(open64)(log, O_CREAT | O_WRONLY, 0600);
        if (fd >= 0) close(fd);
    }
    return atoi(getenv("RUNNER_FAULT_ERRNO"));
}

#define FAIL(code) do { errno = (code); return -1; } while (0)

/* A change and its record happen together, so that the record has the order of the changes. */
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int trace = -2;

static int traced(void) { return getenv("RUNNER_FAULT_TRACE") != NULL; }

static void put(const void *bytes, size_t count) {
    const char *next = bytes;
    while (count > 0) {
        ssize_t written = REAL(write)(trace, next, count);
        if (written <= 0) abort();
        next += written;
        count -= written;
    }
}

static void record(char kind, uint64_t a, uint64_t b, const void *first, uint32_t first_length,
                   const char *second) {
    if (trace == -2) {
        trace = REAL(open64)(getenv("RUNNER_FAULT_TRACE"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
        if (trace < 0) abort();
    }
    uint32_t second_length = second ? strlen(second) : 0;
    put(&kind, 1);
    put(&a, 8);
    put(&b, 8);
    put(&first_length, 4);
    put(first, first_length);
    put(&second_length, 4);
    put(second, second_length);
}

static uint64_t number(int fd) {
    struct stat found;
    return fstat(fd, &found) == 0 ? found.st_ino : 0;
}

/* Makes a change of files below the directory, and records it with these statements if it succeeds. */
#define CHANGE(counts, call, ...) do { \
    if (!traced() || !(counts)) return call; \
    pthread_mutex_lock(&order); \
    __typeof__(call) result = call; \
    int kept = errno; \
    if (result >= 0) { __VA_ARGS__; } \
    pthread_mutex_unlock(&order); \
    errno = kept; \
    return result; \
} while (0)

ssize_t write(int fd, const void *bytes, size_t count) {
    int counts = fd > 2 && fd != trace && below_fd(fd);
    if (counts) {
        int code = fails("write");
        if (code > 0) FAIL(code);
        if (code == 0 && count > 1) count /= 2;
    }
    CHANGE(counts, REAL(write)(fd, bytes, count), {
        off64_t end = lseek64(fd, 0, SEEK_CUR);
        record('w', number(fd), end - result, bytes, result, NULL);
    });
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (fd <= 2 || !traced() || !below_fd(fd)) return REAL(writev)(fd, parts, count);
    /* A part at a time: to write less than was asked for is legal. */
    for (int i = 0; i < count; i++)
        if (parts[i].iov_len > 0) return write(fd, parts[i].iov_base, parts[i].iov_len);
    return 0;
}

/* Ways of writing that are not recorded: the program takes another. */
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *place, size_t count, unsigned flags) {
    if (traced() && below_fd(to)) FAIL(EXDEV);
    return REAL(copy_file_range)(from, at, to, place, count, flags);
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t count) {
    ssize_t (*real)(int, int, off64_t *, size_t) = dlsym(RTLD_NEXT, "sendfile64");
    if (traced() && below_fd(to)) FAIL(EINVAL);
    return real(to, from, at, count);
}

static int synced(int fd, const char *call, int (*real)(int), char kind) {
    int counts = below_fd(fd);
    int code = counts ? fails(call) : -1;
    if (code > 0) FAIL(code);
    CHANGE(counts, real(fd), record(kind, number(fd), 0, NULL, 0, NULL));
}

int fsync(int fd) { return synced(fd, "fsync", REAL(fsync), 's'); }
int fdatasync(int fd) { return synced(fd, "fsync", REAL(fdatasync), 's'); }
int syncfs(int fd) { return synced(fd, "syncfs", REAL(syncfs), 'a'); }

int ftruncate64(int fd, off64_t length) {
    int counts = below_fd(fd);
    int code = counts ? fails("truncate") : -1;
    if (code > 0) FAIL(code);
    CHANGE(counts, REAL(ftruncate64)(fd, length), record('t', number(fd), length, NULL, 0, NULL));
}

int rename(const char *from, const char *to) {
    int counts = below_at(to);
    int code = counts ? fails("rename") : -1;
    if (code > 0) FAIL(code);
    CHANGE(counts, REAL(rename)(from, to), {
        char old[PATH_MAX], new[PATH_MAX];
        path_at(AT_FDCWD, from, old);
        path_at(AT_FDCWD, to, new);
        record('r', 0, 0, old, strlen(old), new);
    });
}

int mkdir(const char *path, mode_t mode) {
    int counts = below_at(path);
    int code = counts ? fails("mkdir") : -1;
    if (code > 0) FAIL(code);
    CHANGE(counts, REAL(mkdir)(path, mode), {
        char whole[PATH_MAX];
        struct stat found;
        path_at(AT_FDCWD, path, whole);
        record('m', stat(whole, &found) == 0 ? found.st_ino : 0, 0, whole, strlen(whole), NULL);
    });
}

static void record_name(char kind, int directory, const char *path) {
    char whole[PATH_MAX];
    path_at(directory, path, whole);
    record(kind, 0, 0, whole, strlen(whole), NULL);
}

int rmdir(const char *path) {
    CHANGE(below_at(path), REAL(rmdir)(path), record_name('d', AT_FDCWD, path));
}

int unlink(const char *path) {
    int counts = below_at(path);
    int code = counts ? fails("unlink") : -1;
    if (code > 0) FAIL(code);
    CHANGE(counts, REAL(unlink)(path), record_name('u', AT_FDCWD, path));
}

int unlinkat(int directory, const char *path, int flags) {
    char whole[PATH_MAX];
    path_at(directory, path, whole);
    int counts = below(whole);
    int code = counts ? fails("unlink") : -1;
    if (code > 0) FAIL(code);
    CHANGE(counts, REAL(unlinkat)(directory, path, flags),
           record(flags & AT_REMOVEDIR ? 'd' : 'u', 0, 0, whole, strlen(whole), NULL));
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    int counts = below_at(path);
    int code = counts ? fails("open") : -1;
    if (code > 0) FAIL(code);
    if (!traced() || !counts || !(flags & (O_CREAT | O_TRUNC))) return REAL(open64)(path, flags, mode);
    pthread_mutex_lock(&order);
    struct stat found;
    int there = stat(path, &found) == 0;
    int fd = REAL(open64)(path, flags, mode);
    int kept = errno;
    if (fd >= 0) {
        char whole[PATH_MAX];
        path_at(AT_FDCWD, path, whole);
        if (!there) record('c', number(fd), 0, whole, strlen(whole), NULL);
        else if (flags & O_TRUNC) record('t', number(fd), 0, NULL, 0, NULL);
    }
    pthread_mutex_unlock(&order);
    errno = kept;
    return fd;
}
