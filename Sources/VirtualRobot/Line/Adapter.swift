/// The chip between the wire and the computer: keeps what it received until its packet is full or its timer runs out.
struct Adapter: Sendable {
    /// What fits into one packet to the computer beside the two bytes that say how the line is.
    private static let packet = 62

    var timer: Int64
    private var kept: [UInt8] = []
    private var sentOff = BusInstant.start
    private(set) var due = BusInstant.never

    init(timer: Int64) { self.timer = timer }

    /// What goes to the computer at once.
    mutating func receive(_ bytes: [UInt8], at instant: BusInstant) -> [UInt8] {
        guard timer > 0 else { return kept.isEmpty ? bytes : release(at: instant) + bytes }
        if kept.isEmpty { due = nextTick(after: instant) }
        kept += bytes
        let full = kept.count / Self.packet * Self.packet
        guard full > 0 else { return [] }
        let out = Array(kept[..<full])
        kept.removeFirst(full)
        sentOff = instant
        due = kept.isEmpty ? .never : nextTick(after: instant)
        return out
    }

    mutating func release(at instant: BusInstant) -> [UInt8] {
        let out = kept
        kept = []
        sentOff = instant
        due = .never
        return out
    }

    /// The timer runs on while nothing happens: an empty packet leaves at each of its ends.
    private func nextTick(after instant: BusInstant) -> BusInstant {
        let periods = (instant - sentOff) / timer + 1
        return sentOff + periods * timer
    }
}
