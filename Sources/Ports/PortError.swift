/// Why a port could not do what it was asked.
public enum PortError: Error, Equatable, Sendable {
    /// The deadline passed; so many bytes had been moved by then.
    case timedOut(transferred: Int)
    /// The other side is gone: closed, unplugged, or its process died. So many bytes had been moved by then.
    case hungUp(transferred: Int)
    /// Another program has the port.
    case busy
    /// This user may not open it.
    case notPermitted
    /// No device with this identity is there.
    case missing
    /// So many devices answer to this identity.
    case ambiguous(count: Int)
    /// The device is there and has no interface of the kind that is needed.
    case unsuitable
    /// Another device stands at this name than the one that was looked for.
    case replaced
    /// The driver runs at another rate than it was asked for, by more than 2 %.
    case baudRefused(asked: BaudRate, got: BaudRate?)
    /// What is at the other end of a lockstep socket does not speak as it should.
    case foreign(LockstepProblem)
    /// Anything else, as the system put it.
    case system(call: PortCall, errno: Int32)
}

/// The calls of the system that a port makes.
public enum PortCall: Equatable, Sendable {
    case open, configure, claim, setBaud, getBaud, flush, wait, read, write, close
    case listen, accept, connect, pair
    case submit, watch
}
