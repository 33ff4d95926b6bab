/// Calls of Linux that Swift does not see without _GNU_SOURCE. Every function answers a number of at least zero, or the
/// negated errno; what they open is closed in child programs.
#pragma once
#include <stdbool.h>
#include <stddef.h>

/// Whether this build has the thread sanitizer, which takes Swift's `Mutex` for a race.
bool cusbemulator_has_thread_sanitizer(void);

int cusbemulator_pipe(int *reading, int *writing);
int cusbemulator_accept(int listener);
/// Makes a pseudo terminal that passes bytes as they are; its slave's path goes into `path`.
int cusbemulator_terminal(int *master, int *slave, char *path, size_t size);
