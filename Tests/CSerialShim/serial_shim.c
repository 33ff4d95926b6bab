// Stands between libserialport and the C library in test programs, for paths of pseudo terminals only.
#define _GNU_SOURCE
#include "serial_shim.h"
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif

enum { most_terminals = 4096, modem_get = 0x5415, modem_set = 0x5418, modem_raise = 0x5416, modem_lower = 0x5417 };
enum { modem_ready = 0x160, baud_get = 0x802C542A };

static _Atomic(char *) folders[most_terminals];
static atomic_int rate_thousandths = 1000;

void serialshim_set_attributes(int number, const char *folder) {
    if (number < 0 || number >= most_terminals) return;
    free(atomic_exchange(&folders[number], folder == NULL ? NULL : strdup(folder)));
}

void serialshim_set_rate_of_drivers(int thousandths) { atomic_store(&rate_thousandths, thousandths); }

#if defined(HAS_SANITIZER)
bool serialshim_works(void) { return false; }
#else
bool serialshim_works(void) { return true; }

static const char terminals[] = "/sys/class/tty/pts/";

/// The number of the terminal that a sysfs path is about; -1 when it is about none of ours. `rest` is what follows it.
static int terminal_of(const char *path, const char **rest) {
    if (strncmp(path, terminals, sizeof terminals - 1) != 0) return -1;
    char *end;
    long number = strtol(path + sizeof terminals - 1, &end, 10);
    if (number < 0 || number >= most_terminals || atomic_load(&folders[number]) == NULL) return -1;
    *rest = end;
    return (int)number;
}

// What Debian's libserialport calls lstat by.
int __lxstat(int version, const char *path, struct stat *found) {
    static int (*real)(int, const char *, struct stat *);
    if (real == NULL) real = dlsym(RTLD_NEXT, "__lxstat");
    const char *rest;
    if (terminal_of(path, &rest) < 0) return real(version, path, found);
    memset(found, 0, sizeof *found);
    found->st_mode = S_IFLNK | 0777;
    return 0;
}

ssize_t readlink(const char *path, char *target, size_t size) {
    static ssize_t (*real)(const char *, char *, size_t);
    if (real == NULL) real = dlsym(RTLD_NEXT, "readlink");
    const char *rest;
    int number = terminal_of(path, &rest);
    if (number < 0) return real(path, target, size);
    char device[64];
    int length = snprintf(device, sizeof device, "../../devices/usb1/1-2/tty/%d", number);
    size_t copied = (size_t)length < size ? (size_t)length : size;
    memcpy(target, device, copied);
    return (ssize_t)copied;
}

ssize_t __readlink_chk(const char *path, char *target, size_t size, size_t room) {
    return size > room ? -1 : readlink(path, target, size);
}

FILE *fopen(const char *path, const char *mode) {
    static FILE *(*real)(const char *, const char *);
    if (real == NULL) real = dlsym(RTLD_NEXT, "fopen");
    const char *rest;
    int number = terminal_of(path, &rest);
    const char *name = strrchr(path, '/');
    if (number < 0 || name == NULL) return real(path, mode);
    char attribute[PATH_MAX];
    snprintf(attribute, sizeof attribute, "%s%s", atomic_load(&folders[number]), name);
    return real(attribute, mode);
}

/// Modem lines, which a pseudo terminal has not: all that a port asks for is on.
static int modem(unsigned long request, void *argument) {
    switch (request) {
    case modem_get: *(int *)argument = modem_ready; return 0;
    case modem_set: case modem_raise: case modem_lower: return 0;
    default: errno = ENOTTY; return -1;
    }
}

/// A driver that cannot run at every rate: what it says is off by as much as the test wants.
static void skew_rate(void *argument) {
    // The last word of the kernel's struct termios2 is the rate of sending.
    unsigned int *rate = (unsigned int *)((char *)argument + 40);
    *rate = (unsigned int)((unsigned long long)*rate * (unsigned)atomic_load(&rate_thousandths) / 1000);
}

int ioctl(int descriptor, unsigned long request, ...) {
    static int (*real)(int, unsigned long, void *);
    if (real == NULL) real = dlsym(RTLD_NEXT, "ioctl");
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    int status = real(descriptor, request, argument);
    if (status == 0 && request == baud_get) skew_rate(argument);
    // Only libserialport asks a terminal for its modem lines here.
    return status == 0 || errno != ENOTTY ? status : modem(request, argument);
}
#endif
