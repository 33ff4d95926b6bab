#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

int clinux_run_first(int priority) {
    struct sched_param wanted = { .sched_priority = priority };
    return -pthread_setschedparam(pthread_self(), SCHED_FIFO, &wanted);
}

int clinux_keep_memory(void) { return mlockall(MCL_CURRENT | MCL_FUTURE) < 0 ? -errno : 0; }

int clinux_name_thread(const char *name) { return -pthread_setname_np(pthread_self(), name); }

/// Touched once, the pages of the stack are there when the loop needs them.
void clinux_touch_stack(void) {
    volatile char pages[256 * 1024];
    for (size_t place = 0; place < sizeof pages; place += 4096) pages[place] = 0;
}
