// Chooses the mutant that is alive in an image of our board, as Switch/include/MutantSwitch.h does on the host.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Past the memory that the image uses on the second board, where the emulator puts the number at every reset.
#define MUTANT_ACTIVE (*(volatile int32_t *)0x20300000)

// Memory that no image uses, a byte for each place. The emulator keeps it in a file when the tool wants to know.
#define MUTANT_REACHED ((volatile uint8_t *)0x21000000)

static inline int32_t mutantAt(int32_t root, int32_t first, int32_t count) {
    MUTANT_REACHED[root] = 1;
    int32_t index = MUTANT_ACTIVE - first;
    return index >= 0 && index < count ? index + 1 : 0;
}

static inline bool mutantIs(int32_t root, int32_t number) { return mutantAt(root, number, 1) == 1; }
static inline bool mutantIsNot(int32_t root, int32_t number) { return mutantAt(root, number, 1) == 0; }
