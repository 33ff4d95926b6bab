import Glibc
import Ledger
import Ports

/// The process that writes to a robot's ledger, if one does: the lock beside the ledger says which, so that no number of
/// a process that ended long ago is ever signalled.
struct GuardProcess {
    let state: String

    private var lockPath: String { "\(state)/\(LedgerReader.fileName).lock" }

    /// Who holds the lock.
    enum Holder: Equatable {
        case nobody
        case process(Int32)
        /// This user may not know.
        case hidden
    }

    var holder: Holder {
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe open(lockPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == EACCES ? .hidden : .nobody }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return .nobody }
        var bytes = [UInt8](repeating: 0, count: 32)
        // SAFETY: at most as many bytes are written as the array has.
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        let number = text.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int32($0) }
        return number.map { $0 > 1 ? .process($0) : .nobody } ?? .nobody
    }

    /// What became of it.
    enum End: Equatable {
        /// There was none.
        case noGuard
        case ended
        /// It did not end in time, and was ended from outside.
        case killed
        /// If it lives, this user may not end it.
        case notPermitted
    }

    /// Asks it to end, which stops the robot, and waits; ends it where it does not.
    func end(within patience: Duration) -> End {
        let holder = holder
        guard case .process(let number) = holder else { return holder == .hidden ? .notPermitted : .noGuard }
        guard kill(number, SIGTERM) == 0 else { return errno == EPERM ? .notPermitted : .noGuard }
        // One that somebody has halted hears of it only when it goes on.
        kill(number, SIGCONT)
        if hasEnded(number, by: .now() + patience) { return .ended }
        kill(number, SIGKILL)
        // Only when it is gone is its port free.
        _ = hasEnded(number, by: .now() + .seconds(5))
        return .killed
    }

    private func hasEnded(_ number: Int32, by deadline: MonotonicInstant) -> Bool {
        while holder == .process(number) {
            if MonotonicInstant.now() >= deadline { return false }
            MonotonicInstant.sleep(until: .now() + .milliseconds(20))
        }
        return true
    }
}
