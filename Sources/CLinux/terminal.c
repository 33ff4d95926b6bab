#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>

static int result(int status) { return status < 0 ? -errno : status; }

int clinux_open_terminal(const char *path) {
    return result(open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
}

int clinux_open_master(uint32_t *number) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (master < 0) return -errno;
    int unlock = 0;
    unsigned int slave = 0;
    if (ioctl(master, TIOCSPTLCK, &unlock) < 0 || ioctl(master, TIOCGPTN, &slave) < 0) {
        int status = -errno;
        clinux_close(master);
        return status;
    }
    *number = slave;
    return master;
}

int clinux_make_raw(int descriptor) {
    struct termios settings;
    if (tcgetattr(descriptor, &settings) < 0) return -errno;
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    return result(tcsetattr(descriptor, TCSANOW, &settings));
}

int clinux_flush(int descriptor) { return result(tcflush(descriptor, TCIOFLUSH)); }

int clinux_is_exclusive(int descriptor) {
    int exclusive = 0;
    return ioctl(descriptor, TIOCGEXCL, &exclusive) < 0 ? -errno : exclusive != 0;
}

int clinux_lock(int descriptor) {
    // TIOCEXCL does not stop root, and root is who runs robots on a bench: the lock stops another one of us.
    if (flock(descriptor, LOCK_EX | LOCK_NB) < 0) return errno == EWOULDBLOCK ? -EBUSY : -errno;
    // The lock is ours, so the flag is that of a program which does not lock.
    int exclusive = clinux_is_exclusive(descriptor);
    return exclusive > 0 ? -EBUSY : exclusive;
}

int clinux_exclude_others(int descriptor) { return result(ioctl(descriptor, TIOCEXCL)); }

// A real port forgets the flag with its last opener; the slave of a pseudo terminal keeps it for the next one.
void clinux_admit_others(int descriptor) { ioctl(descriptor, TIOCNXCL); }

int clinux_low_latency(int descriptor) {
    struct serial_struct serial;
    if (ioctl(descriptor, TIOCGSERIAL, &serial) < 0) return -errno;
    return (serial.flags & ASYNC_LOW_LATENCY) != 0;
}

int clinux_set_low_latency(int descriptor) {
    struct serial_struct serial;
    if (ioctl(descriptor, TIOCGSERIAL, &serial) < 0) return -errno;
    serial.flags |= ASYNC_LOW_LATENCY;
    return result(ioctl(descriptor, TIOCSSERIAL, &serial));
}

int clinux_is_same_device(int descriptor, const char *path) {
    struct stat open_file, named;
    if (fstat(descriptor, &open_file) < 0 || stat(path, &named) < 0) return -errno;
    return S_ISCHR(named.st_mode) && open_file.st_rdev == named.st_rdev;
}
