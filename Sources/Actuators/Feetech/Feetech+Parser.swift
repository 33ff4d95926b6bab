extension Feetech {
    /// What a master knows of the answers before they come: from whom, and how long each is.
    public struct Expectation: Equatable, Sendable {
        private var ids = SIMD4<UInt64>.zero
        public let parameters: UInt8

        /// From nobody yet.
        public init(parameters: UInt8) { self.parameters = parameters }

        public init(id: ServoID, parameters: UInt8) {
            self.init(parameters: parameters)
            insert(id)
        }

        public mutating func insert(_ id: ServoID) { ids[Int(id.rawValue >> 6)] |= 1 << UInt64(id.rawValue & 63) }

        func covers(_ code: UInt8, length: Int) -> Bool {
            ids[Int(code >> 6)] >> UInt64(code & 63) & 1 != 0 && length == Int(parameters) + Layout.shortestLength
        }
    }

    /// Why something that began like a packet was none.
    public enum Refusal: UInt8, Error, CaseIterable, Sendable {
        /// Shorter than any packet, or longer than this bus allows.
        case length
        /// From another servo, or of another length, than the answer that is awaited.
        case unexpected
        case checksum
        /// The rest did not come in time.
        case truncated
    }

    /// What a stream has held so far. The counts wrap around.
    ///
    /// Each byte that was taken is part of a packet, skipped, or still waiting.
    public struct Counters: Sendable {
        public internal(set) var packets: UInt64 = 0
        public internal(set) var skippedBytes: UInt64 = 0
        private var refusals = InlineArray<4, UInt64>(repeating: 0)

        public subscript(refusal: Refusal) -> UInt64 { refusals[Int(refusal.rawValue)] }

        mutating func count(_ refusal: Refusal) { refusals[Int(refusal.rawValue)] &+= 1 }
    }

    /// Takes a stream apart into packets, in chunks of any size, for a master as well as for a servo.
    ///
    /// Two 0xFF may stand inside a packet, so a header proves little. A master says what it expects, and what does not
    /// look like that is refused before its length is waited for.
    public struct Parser: ~Copyable, Sendable {
        public enum Event: Equatable, Sendable {
            case packet(Packet)
            case refused(Refusal)
        }

        /// Nil, as for a servo, lets every packet through. It holds for what `next` looks at from now on.
        public var expectation: Expectation?
        public private(set) var counters = Counters()
        private let longest: Int
        private var window = StreamWindow()
        private var parameterRange = 0..<0
        /// What was handed out and goes when the parser goes on.
        private var finished = 0

        /// - Parameter longestPacket: a longer one is refused as soon as it says so.
        public init(longestPacket: Int = 259) { longest = longestPacket }

        /// The parameters of the packet of the last event.
        public var parameters: Span<UInt8> {
            @_lifetime(borrow self) get { window.bytes.extracting(parameterRange) }
        }

        /// Copies as much of the chunk as there is room for. There is room again when `next` returns nil.
        public mutating func take(_ chunk: Span<UInt8>) -> Int {
            goOn()
            return window.take(chunk)
        }

        /// Throws away what has not become a packet yet. For a master that begins a new transaction.
        public mutating func forget() {
            goOn()
            counters.skippedBytes &+= UInt64(window.count)
            window.drop(window.count)
        }

        /// What the bytes so far contain; nil when more of them are needed.
        ///
        /// - Parameter afterSilence: the deadline has passed and nothing more will come, so what is incomplete is lost.
        public mutating func next(afterSilence: Bool = false) -> Event? {
            goOn()
            guard findHeader(afterSilence: afterSilence) else { return nil }
            guard window.count > Layout.length else { return afterSilence ? refuse(.truncated) : nil }
            let length = Int(window[Layout.length])
            let end = length + Layout.uncounted
            guard length >= Layout.shortestLength, end <= longest else { return refuse(.length) }
            guard isExpected(length) else { return refuse(.unexpected) }
            guard window.count >= end else { return afterSilence ? refuse(.truncated) : nil }
            guard isIntact(upTo: end - 1) else { return refuse(.checksum) }
            return hand(over: end)
        }
    }
}

extension Feetech.Parser {
    private mutating func goOn() {
        window.drop(finished)
        finished = 0
        parameterRange = 0..<0
    }

    /// Skips to two 0xFF that a third does not follow. What may become that stays.
    private mutating func findHeader(afterSilence: Bool) -> Bool {
        while window.count > 0 {
            let isPossible = window[0] == 0xFF && (window.count < 2 || window[1] == 0xFF)
            if isPossible && window.count > 2 && window[2] != 0xFF { return true }
            if isPossible && window.count <= 2 && !afterSilence { return false }
            window.drop(1)
            counters.skippedBytes &+= 1
        }
        return false
    }

    private func isExpected(_ length: Int) -> Bool {
        guard let expectation else { return true }
        return expectation.covers(window[Feetech.Layout.target], length: length)
    }

    private func isIntact(upTo last: Int) -> Bool {
        var checksum = Feetech.Checksum()
        for position in Feetech.Layout.target..<last { checksum.add(window[position]) }
        return window[last] == checksum.value
    }

    private mutating func hand(over end: Int) -> Event {
        counters.packets &+= 1
        finished = end
        parameterRange = Feetech.Layout.parameters..<end - 1
        let target = Feetech.Target(code: window[Feetech.Layout.target])
        return .packet(Feetech.Packet(target: target, code: window[Feetech.Layout.code]))
    }

    /// Only the first byte goes: a good packet may begin inside.
    private mutating func refuse(_ refusal: Feetech.Refusal) -> Event {
        counters.count(refusal)
        counters.skippedBytes &+= 1
        finished = 1
        return .refused(refusal)
    }
}
