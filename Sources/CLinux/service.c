// What a service at a path needs beyond a socket: one server a path, who calls, and waiting for many at once.
#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { queue = 128, largest_entry = 1 << 20, nanoseconds_per_second = 1000000000 };

static int failed(int descriptor) {
    int status = -errno;
    clinux_close(descriptor);
    return status;
}

static int remove_left_over(const char *path) {
    struct stat named;
    if (lstat(path, &named) < 0) return errno == ENOENT ? 0 : -errno;
    // A file that is no socket was not left over by a server.
    if (!S_ISSOCK(named.st_mode)) return -EADDRINUSE;
    int other = clinux_connect(path);
    if (other >= 0) clinux_close(other);
    if (other >= 0 || other == -EAGAIN) return -EADDRINUSE;
    return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}

int clinux_serve(const char *path, uint32_t mode, int64_t owner, int64_t group) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address.sun_path) return -ENAMETOOLONG;
    memcpy(address.sun_path, path, length);
    int status = remove_left_over(path);
    if (status < 0) return status;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return failed(descriptor);
    // Nobody can connect before `listen`, so nobody sees the name with other rights than these.
    // Not asked for is not tried: a sandbox may forbid the call as such.
    int is_owned = owner >= 0 || group >= 0;
    if ((is_owned && lchown(path, owner < 0 ? (uid_t)-1 : (uid_t)owner, group < 0 ? (gid_t)-1 : (gid_t)group) < 0) ||
        chmod(path, mode) < 0 || listen(descriptor, queue) < 0) {
        status = failed(descriptor);
        unlink(path);
        return status;
    }
    return descriptor;
}

int clinux_lock_file(const char *path) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return -errno;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
    int status = failed(descriptor);
    return status == -EWOULDBLOCK ? -EBUSY : status;
}

int clinux_peer(int descriptor, int32_t *process, uint32_t *user, uint32_t *group) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -errno;
    *process = peer.pid;
    *user = peer.uid;
    *group = peer.gid;
    return 0;
}

int clinux_peer_groups(int descriptor, uint32_t *groups, int capacity) {
    socklen_t size = (socklen_t)capacity * sizeof *groups;
    // With too little room the kernel says how much it needs.
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0 && errno != ERANGE) return -errno;
    return (int)(size / sizeof *groups);
}

int clinux_user_groups(uint32_t user, uint32_t group, uint32_t *groups, int capacity) {
    size_t size = 1024;
    char *text = NULL;
    struct passwd entry, *found = NULL;
    int status = ERANGE;
    while (status == ERANGE && size <= largest_entry) {
        char *larger = realloc(text, size *= 2);
        if (larger == NULL) break;
        text = larger;
        status = getpwuid_r(user, &entry, text, size, &found);
    }
    int count = capacity;
    if (status == 0 && found != NULL) getgrouplist(found->pw_name, group, groups, &count);
    free(text);
    if (status != 0) return -status;
    return found == NULL ? -ENOENT : count;
}

int clinux_wait_any(struct pollfd *entries, size_t count, int64_t until_nanoseconds) {
    for (;;) {
        int64_t now = clinux_monotonic_nanoseconds();
        int64_t left = until_nanoseconds > now ? until_nanoseconds - now : 0;
        struct timespec timeout = {left / nanoseconds_per_second, left % nanoseconds_per_second};
        int ready = ppoll(entries, count, &timeout, NULL);
        if (ready >= 0) return ready;
        if (errno != EINTR) return -errno;
    }
}

int clinux_bell(void) {
    int bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return bell < 0 ? -errno : bell;
}

void clinux_ring(int bell) {
    uint64_t once = 1;
    while (write(bell, &once, sizeof once) < 0 && errno == EINTR) continue;
}

void clinux_silence(int bell) {
    uint64_t rung;
    while (read(bell, &rung, sizeof rung) < 0 && errno == EINTR) continue;
}
