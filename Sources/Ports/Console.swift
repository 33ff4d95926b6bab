internal import CLinux

/// The terminal in front of a person, taken for pictures and single keys. It is given back when this goes out of scope,
/// and also when the process crashes.
public struct Console: ~Copyable, Sendable {
    private let input: Int32
    private let output: Int32

    /// What a terminal shows at once.
    public struct Size: Equatable, Sendable {
        public let columns: Int
        public let rows: Int

        public init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    /// - Parameters:
    ///   - input: where keys come from; of the same terminal as the output.
    ///   - output: where pictures go. `.busy` when this process has taken a terminal already.
    public init(input: Int32, output: Int32) throws(PortError) {
        try Linux.checked(.configure, clinux_enter_console(output))
        self.input = input
        self.output = output
    }

    deinit { clinux_leave_console() }

    /// 80 by 24 where the terminal does not know.
    public var size: Size {
        var (columns, rows): (UInt16, UInt16) = (0, 0)
        // SAFETY: the call writes two numbers to variables that outlive it.
        let status = unsafe clinux_console_size(output, &columns, &rows)
        guard status >= 0, columns > 0, rows > 0 else { return Size(columns: 80, rows: 24) }
        return Size(columns: Int(columns), rows: Int(rows))
    }

    /// What was typed by the deadline; nothing when that is nothing. `.hungUp` when the terminal is gone.
    public func keys(by deadline: MonotonicInstant) throws(PortError) -> [UInt8] {
        let events = try Linux.wait(input, for: .readable, by: deadline)
        if events.isEmpty { return [] }
        var typed = [UInt8](repeating: 0, count: 256)
        var room = typed.mutableSpan
        let count = Linux.read(input, into: &room)
        if count > 0 { return Array(typed[..<count]) }
        if events.isHangUp || Linux.isHangUp(count) { throw .hungUp(transferred: 0) }
        return []
    }

    /// Shows a text; what a terminal does not take within a moment is left out, and the next picture follows anyway.
    public func show(_ text: String) throws(PortError) {
        let bytes = Array(text.utf8)
        var done = 0
        let deadline = MonotonicInstant.now() + .milliseconds(200)
        while done < bytes.count {
            let events = try Linux.wait(output, for: .writable, by: deadline)
            if events.isEmpty { return }
            if events.isHangUp { throw .hungUp(transferred: done) }
            let sent = Linux.write(output, bytes.span.extracting(done...), toSocket: false)
            if sent < 0 && !Linux.isNothingNow(sent) { throw .system(call: .write, errno: Int32(-sent)) }
            done += max(sent, 0)
        }
    }
}
