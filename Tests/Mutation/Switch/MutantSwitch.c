#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { ROOTS = 1 << 16 };

static uint8_t unrecorded[ROOTS];
uint8_t *mutant_switch_reached = unrecorded;
int32_t mutant_switch_active = 0;

// A shared mapping, so that the child processes of exit tests add to the same record and a crash loses nothing.
static void record(const char *path) {
    int file = open(path, O_RDWR | O_CREAT, 0644);
    if (file < 0 || ftruncate(file, ROOTS) != 0) abort();
    void *map = mmap(NULL, ROOTS, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) abort();
    mutant_switch_reached = map;
    close(file);
}

// A mutant that loops for ever must not outlive the tool. The tool kills the test program in time, and the kernel does
// when the tool dies; the program's own children, of which the tool knows nothing, have an alarm.
static void limit(void) {
    const char *parent = getenv("MUTANT_PARENT");
    const char *seconds = getenv("MUTANT_SECONDS");
    if (parent && atoi(parent) == getppid()) prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (seconds) alarm((unsigned)atoi(seconds));
}

__attribute__((constructor)) static void start(void) {
    const char *active = getenv("MUTANT_ACTIVE");
    const char *reached = getenv("MUTANT_REACHED");
    if (active) mutant_switch_active = atoi(active);
    if (reached) record(reached);
    limit();
}
