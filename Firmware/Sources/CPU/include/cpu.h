#pragma once
#include <stdint.h>

// What Swift cannot say: single instructions, addresses that the linker knows, memory with a fixed place.

static inline void cpu_wait(void)             { __asm volatile("wfi" ::: "memory"); }
static inline void cpu_interrupts_on(void)    { __asm volatile("cpsie i" ::: "memory"); }
static inline void cpu_interrupts_off(void)   { __asm volatile("cpsid i" ::: "memory"); }
static inline void cpu_barrier(void)          { __asm volatile("dsb\n isb" ::: "memory"); }

// A request to the debugger or simulator outside. On silicon without one it is a fault: never called there.
static inline int32_t cpu_ask_outside(uint32_t operation, const void *arguments) {
    register uint32_t r0 __asm("r0") = operation;
    register const void *r1 __asm("r1") = arguments;
    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return (int32_t)r0;
}

// Three words that such a request wants.
struct outside_arguments { uint32_t first, second, third; };

// What outlives a reset: why the program ended. `magic` says whether the rest means anything.
struct reset_note {
    uint32_t magic;
    uint32_t cause;
    uint32_t address;      // of the instruction at fault
    uint32_t status;       // the processor's own words for it
    uint32_t hung_ticks;   // for how many ticks the loop had not come round
    uint32_t starts;       // since the power came
    uint32_t alive;        // set while the program runs
};
struct reset_note *cpu_reset_note(void);

// A ring's bytes: how many and where.
#define CPU_RING_SIZE 2048u
uint8_t *cpu_ring(uint32_t number);

// Ends the program: outputs off, a note for the next start, reset. Never returns.
__attribute__((noreturn)) void cpu_die(uint32_t cause, uint32_t hung_ticks);

// The board's own way of switching every power stage off, without memory or stack worth mentioning.
void board_outputs_off(void);

// The painted stack: how much of it was ever used, and how much there is.
uint32_t cpu_stack_used(void);
uint32_t cpu_stack_size(void);

// Whether the words around the program's data are still what start-up made them.
int32_t cpu_canaries_live(void);

// Ways to go wrong, for tests.
void cpu_store_nowhere(void);
void cpu_jump_nowhere(void);
void cpu_exhaust_stack(void);
void cpu_damage_memory(void);
void cpu_fault_twice(void);

// Of the program's source; the linker is told.
uint32_t cpu_build_high(void);
uint32_t cpu_build_low(void);

void Reset_Handler(void);
void HardFault_Handler(void);
void Fault_Handler(void);
void Default_Handler(void);
void Watchdog_Handler(void);
