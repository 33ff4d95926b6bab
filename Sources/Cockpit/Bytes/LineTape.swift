import Actuators
import Ports
import Quantities
import Threads

/// What goes on at the line of a robot, for another thread to write down. Takes no memory and no lock, and waits for
/// nobody: what finds the ring full is counted, and so is all that follows until the bus is told something new.
///
/// `@unchecked` stands for this: the port and the bus that have it are on the one thread that owns the robot, and nobody
/// else calls it; `takePieces` hands the other end out before that thread begins.
final class LineTape: PortWitness, BusWitness, @unchecked Sendable {
    private var pieces: RingProducer<TapePiece>
    private var otherEnd: RingConsumer<TapePiece>?
    /// What happens between two calls, such as waiting for a tick, decides nothing on the bus.
    private var isListening = false
    private var isLosing = false
    private var lost: Int64 = 0
    private let patience: Duration

    /// With room for so many pieces, a power of two: half a minute of the slowest robot, seconds of the quickest. Where
    /// time stands still meanwhile, there is patience until there is room.
    init(capacity: Int = 32_768, patience: Duration = .zero) {
        self.patience = patience
        let ring = Ring<TapePiece>(capacity: capacity)
        pieces = ring.producer
        let consumer = ring.consumer
        otherEnd = consume consumer
    }

    /// The end that takes out, once.
    func takePieces() -> RingConsumer<TapePiece>? { otherEnd.take() }

    private func put(_ piece: TapePiece) {
        guard !isLosing else {
            lost += 1
            return
        }
        guard !pieces.append(piece, waiting: patience) else { return }
        isLosing = true
        lost += 1
    }

    // MARK: the bus

    func begins(_ verb: BusVerb, by deadline: MonotonicInstant, at now: MonotonicInstant, rotation: UInt32) {
        isListening = true
        if isLosing, pieces.append(TapePiece(.lost, number: lost)) {
            isLosing = false
            lost = 0
        }
        var piece = TapePiece(.begins, number: deadline.nanoseconds)
        (piece.verb, piece.second, piece.rotation) = (verb, now.nanoseconds, rotation)
        put(piece)
    }

    func heard(_ goals: borrowing PerJoint<JointGoal>, of joints: JointCount) {
        var piece = TapePiece(.goals)
        var position: UInt8 = 0
        while let joint = joints.joint(at: position) {
            position += 1
            let (kind, value) = goals[joint].parts
            let bits = value.bitPattern
            let place = Int(piece.count)
            piece.bytes[place] = kind
            for byte in 0..<4 { piece.bytes[place + 1 + byte] = UInt8(truncatingIfNeeded: bits >> (8 * UInt32(byte))) }
            piece.count += 5
            if Int(piece.count) + 5 > TapePiece.room {
                put(piece)
                piece.count = 0
            }
        }
        if piece.count > 0 { put(piece) }
    }

    func ends() {
        put(TapePiece(.ends))
        isListening = false
    }

    // MARK: the port

    func heard(_ bytes: Span<UInt8>) {
        guard isListening else { return }
        var piece = TapePiece(.bytes)
        for place in bytes.indices {
            piece.bytes[Int(piece.count)] = bytes[place]
            piece.count += 1
            if Int(piece.count) == TapePiece.room {
                put(piece)
                piece.count = 0
            }
        }
        if piece.count > 0 { put(piece) }
    }

    func saw(_ step: PortStep) {
        guard isListening else { return }
        switch step {
        case .clock(let now): put(TapePiece(.clock, number: now.nanoseconds))
        case .wrote(let error): put(TapePiece(.wrote, error))
        case .read(let error): put(TapePiece(.read, error))
        case .slept(let error): put(TapePiece(.slept, error))
        case .discarded(let count, let error):
            var piece = TapePiece(.discarded, error)
            piece.second = Int64(count)
            put(piece)
        }
    }
}

extension JointGoal {
    /// Kind and value, as a tape has them.
    fileprivate var parts: (UInt8, Float) {
        switch self {
        case .position(let goal): (0, goal.value)
        case .speed(let goal): (1, goal.value)
        case .effort(let goal): (2, goal.value)
        }
    }
}
