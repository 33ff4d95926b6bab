/// What the processor that this runs on can do beyond the least of its kind.
#pragma once

/// How many bits of `Float` it computes at once: 512, 256, or 128, which every processor that we know has.
static inline int cprocessor_lane_bits(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq")) {
        return 512;
    }
    return __builtin_cpu_supports("avx2") ? 256 : 128;
#else
    return 128;
#endif
}
