import BoardApplication
import CPU

@c(SysTick_Handler) public func tickHandler() { TickClock.pass() }
@c(UARTRX0_Handler) public func lineHandler() { Line.receive() }
/// There are none.
@c(board_outputs_off) public func outputsOff() {}

typealias Vector = @convention(c) () -> Void

// The first word, where the handlers' stack begins, comes from the linker. 0: the line.
@section(".isr_vector") @used
let vectorTable:
    (
        Vector, Vector, Vector, Vector, Vector, Vector,
        UInt32, UInt32, UInt32, UInt32, Vector, Vector, UInt32, Vector, Vector,
        Vector
    ) = (
        Reset_Handler, Watchdog_Handler, HardFault_Handler, Fault_Handler, Fault_Handler, Fault_Handler,
        0, 0, 0, 0, Default_Handler, Default_Handler, 0, Default_Handler, tickHandler,
        lineHandler
    )
