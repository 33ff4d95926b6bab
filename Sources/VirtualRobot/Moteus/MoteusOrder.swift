import Actuators

/// A controller that acts late on what it is told. A new mode counts at once, and whatever was told in the one before it
/// never does.
struct MoteusLate: Equatable, Sendable {
    /// An order and how many came before it, so that the same once more is another one.
    private struct Numbered: Equatable, Sendable {
        var number = 0
        var order: MoteusOrder
    }

    private(set) var milliseconds = 0
    private var ring: LateCommands<Numbered>?
    private var told = Numbered(order: MoteusOrder(.stopped))
    private var obeyed = 0

    init() {}

    init(_ milliseconds: Int, _ order: MoteusOrder) {
        self.milliseconds = milliseconds
        told.order = order
        ring = LateCommands(rounds: milliseconds, filled: told)
    }

    /// What was told last, where it does not count yet.
    var pending: MoteusOrder? { told.number == obeyed ? nil : told.order }

    /// Keeps an order for later, or is told that it counts now.
    mutating func holds(_ next: MoteusOrder, in mode: Moteus.Mode) -> Bool {
        guard ring != nil else { return false }
        told = Numbered(number: told.number + 1, order: next)
        if next.mode == mode { return true }
        ring?.fill(with: told)
        obeyed = told.number
        return false
    }

    /// What begins to count in this round; nil where it goes on as it was.
    mutating func pass() -> MoteusOrder? {
        guard let due = ring?.pass(told), due.number != obeyed else { return nil }
        obeyed = due.number
        return due.order
    }
}

/// The command in force: a mode, and whatever was written after it.
///
/// Writing the mode forgets everything before it; that is why a frame must begin with it.
struct MoteusOrder: Equatable, Sendable {
    let mode: Moteus.Mode
    private var numbers: [UInt16: Double] = [:]

    init(_ mode: Moteus.Mode) { self.mode = mode }

    /// In units of the register; nil where the wire says "not set".
    subscript(register: UInt16) -> Double? {
        get {
            let register = Self.unshadowed(register)
            return numbers[register].map { $0.isNaN ? nil : $0 } ?? Self.unwritten(register)
        }
        set { numbers[Self.unshadowed(register)] = newValue ?? .nan }
    }

    static func takes(_ register: UInt16) -> Bool {
        switch register {
        case 0x010...0x012, 0x014...0x016, 0x018...0x01E, 0x020...0x02D, 0x040...0x048: true
        default: false
        }
    }

    /// The registers of the mode that stays within are others' second names, but for the two bounds.
    private static func unshadowed(_ register: UInt16) -> UInt16 {
        switch register {
        case 0x042: 0x022
        case 0x043: 0x023
        case 0x044: 0x024
        case 0x045: 0x025
        case 0x046: 0x027
        case 0x047: 0x02B
        case 0x048: 0x02D
        default: register
        }
    }

    private static func unwritten(_ register: UInt16) -> Double? {
        switch register {
        case 0x023, 0x024, 0x02B: 1
        case 0x025, 0x026, 0x028, 0x029, 0x02A, 0x02C: nil
        default: 0
        }
    }

    var position: Double? { self[0x020] }
    var velocity: Double { self[0x021] ?? 0 }
    var torque: Double { self[0x022] ?? 0 }
    var stiffnessShare: Double { self[0x023] ?? 1 }
    /// Never more than the stiffness's.
    var dampingShare: Double { min(self[0x024] ?? 1, stiffnessShare) }
    var maximumTorque: Double? { self[0x025] }
    var stopPosition: Double? { self[0x026] }
    var integralShare: Double { self[0x02B] ?? 1 }
    var ignoresBounds: Bool { (self[0x02D] ?? 0) != 0 }

    /// Zero is the configured one, "not set" is none.
    func timeout(configured: Double) -> Double? {
        guard let own = self[0x027] else { return nil }
        let seconds = own == 0 ? configured : own
        return seconds.isNaN ? nil : seconds
    }

    /// "Not set" is the configured limit, and a negative one is none.
    func limit(_ register: UInt16, configured: Double) -> Double? {
        let limit = self[register] ?? configured
        return limit.isNaN || limit < 0 ? nil : limit
    }
}
