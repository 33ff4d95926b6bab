#include "cpu.h"

extern uint32_t _stack_bottom;

#define NOTE 0xFA017001u
#define REGISTER(address) (*(volatile uint32_t *)(address))

// As in `ResetCause`.
enum { WATCHDOG = 5, PROCESSOR_FAULT = 6, STACK_EXHAUSTED = 7, DOUBLE_FAULT = 9 };

__attribute__((section(".noinit"))) static struct reset_note note;
static uint8_t rings[2][CPU_RING_SIZE];
static volatile uint32_t faults_twice;

struct reset_note *cpu_reset_note(void) { return &note; }
uint8_t *cpu_ring(uint32_t number) { return rings[number & 1u]; }

__attribute__((noreturn)) static void reset(void) {
    REGISTER(0xE000ED0Cu) = 0x05FA0004u;
    __asm volatile("dsb" ::: "memory");
    for (;;) { }
}

__attribute__((noreturn)) void cpu_die(uint32_t cause, uint32_t hung_ticks) {
    __asm volatile("cpsid i" ::: "memory");
    board_outputs_off();
    note.cause = cause;
    note.hung_ticks = hung_ticks;
    note.address = 0;
    note.magic = NOTE;
    reset();
}

// Outputs first. The stack pointer of the program is wrong when the stack is exhausted, so its frame is read only when
// it lies where it should.
__attribute__((used, noreturn)) void note_fault(uint32_t program_stack, uint32_t link, uint32_t is_hard) {
    board_outputs_off();
    if (faults_twice && !is_hard) {
        faults_twice = 2;
        REGISTER(0x60000000u) = 1;
    }
    uint32_t bottom = (uint32_t)&_stack_bottom;
    int isInProgram = (link & 4u) != 0;
    int isExhausted = isInProgram && (program_stack < bottom + 32u || (REGISTER(0xE000ED28u) & 0x1010u) != 0);
    note.cause = faults_twice == 2 ? DOUBLE_FAULT : isExhausted ? STACK_EXHAUSTED : PROCESSOR_FAULT;
    note.status = REGISTER(0xE000ED28u);
    note.address = isInProgram && !isExhausted ? ((const uint32_t *)program_stack)[6] : 0;
    note.hung_ticks = 0;
    note.magic = NOTE;
    reset();
}

__attribute__((naked)) void Fault_Handler(void) {
    __asm volatile("mrs r0, psp\n mov r1, lr\n movs r2, #0\n b note_fault");
}

__attribute__((naked)) void HardFault_Handler(void) {
    __asm volatile("mrs r0, psp\n mov r1, lr\n movs r2, #1\n b note_fault");
}

// An interrupt that nobody asked for.
void Default_Handler(void) { cpu_die(PROCESSOR_FAULT, 0); }

void cpu_store_nowhere(void) { REGISTER(0x60000000u) = 1; }

void cpu_jump_nowhere(void) { ((void (*)(void))0x60000001u)(); }

void cpu_fault_twice(void) {
    faults_twice = 1;
    cpu_store_nowhere();
}

__attribute__((noinline)) static uint32_t descend(uint32_t depth) {
    volatile uint32_t room[64];
    room[depth & 63u] = depth;
    return descend(depth + 1) + room[(depth + 1) & 63u];
}

void cpu_exhaust_stack(void) { (void)descend(0); }

// The linker makes these "addresses" out of the hash of the sources.
extern char firmware_build_high, firmware_build_low;
uint32_t cpu_build_high(void) { return (uint32_t)&firmware_build_high; }
uint32_t cpu_build_low(void) { return (uint32_t)&firmware_build_low; }

// The board's watchdog warns before it resets. The loop is past warning.
void Watchdog_Handler(void) { cpu_die(WATCHDOG, 0); }
