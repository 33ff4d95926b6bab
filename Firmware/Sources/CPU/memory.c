// What the compilers call and no library provides here. What would give out memory is absent on purpose: a program that
// wants some does not link.
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    uint8_t *target = to;
    const uint8_t *source = from;
    if ((((uintptr_t)target | (uintptr_t)source) & 3u) == 0) {
        // Values are moved about a lot, so eight words at a time.
        for (; count >= 32; count -= 32) {
            __asm volatile(
                "ldmia %1!, {r3, r4, r5, r6, r8, r9, r10, r12}\n stmia %0!, {r3, r4, r5, r6, r8, r9, r10, r12}"
                : "+r"(target), "+r"(source) :: "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "memory");
        }
        for (; count >= 4; count -= 4, target += 4, source += 4) *(uint32_t *)target = *(const uint32_t *)source;
    }
    while (count--) *target++ = *source++;
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    uint8_t *target = to;
    const uint8_t *source = from;
    if (target <= source || target >= source + count) return memcpy(to, from, count);
    while (count--) target[count] = source[count];
    return to;
}

void *memset(void *to, int value, size_t count) {
    uint8_t *target = to;
    uint32_t word = (uint8_t)value * 0x01010101u;
    if (((uintptr_t)target & 3u) == 0) {
        for (; count >= 4; count -= 4, target += 4) *(uint32_t *)target = word;
    }
    while (count--) *target++ = (uint8_t)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t count) {
    const uint8_t *a = left, *b = right;
    for (; count--; a++, b++) if (*a != *b) return *a - *b;
    return 0;
}

// The processor's calling convention has names of its own for them.
void __aeabi_memcpy(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memcpy4(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memcpy8(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memmove(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memmove4(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memmove8(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memset(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memset4(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memset8(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memclr(void *to, size_t count) { memset(to, 0, count); }
void __aeabi_memclr4(void *to, size_t count) { memset(to, 0, count); }
void __aeabi_memclr8(void *to, size_t count) { memset(to, 0, count); }

// One instruction of the float unit; the compiler asks for it by this name.
float sqrtf(float value) {
    __asm("vsqrt.f32 %0, %0" : "+t"(value));
    return value;
}
