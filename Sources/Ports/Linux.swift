internal import CLinux
internal import Glibc

/// The calls of Linux that ports make, with typed errors. Only this type, `Descriptor` and the clock touch `CLinux`.
enum Linux {
    /// What `wait` saw.
    struct Events: Equatable {
        let bits: Int32

        /// Whether anything happened before the deadline.
        var isEmpty: Bool { bits == 0 }
        var isHangUp: Bool { bits & (POLLHUP | POLLERR | POLLNVAL) != 0 }

        static let none = Events(bits: 0)
        static let readable = Events(bits: POLLIN)
        static let writable = Events(bits: POLLOUT)
    }

    static func wait(
        _ descriptor: Int32, for events: Events, by deadline: MonotonicInstant
    ) throws(PortError) -> Events {
        Events(bits: try checked(.wait, clinux_wait(descriptor, events.bits, deadline.nanoseconds)))
    }

    static func sleep(until deadline: MonotonicInstant) { clinux_sleep(deadline.nanoseconds) }

    /// The number of bytes, or the negated errno.
    static func read(_ descriptor: Int32, into buffer: inout MutableSpan<UInt8>, from start: Int = 0) -> Int {
        // SAFETY: the kernel writes at most `count` bytes into a buffer that is ours for the time of the call; a
        // `start` outside of it stops the program.
        unsafe buffer.withUnsafeMutableBufferPointer { all in
            let rest = unsafe UnsafeMutableBufferPointer(rebasing: all[start...])
            return unsafe Int(clinux_read(descriptor, rest.baseAddress, rest.count))
        }
    }

    /// The number of bytes, or the negated errno.
    static func write(_ descriptor: Int32, _ bytes: Span<UInt8>, toSocket: Bool) -> Int {
        // SAFETY: the kernel reads at most `count` bytes of a buffer that outlives the call.
        unsafe bytes.withUnsafeBufferPointer { bytes in
            toSocket
                ? unsafe Int(clinux_send(descriptor, bytes.baseAddress, bytes.count))
                : unsafe Int(clinux_write(descriptor, bytes.baseAddress, bytes.count))
        }
    }

    /// All of it, to whoever still takes it.
    static func say(_ words: LastWords, to descriptor: Int32) {
        let end = MonotonicInstant.now() + LastWords.patience
        var done = 0
        while done < words.count {
            guard let room = try? wait(descriptor, for: .writable, by: end), !room.isEmpty, !room.isHangUp else {
                return
            }
            let rest = words.storage.span.extracting(done..<words.count)
            var sent = write(descriptor, rest, toSocket: true)
            if sent == -Int(ENOTSOCK) { sent = write(descriptor, rest, toSocket: false) }
            guard sent > 0 || isNothingNow(sent) else { return }
            done += max(sent, 0)
        }
    }

    /// Errors that mean that the other side is gone.
    static func isHangUp(_ code: Int) -> Bool {
        switch Int32(-code) {
        case EIO, ENXIO, ENODEV, EPIPE, ECONNRESET: true
        default: false
        }
    }

    static func isNothingNow(_ code: Int) -> Bool { code == -Int(EAGAIN) }

    /// `status` when it is no error.
    @discardableResult
    static func checked(_ call: PortCall, _ status: Int32) throws(PortError) -> Int32 {
        if status < 0 { throw error(of: call, code: -status) }
        return status
    }

    static func error(of call: PortCall, code: Int32) -> PortError {
        switch code {
        case EBUSY, EADDRINUSE: .busy
        case EACCES, EPERM: .notPermitted
        case ENOENT, ENXIO, ENODEV: .missing
        case EIO: .hungUp(transferred: 0)
        default: .system(call: call, errno: code)
        }
    }
}
