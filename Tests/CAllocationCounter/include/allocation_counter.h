#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Whether this build counts at all: a sanitizer brings its own allocator, and then nothing can be said.
bool callocationcounter_counts(void);

/// How often the calling thread has asked for memory so far.
uint64_t callocationcounter_of_this_thread(void);
