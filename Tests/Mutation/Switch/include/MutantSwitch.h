// Chooses the mutant that is alive in this process. Every place in the mutated sources that could behave differently
// asks here, with its own number (the root), the number of its first mutant, and how many it has.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Which of `count` mutants from `first` on is alive, counted from 1; 0 for the code as it was written.
static inline int32_t mutantAt(int32_t root, int32_t first, int32_t count) {
    extern int32_t mutant_switch_active;
    extern uint8_t *mutant_switch_reached;
    mutant_switch_reached[root] = 1;
    int32_t index = mutant_switch_active - first;
    return index >= 0 && index < count ? index + 1 : 0;
}

static inline bool mutantIs(int32_t root, int32_t number) { return mutantAt(root, number, 1) == 1; }
static inline bool mutantIsNot(int32_t root, int32_t number) { return mutantAt(root, number, 1) == 0; }
