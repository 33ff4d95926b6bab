#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, waiting = 8 };

static int failed(int descriptor) {
    int status = -errno;
    clinux_close(descriptor);
    return status;
}

static int fill(struct sockaddr_un *address, const char *path) {
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address->sun_path) return -ENAMETOOLONG;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length);
    return 0;
}

int clinux_socket_pair(int *near, int *far) {
    int both[2];
    if (socketpair(AF_UNIX, kind, 0, both) < 0) return -errno;
    *near = both[0];
    *far = both[1];
    return 0;
}

int clinux_connect(const char *path) {
    struct sockaddr_un address;
    int status = fill(&address, path);
    if (status < 0) return status;
    int descriptor = socket(AF_UNIX, kind, 0);
    if (descriptor < 0) return -errno;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return failed(descriptor);
    return descriptor;
}

int clinux_listen(const char *path) {
    struct sockaddr_un address;
    int status = fill(&address, path);
    if (status < 0) return status;
    // A name that nobody answers to is left over from a process that died; one that somebody answers to is in use.
    int other = clinux_connect(path);
    if (other >= 0) clinux_close(other);
    if (other >= 0 || other == -EAGAIN) return -EADDRINUSE;
    struct stat named;
    if (other == -ECONNREFUSED && lstat(path, &named) == 0 && !S_ISSOCK(named.st_mode)) return -EADDRINUSE;
    if (other == -ECONNREFUSED && unlink(path) < 0) return -errno;
    int descriptor = socket(AF_UNIX, kind, 0);
    if (descriptor < 0) return -errno;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return failed(descriptor);
    if (listen(descriptor, waiting) < 0) return failed(descriptor);
    return descriptor;
}

int clinux_accept(int descriptor) {
    for (;;) {
        int accepted = accept4(descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted >= 0) return accepted;
        if (errno != EINTR && errno != ECONNABORTED) return -errno;
    }
}
