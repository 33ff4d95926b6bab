#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

// One console a process: what it was before, for whoever restores it, the handlers of crashes among them.
static struct termios before;
static volatile sig_atomic_t taken = -1;

static const char enter[] = "\033[?1049h\033[?25l\033[2J";
static const char leave[] = "\033[0m\033[?25h\033[?1049l";
static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
enum { crash_count = sizeof crashes / sizeof crashes[0] };

static void say(int descriptor, const char *text, size_t length) {
    while (length > 0) {
        ssize_t sent = write(descriptor, text, length);
        if (sent < 0 && errno != EINTR) return;
        if (sent > 0) text += sent, length -= (size_t)sent;
    }
}

static void give_back(void) {
    int descriptor = taken;
    if (descriptor < 0) return;
    taken = -1;
    say(descriptor, leave, sizeof leave - 1);
    tcsetattr(descriptor, TCSANOW, &before);
}

// Who handled crashes before goes on doing so: the runtime that prints where it was, a debugger, a sanitizer.
static struct sigaction others[crash_count];

void clinux_leave_console(void) {
    if (taken < 0) return;
    give_back();
    for (int place = 0; place < crash_count; place++) sigaction(crashes[place], &others[place], NULL);
}

// Only calls that a handler may make. A fault happens again when its instruction is run again, now with its own handler;
// what somebody sent has to be sent again.
static void crashed(int number, siginfo_t *info, void *context) {
    (void)context;
    give_back();
    for (int place = 0; place < crash_count; place++)
        if (crashes[place] == number) sigaction(number, &others[place], NULL);
    if (info->si_code <= 0 || number == SIGTRAP) raise(number);
}

int clinux_enter_console(int descriptor) {
    if (taken >= 0) return -EBUSY;
    if (tcgetattr(descriptor, &before) < 0) return -errno;
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
    // Ctrl-C still asks for an end. Suspended or quit, a program would leave its picture behind.
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    raw.c_cc[VQUIT] = _POSIX_VDISABLE;
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(descriptor, TCSANOW, &raw) < 0) return -errno;
    taken = descriptor;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = crashed;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int place = 0; place < crash_count; place++) sigaction(crashes[place], &action, &others[place]);
    say(descriptor, enter, sizeof enter - 1);
    return 0;
}

int clinux_console_size(int descriptor, uint16_t *columns, uint16_t *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) < 0) return -errno;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
