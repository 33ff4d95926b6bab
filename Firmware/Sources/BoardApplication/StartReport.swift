import BoardFirmware
import CPU

/// Why the program started, out of what it left behind and what the processor says; and a number for this start.
struct StartReport {
    let start: BoardStart
    let faultAddress: UInt32
    let hungTicks: UInt32

    // Neither number is likely in memory that has just got its power.
    private static var noted: UInt32 { 0xFA01_7001 }
    private static var alive: UInt32 { 0xA11C_E5ED }

    init(_ electronics: some Electronics) {
        let note = unsafe cpu_reset_note()!
        let wasAlive = unsafe note.pointee.alive == Self.alive
        if !wasAlive {
            unsafe note.pointee.magic = 0
            unsafe note.pointee.starts = 0
        }
        unsafe note.pointee.starts &+= 1
        unsafe note.pointee.alive = Self.alive
        let isNoted = unsafe note.pointee.magic == Self.noted
        unsafe note.pointee.magic = 0
        let cause = unsafe ResetCause(rawValue: UInt8(truncatingIfNeeded: note.pointee.cause))
        let fallback = electronics.resetCause(wasAlive: wasAlive)
        start = unsafe BoardStart(
            salt: note.pointee.starts ^ electronics.noise(), cause: isNoted ? cause ?? .processorFault : fallback)
        faultAddress = unsafe isNoted ? note.pointee.address : 0
        hungTicks = unsafe isNoted ? note.pointee.hung_ticks : 0
    }
}
