extension Dynamixel {
    /// Takes a stream apart into packets, in chunks of any size, for a master as well as for a servo.
    ///
    /// After damage it goes on one byte behind the beginning of what was damaged, so a good packet that the damage seemed
    /// to swallow is found all the same. Whatever arrives, it never traps and never forgets to count.
    public struct Parser: ~Copyable, Sendable {
        public enum Event: Equatable, Sendable {
            case packet(Packet)
            /// The shared answer to a fast read, in `raw`. When it is not intact, each servo's own part still may be:
            /// `FastReply` judges them one by one.
            case fastReply(isIntact: Bool)
            /// Something that began like a packet was none.
            case refused(Refusal)
        }

        public private(set) var counters = Counters()
        private let longest: Int
        private var window = StreamWindow()
        private var body = BodyCheck()
        private var parameterRange = 0..<0
        private var rawCount = 0
        /// What was handed out and goes when the parser goes on.
        private var finished = 0

        /// - Parameter longestPacket: a longer one is refused as soon as it says so; at most 1,024 bytes.
        public init(longestPacket: Int = WireBuffer.capacity) {
            longest = min(longestPacket, StreamWindow.capacity)
        }

        /// The unstuffed parameters of the packet of the last event.
        public var parameters: Span<UInt8> {
            @_lifetime(borrow self) get { window.bytes.extracting(parameterRange) }
        }

        /// The shared answer of the last event, from its header on, as far as it arrived.
        public var raw: Span<UInt8> {
            @_lifetime(borrow self) get { window.bytes.extracting(0..<rawCount) }
        }

        /// Copies as much of the chunk as there is room for. There is room again when `next` returns nil.
        public mutating func take(_ chunk: Span<UInt8>) -> Int {
            goOn()
            return window.take(chunk)
        }

        /// What the bytes so far contain; nil when more of them are needed.
        ///
        /// - Parameter afterSilence: the deadline has passed and nothing more will come, so what is incomplete is lost.
        public mutating func next(afterSilence: Bool = false) -> Event? {
            goOn()
            guard findHeader(afterSilence: afterSilence) else { return nil }
            switch examine() {
            case .incomplete: return afterSilence ? giveUp() : nil
            case .refused(let refusal): return refuse(refusal)
            case .complete(let head): return head.isFastReply ? share(head) : hand(over: head)
            }
        }

        /// Drops what is not understood yet: a new request is about to be answered.
        public mutating func forget() {
            goOn()
            counters.skippedBytes &+= UInt64(window.count)
            window.drop(window.count)
            body = BodyCheck()
        }

        private mutating func goOn() {
            guard finished > 0 else { return }
            window.drop(finished)
            finished = 0
            rawCount = 0
            parameterRange = 0..<0
            body = BodyCheck()
        }

        /// Skips to the next header. What may become one stays.
        private mutating func findHeader(afterSilence: Bool) -> Bool {
            while window.count > 0 {
                let matched = matchedHeader()
                if matched == 4 { return true }
                if matched == window.count && !afterSilence { return false }
                skipByte()
            }
            return false
        }

        private func matchedHeader() -> Int {
            let header: [4 of UInt8] = [0xFF, 0xFF, 0xFD, 0x00]
            var matched = 0
            while matched < 4 && matched < window.count && window[matched] == header[matched] { matched += 1 }
            return matched
        }

        private mutating func skipByte() {
            window.drop(1)
            counters.skippedBytes &+= 1
            body = BodyCheck()
        }
    }
}

// What a candidate turns out to be.
extension Dynamixel.Parser {
    private enum Finding {
        case incomplete
        case refused(Dynamixel.Refusal)
        case complete(Head)
    }

    private struct Head {
        let target: Dynamixel.Target
        let instruction: UInt8
        let end: Int

        var isStatus: Bool { instruction == Dynamixel.Instruction.statusCode }
        var isFastReply: Bool { isStatus && target == .everyone }
        var bodyEnd: Int { end - Dynamixel.Layout.checksumBytes }
    }

    private mutating func examine() -> Finding {
        guard window.count >= Dynamixel.Layout.parameters else { return .incomplete }
        guard let target = Dynamixel.Target(code: window[Dynamixel.Layout.target]) else { return .refused(.identity) }
        let length = Int(window[Dynamixel.Layout.length]) | Int(window[Dynamixel.Layout.length + 1]) << 8
        let end = length + Dynamixel.Layout.uncounted
        let head = Head(target: target, instruction: window[Dynamixel.Layout.instruction], end: end)
        guard length >= (head.isStatus ? 4 : 3), end <= longest else { return .refused(.length) }
        guard readBody(of: head) else { return .refused(.stuffing) }
        guard window.count >= end else { return .incomplete }
        guard head.isFastReply || body.isClosed else { return .refused(.stuffing) }
        guard head.isFastReply || isIntact(head) else { return .refused(.checksum) }
        return .complete(head)
    }

    /// Looks at each byte once, however small the chunks are. False when the body cannot be that of one packet.
    private mutating func readBody(of head: Head) -> Bool {
        while body.position < min(head.bodyEnd, window.count) {
            let byte = window[body.position]
            if head.isFastReply { body.addUnstuffed(byte) } else if !body.add(byte) { return false }
        }
        return true
    }

    private func isIntact(_ head: Head) -> Bool {
        window[head.bodyEnd] == body.checksum.low && window[head.bodyEnd + 1] == body.checksum.high
    }

    private mutating func hand(over head: Head) -> Event {
        counters.packets &+= 1
        let first = Dynamixel.Layout.parameters
        // From the instruction on: an unknown one may itself be the first byte of what was stuffed.
        let end = body.isStuffed ? unstuff(Dynamixel.Layout.instruction..<head.bodyEnd) : head.bodyEnd
        finished = head.end
        guard head.isStatus else {
            parameterRange = first..<end
            return .packet(Dynamixel.Packet(target: head.target, kind: .instruction(head.instruction)))
        }
        parameterRange = first + 1..<end
        let error = Dynamixel.StatusError(rawValue: window[first])
        return .packet(Dynamixel.Packet(target: head.target, kind: .status(error)))
    }

    /// Closes the gaps in place, and returns the new end.
    private mutating func unstuff(_ range: Range<Int>) -> Int {
        var stuffing = Dynamixel.Stuffing()
        var end = range.lowerBound
        for position in range where stuffing.receive(window[position]) != .stuffed {
            window[end] = window[position]
            end += 1
        }
        return end
    }

    private mutating func share(_ head: Head) -> Event {
        rawCount = head.end
        guard isIntact(head) else {
            count(.checksum)
            return .fastReply(isIntact: false)
        }
        counters.packets &+= 1
        finished = head.end
        return .fastReply(isIntact: true)
    }

    /// What came of a fast answer may hold whole parts of the first servos.
    private mutating func giveUp() -> Event {
        let isFastReply =
            window.count >= Dynamixel.Layout.parameters
            && window[Dynamixel.Layout.target] == Dynamixel.Target.everyoneCode
            && window[Dynamixel.Layout.instruction] == Dynamixel.Instruction.statusCode
        guard isFastReply else { return refuse(.truncated) }
        rawCount = window.count
        count(.truncated)
        return .fastReply(isIntact: false)
    }

    private mutating func refuse(_ refusal: Dynamixel.Refusal) -> Event {
        count(refusal)
        return .refused(refusal)
    }

    /// Counts a refusal. Only its first byte goes: a good packet may begin inside.
    private mutating func count(_ refusal: Dynamixel.Refusal) {
        counters.count(refusal)
        counters.skippedBytes &+= 1
        finished = 1
    }
}
