// By itself: the kernel's <asm/termbits.h> and the C library's <termios.h> define the same names differently.
#include "CLinux.h"
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>

extern int ioctl(int descriptor, unsigned long request, ...);

int clinux_set_baud(int descriptor, uint32_t bits_per_second) {
    struct termios2 settings;
    if (ioctl(descriptor, TCGETS2, &settings) < 0) return -errno;
    // The input rate has its own field and its own flag: left alone, a port can send at one rate and listen at another.
    settings.c_cflag &= ~(CBAUD | (CBAUD << IBSHIFT));
    settings.c_cflag |= BOTHER | (BOTHER << IBSHIFT);
    settings.c_ispeed = bits_per_second;
    settings.c_ospeed = bits_per_second;
    return ioctl(descriptor, TCSETS2, &settings) < 0 ? -errno : 0;
}

int clinux_get_baud(int descriptor, uint32_t *bits_per_second) {
    struct termios2 settings;
    if (ioctl(descriptor, TCGETS2, &settings) < 0) return -errno;
    *bits_per_second = settings.c_ospeed;
    return 0;
}
