import Glibc
import Ledger
import Ports

/// The process that writes to a robot's ledger, if one does: the lock beside the ledger says which, so that no number of
/// a process that ended long ago is ever signalled.
struct GuardProcess {
    let state: String

    private var lockPath: String { "\(state)/\(LedgerReader.fileName).lock" }

    /// Nil when nobody holds the lock.
    var number: Int32? {
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe open(lockPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32)
        // SAFETY: at most as many bytes are written as the array has.
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int32($0) }.flatMap { $0 > 1 ? $0 : nil }
    }

    /// What became of it.
    enum End: Equatable {
        /// There was none.
        case noGuard
        case ended
        /// It did not end in time, and was ended from outside.
        case killed
        /// It lives, and this user may not end it.
        case notPermitted(Int32)
    }

    /// Asks it to end, which stops the robot, and waits; ends it where it does not.
    func end(within patience: Duration) -> End {
        guard let number else { return .noGuard }
        guard kill(number, SIGTERM) == 0 else { return errno == EPERM ? .notPermitted(number) : .noGuard }
        // One that somebody has halted hears of it only when it goes on.
        kill(number, SIGCONT)
        let deadline = MonotonicInstant.now() + patience
        while self.number == number {
            if MonotonicInstant.now() >= deadline { return killed(number) }
            MonotonicInstant.sleep(until: .now() + .milliseconds(20))
        }
        return .ended
    }

    /// Only when it is gone is its port free.
    private func killed(_ number: Int32) -> End {
        kill(number, SIGKILL)
        let deadline = MonotonicInstant.now() + .seconds(5)
        while self.number == number, MonotonicInstant.now() < deadline {
            MonotonicInstant.sleep(until: .now() + .milliseconds(5))
        }
        return .killed
    }
}
