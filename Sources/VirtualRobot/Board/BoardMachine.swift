/// A microcontroller that QEMU pretends to be, and for which there is an image of the board's program.
public enum BoardMachine: String, CaseIterable, Sendable {
    /// The chip of our board.
    case stm32F405 = "STM32F405"
    /// Another maker's registers around the same core.
    case mps2AN386 = "MPS2AN386"

    var name: String {
        switch self {
        case .stm32F405: "netduinoplus2"
        case .mps2AN386: "mps2-an386"
        }
    }

    static var emulator: String { "qemu-system-arm" }

    /// Time passes with the instructions and not with a clock, so that a run is the same on every machine: every
    /// instruction takes 4 ns, as in a processor that needs a bit less than one cycle for each.
    static var nanosecondsPerInstruction: Double { 4 }

    /// How fast the timer counts that an answer's `busy` is measured with.
    private var stepsPerSecond: Double {
        switch self {
        case .stm32F405: 168e6
        case .mps2AN386: 25e6
        }
    }

    /// How many instructions that was, to a handful.
    public func instructions(busy: UInt32) -> Double {
        Double(busy) / stepsPerSecond * 1e9 / Self.nanosecondsPerInstruction
    }

    /// Everything comes and goes through pipes in the emulator's folder.
    func words(image: String) -> [String] {
        [
            "-machine", name, "-display", "none", "-monitor", "none", "-icount", "shift=2,sleep=off",
            "-chardev", "pipe,id=line,path=line", "-serial", "chardev:line",
            "-semihosting-config", "enable=on,target=native", "-kernel", image,
        ]
    }

    static var pipes: [String] { ["requests", "answers", "line.in", "line.out"] }
}
