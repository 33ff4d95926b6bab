import BoardFirmware
import CPU

/// Two named pipes beside the simulator, reached through its semihosting.
struct SimulationPort {
    private let input: UInt32
    private let output: UInt32

    private static var open: UInt32 { 1 }
    private static var write: UInt32 { 5 }
    private static var read: UInt32 { 6 }
    private static var exit: UInt32 { 0x18 }

    /// Nil when there is no such pipe.
    init?() {
        let input = Self.open("requests", mode: 1)
        let output = Self.open("answers", mode: 5)
        guard input > 0, output > 0 else { return nil }
        self.input = UInt32(bitPattern: input)
        self.output = UInt32(bitPattern: output)
    }

    private static func open(_ name: StaticString, mode: UInt32) -> Int32 {
        var arguments = unsafe outside_arguments(
            first: UInt32(UInt(bitPattern: name.utf8Start)), second: mode,
            third: UInt32(truncatingIfNeeded: name.utf8CodeUnitCount))
        return unsafe cpu_ask_outside(open, &arguments)
    }

    /// Waits for the next request; nil when nobody is there any more.
    func read() -> SimulationWords? {
        var words = SimulationWords()
        let left = unsafe withUnsafeMutablePointer(to: &words) { place in
            var arguments = outside_arguments(
                first: input, second: UInt32(UInt(bitPattern: place)), third: 160)
            return unsafe cpu_ask_outside(Self.read, &arguments)
        }
        return left == 0 ? words : nil
    }

    func write(_ words: SimulationWords) {
        var words = words
        unsafe withUnsafeMutablePointer(to: &words) { place in
            var arguments = outside_arguments(
                first: output, second: UInt32(UInt(bitPattern: place)), third: 160)
            _ = unsafe cpu_ask_outside(Self.write, &arguments)
        }
    }

    /// Ends the simulator: nobody will ask again.
    func leave() {
        // SAFETY: for this request the argument is a number, which the simulator takes for "as planned".
        _ = unsafe cpu_ask_outside(Self.exit, UnsafeRawPointer(bitPattern: 0x20026))
    }
}
