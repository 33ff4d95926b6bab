#include "cpu.h"

extern uint32_t _sidata, _sdata, _edata, _sbss, _ebss;
extern uint32_t _stack_guard, _stack_bottom, _stack_top, _canary_low, _canary_high;
extern int main(int, char **);

#define PAINT 0x5AFEC0DEu
#define CANARY 0xCA9A817Du
#define REGISTER(address) (*(volatile uint32_t *)(address))

static void write_canary(uint32_t *canary) { for (int i = 0; i < 4; i++) canary[i] = CANARY ^ (uint32_t)i; }

static int32_t lives(const volatile uint32_t *canary) {
    for (int i = 0; i < 4; i++) if (canary[i] != (CANARY ^ (uint32_t)i)) return 0;
    return 1;
}

int32_t cpu_canaries_live(void) { return lives(&_canary_low) && lives(&_canary_high); }

void cpu_damage_memory(void) { ((volatile uint32_t *)&_canary_high)[2] = 0; }

uint32_t cpu_stack_size(void) { return (uint32_t)&_stack_top - (uint32_t)&_stack_bottom; }

uint32_t cpu_stack_used(void) {
    const volatile uint32_t *word = &_stack_bottom;
    while (word < &_stack_top && *word == PAINT) word++;
    return (uint32_t)&_stack_top - (uint32_t)word;
}

// The lowest words of the stack may not be touched: a region of the protection unit without any access.
static void guard_stack(void) {
    REGISTER(0xE000ED98u) = 0;                                   // region 0
    REGISTER(0xE000ED9Cu) = (uint32_t)&_stack_guard;
    REGISTER(0xE000EDA0u) = 1u << 28 | 7u << 1 | 1u;             // 256 bytes, no access, not executable
    REGISTER(0xE000ED94u) = 5u;                                  // on; elsewhere the default map holds
    __asm volatile("dsb\n isb" ::: "memory");
}

__attribute__((noreturn, used)) static void start(void) {
    for (uint32_t *from = &_sidata, *to = &_sdata; to < &_edata;) *to++ = *from++;
    for (uint32_t *to = &_sbss; to < &_ebss;) *to++ = 0;
    write_canary(&_canary_low);
    write_canary(&_canary_high);
    REGISTER(0xE000ED24u) |= 7u << 16;                           // memory, bus and usage faults have handlers
    REGISTER(0xE000ED14u) |= 1u << 4;                            // so has a division by zero
    guard_stack();
    main(0, 0);
    for (;;) { }
}

// The program runs on the process stack, handlers on the main one: they work when the program's stack is exhausted.
// Paints before it switches, since nothing may be lying there yet.
__attribute__((naked, noreturn)) void Reset_Handler(void) {
    __asm volatile(
        "cpsid i\n"
        "ldr r0, =0xE000ED88\n ldr r1, [r0]\n orr r1, r1, #0xF00000\n str r1, [r0]\n dsb\n isb\n"  // float unit on
        "ldr r0, =_stack_bottom\n ldr r1, =_stack_top\n ldr r2, =%c0\n"
        "1: str r2, [r0], #4\n cmp r0, r1\n blo 1b\n"
        "msr psp, r1\n movs r0, #2\n msr control, r0\n isb\n"
        "b %c1\n" :: "i"(PAINT), "i"(start));
}
