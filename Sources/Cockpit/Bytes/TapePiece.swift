import Actuators
import Ports

/// A piece of a tape: small, of one size, and without references, so that putting it into a ring is a copy.
struct TapePiece: Sendable {
    enum Kind: UInt8 {
        /// A bus is told to do something: `number` is by when, `second` when.
        case begins
        /// It has done it.
        case ends
        /// A reading of the clock.
        case clock
        /// Bytes of the step that follows, or more of them.
        case bytes
        /// The goals of the verb under way, or more of them: five bytes each.
        case goals
        case wrote, read, slept
        /// `second` bytes were thrown away.
        case discarded
        /// `number` pieces found no room.
        case lost
    }

    /// How a step can fail. What is neither of the first two, drivers treat alike.
    enum Failure: UInt8 { case none, timedOut, hungUp, failed }

    static let room = 48

    var kind: Kind
    var failure = Failure.none
    var verb = BusVerb.identify
    var count: UInt8 = 0
    var rotation: UInt32 = 0
    var number: Int64 = 0
    var second: Int64 = 0
    var bytes = InlineArray<48, UInt8>(repeating: 0)

    init(_ kind: Kind, number: Int64 = 0) {
        self.kind = kind
        self.number = number
    }

    init(_ kind: Kind, _ error: PortError?) {
        self.kind = kind
        switch error {
        case nil: break
        case .timedOut(let transferred)?:
            failure = .timedOut
            number = Int64(transferred)
        case .hungUp(let transferred)?:
            failure = .hungUp
            number = Int64(transferred)
        case .some: failure = .failed
        }
    }
}

extension TapePiece.Failure {
    /// The letter that stands for it in a recording.
    var letter: String {
        switch self {
        case .none: ""
        case .timedOut: "t"
        case .hungUp: "h"
        case .failed: "x"
        }
    }
}
