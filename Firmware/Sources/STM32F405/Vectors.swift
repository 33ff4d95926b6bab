import BoardApplication
import CPU

@c(SysTick_Handler) public func tickHandler() { TickClock.pass() }
@c(USART1_IRQHandler) public func lineHandler() { Line.receive() }
@c(board_outputs_off) public func outputsOff() { Stages.off() }

typealias Vector = @convention(c) () -> Void

// The first word, where the handlers' stack begins, comes from the linker.
@section(".isr_vector") @used
let vectorTable:
    (
        // Reset, non-maskable, hard fault, memory, bus and usage fault; calls, the debugger, and the tick.
        Vector, Vector, Vector, Vector, Vector, Vector,
        UInt32, UInt32, UInt32, UInt32, Vector, Vector, UInt32, Vector, Vector,
        // The chip's own, 0 to 36.
        Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector,
        Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector,
        Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector,
        Vector, Vector, Vector, Vector, Vector, Vector, Vector,
        // 37: the line.
        Vector
    ) = (
        Reset_Handler, Default_Handler, HardFault_Handler, Fault_Handler, Fault_Handler, Fault_Handler,
        0, 0, 0, 0, Default_Handler, Default_Handler, 0, Default_Handler, tickHandler,
        Default_Handler, Default_Handler, Default_Handler, Default_Handler, Default_Handler,
        Default_Handler, Default_Handler, Default_Handler, Default_Handler, Default_Handler,
        Default_Handler, Default_Handler, Default_Handler, Default_Handler, Default_Handler,
        Default_Handler, Default_Handler, Default_Handler, Default_Handler, Default_Handler,
        Default_Handler, Default_Handler, Default_Handler, Default_Handler, Default_Handler,
        Default_Handler, Default_Handler, Default_Handler, Default_Handler, Default_Handler,
        Default_Handler, Default_Handler, Default_Handler, Default_Handler, Default_Handler,
        Default_Handler, Default_Handler,
        lineHandler
    )
