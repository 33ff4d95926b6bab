#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { nanoseconds_per_second = 1000000000 };

int64_t clinux_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * nanoseconds_per_second + now.tv_nsec;
}

int clinux_wait(int descriptor, int events, int64_t until_nanoseconds) {
    struct pollfd entry = {.fd = descriptor, .events = (short)events};
    for (;;) {
        int64_t now = clinux_monotonic_nanoseconds();
        int64_t left = until_nanoseconds > now ? until_nanoseconds - now : 0;
        struct timespec timeout = {left / nanoseconds_per_second, left % nanoseconds_per_second};
        int ready = ppoll(&entry, 1, &timeout, NULL);
        if (ready > 0) return entry.revents;
        if (ready == 0) return 0;
        if (errno != EINTR) return -errno;
    }
}

void clinux_sleep(int64_t until_nanoseconds) {
    if (until_nanoseconds <= 0) return;
    struct timespec until = {until_nanoseconds / nanoseconds_per_second, until_nanoseconds % nanoseconds_per_second};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) continue;
}

int64_t clinux_read(int descriptor, uint8_t *bytes, size_t count) {
    for (;;) {
        ssize_t received = read(descriptor, bytes, count);
        if (received >= 0) return received;
        if (errno != EINTR) return -errno;
    }
}

int64_t clinux_write(int descriptor, const uint8_t *bytes, size_t count) {
    for (;;) {
        ssize_t sent = write(descriptor, bytes, count);
        if (sent >= 0) return sent;
        if (errno != EINTR) return -errno;
    }
}

int64_t clinux_send(int descriptor, const uint8_t *bytes, size_t count) {
    for (;;) {
        ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno != EINTR) return -errno;
    }
}

// Not repeated after EINTR: Linux has closed the descriptor by then, and the number may belong to someone else.
int clinux_close(int descriptor) { return close(descriptor) < 0 && errno != EINTR ? -errno : 0; }
