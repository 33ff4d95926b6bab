// Stands in for the C library's allocator in test programs and counts what each thread asks of it.
#include "allocation_counter.h"
#include <errno.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_FOREIGN_ALLOCATOR 1
#endif
#endif

static __thread uint64_t requests;

uint64_t callocationcounter_of_this_thread(void) { return requests; }

#if defined(HAS_FOREIGN_ALLOCATOR) || !defined(__GLIBC__)
bool callocationcounter_counts(void) { return false; }
#else
bool callocationcounter_counts(void) { return true; }

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    requests++;
    return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
    requests++;
    return __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
    requests++;
    return __libc_realloc(old, size);
}
void *memalign(size_t alignment, size_t size) {
    requests++;
    return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
    requests++;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void **out, size_t alignment, size_t size) {
    requests++;
    void *memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *out = memory;
    return 0;
}
#endif
