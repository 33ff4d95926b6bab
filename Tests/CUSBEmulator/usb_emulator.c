#define _GNU_SOURCE
#include "usb_emulator.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER 1
#endif
#endif

bool cusbemulator_has_thread_sanitizer(void) {
#if defined(HAS_THREAD_SANITIZER)
    return true;
#else
    return false;
#endif
}

int cusbemulator_pipe(int *reading, int *writing) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    *reading = ends[0];
    *writing = ends[1];
    return 0;
}

int cusbemulator_accept(int listener) {
    int accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    return accepted < 0 ? -errno : accepted;
}

int cusbemulator_terminal(int *master, int *slave, char *path, size_t size) {
    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*master < 0) return -errno;
    *slave = -1;
    if (grantpt(*master) == 0 && unlockpt(*master) == 0 && ptsname_r(*master, path, size) == 0)
        *slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios settings;
    if (*slave < 0 || tcgetattr(*slave, &settings) < 0) {
        int status = -errno;
        close(*master);
        return status;
    }
    cfmakeraw(&settings);
    tcsetattr(*slave, TCSANOW, &settings);
    return 0;
}
