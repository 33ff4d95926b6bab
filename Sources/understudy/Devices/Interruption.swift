import Glibc

/// Ctrl-C, a request to end and a terminal that was closed, as questions that can be asked instead of an end in the middle of a write.
enum Interruption {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// From now on these signals wait until somebody asks.
    static func hold() {
        var set = sigset_t()
        // SAFETY: both calls only touch the set that they are given; nil because the old set is not wanted.
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    static var hasCome: Bool {
        var set = sigset_t()
        // SAFETY: the calls only fill and read the set that they are given.
        guard unsafe sigpending(&set) == 0 else { return false }
        return signals.contains { unsafe sigismember(&set, $0) == 1 }
    }
}

/// What somebody does at the keyboard, or does not.
enum Press {
    case none, enter
    /// Nobody will press anything any more.
    case ended
}

/// Whether somebody presses Enter within so many milliseconds.
func pressOnInput(within time: Int32) -> Press {
    var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    // SAFETY: the call reads and fills one value that outlives it.
    guard unsafe poll(&descriptor, 1, time) > 0 else { return .none }
    var bytes = [UInt8](repeating: 0, count: 256)
    // SAFETY: the call writes at most the bytes that the array has.
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
    guard count > 0 else { return .ended }
    return bytes.prefix(count).contains(0x0A) ? .enter : .none
}

/// A line from standard input without its end; nil when there is none any more, or when somebody wants this to end.
func lineFromInput() -> String? {
    var bytes: [UInt8] = []
    while true {
        var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        // SAFETY: the call reads and fills one value that outlives it.
        let ready = unsafe poll(&descriptor, 1, 100)
        if Interruption.hasCome { return nil }
        if ready == 0 || ready < 0 && errno == EINTR { continue }
        var byte: UInt8 = 0
        // SAFETY: the call writes at most one byte into a variable that outlives it.
        guard unsafe read(0, &byte, 1) == 1 else { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
        if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
        if bytes.count < 4_096 { bytes.append(byte) }
    }
}
