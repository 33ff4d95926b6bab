extension Dynamixel {
    /// Why something that began like a packet was none.
    public enum Refusal: UInt8, Error, CaseIterable, Sendable {
        /// Nobody may have this number.
        case identity
        /// Shorter than any packet, or longer than this bus allows.
        case length
        /// A new packet begins inside, so this one lost its end.
        case stuffing
        case checksum
        /// The rest did not come in time.
        case truncated
    }

    /// What a stream has held so far. The counts wrap around.
    ///
    /// Each byte that was taken is part of a packet, skipped, or still waiting.
    public struct Counters: Sendable {
        /// Whole packets, shared answers included.
        public internal(set) var packets: UInt64 = 0
        public internal(set) var skippedBytes: UInt64 = 0
        private var refusals = InlineArray<5, UInt64>(repeating: 0)

        public subscript(refusal: Refusal) -> UInt64 { refusals[Int(refusal.rawValue)] }

        mutating func count(_ refusal: Refusal) { refusals[Int(refusal.rawValue)] &+= 1 }
    }

    /// What is known of a candidate's bytes up to `position`.
    struct BodyCheck {
        private(set) var position = 0
        private(set) var checksum = Checksum()
        private(set) var isStuffed = false
        private var stuffing = Stuffing()

        var isClosed: Bool { stuffing.isClosed }

        mutating func addUnstuffed(_ byte: UInt8) {
            checksum.add(byte)
            position += 1
        }

        /// False when a new packet begins here.
        mutating func add(_ byte: UInt8) -> Bool {
            let isInBody = position >= Layout.instruction
            addUnstuffed(byte)
            guard isInBody else { return true }
            let finding = stuffing.receive(byte)
            if finding == .stuffed { isStuffed = true }
            return finding != .bare
        }
    }
}
