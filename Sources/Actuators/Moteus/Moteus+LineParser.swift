extension Moteus {
    /// Takes a stream apart into lines, in chunks of any size, for a master as well as for an adapter.
    public struct LineParser: ~Copyable, Sendable {
        public enum Event: Equatable, Sendable {
            case line(Line)
            case refused(LineRefusal)
        }

        /// What a stream has held so far. The counts wrap around.
        public struct Counters: Sendable {
            public internal(set) var lines: UInt64 = 0
            private var refusals = InlineArray<5, UInt64>(repeating: 0)

            public subscript(refusal: LineRefusal) -> UInt64 { refusals[Int(refusal.rawValue)] }

            mutating func count(_ refusal: LineRefusal) { refusals[Int(refusal.rawValue)] &+= 1 }
        }

        /// The longest line without its end. A frame of 64 bytes with all its words needs less than 160.
        public static let longestLine = 512

        public private(set) var counters = Counters()
        private let needsChecksum: Bool
        private var window = StreamWindow()
        /// How much of the window is known to hold no end of a line.
        private var searched = 0
        private var isSkipping = false

        /// - Parameter needsChecksum: refuse a line without one. One that is there is checked in any case.
        public init(needsChecksum: Bool) { self.needsChecksum = needsChecksum }

        /// Copies as much of the chunk as there is room for. There is room again when `next` returns nil.
        public mutating func take(_ chunk: Span<UInt8>) -> Int { window.take(chunk) }

        /// Throws away what has not become a line yet, and says whether there was any.
        public mutating func forget() -> Bool {
            let isBegun = window.count > 0 || isSkipping
            drop(window.count)
            isSkipping = false
            return isBegun
        }

        /// The next line; nil when it has not ended yet.
        public mutating func next() -> Event? {
            while findEnd() {
                let event = isSkipping ? nil : read(upTo: searched)
                isSkipping = false
                drop(searched + 1)
                if let event { return event }
            }
            return tooLong()
        }

        private mutating func findEnd() -> Bool {
            while searched < window.count {
                if window[searched] == Letter.newline { return true }
                searched += 1
            }
            return false
        }

        private mutating func drop(_ count: Int) {
            window.drop(count)
            searched = 0
        }

        /// What has not ended in time is thrown away up to the next end.
        private mutating func tooLong() -> Event? {
            guard isSkipping || searched > Self.longestLine else { return nil }
            drop(searched)
            guard !isSkipping else { return nil }
            isSkipping = true
            return refuse(.tooLong)
        }

        private mutating func refuse(_ refusal: LineRefusal) -> Event {
            counters.count(refusal)
            return .refused(refusal)
        }

        /// Nil for an empty line, which says nothing.
        private mutating func read(upTo end: Int) -> Event? {
            guard end <= Self.longestLine else { return refuse(.tooLong) }
            let isReturned = end > 0 && window[end - 1] == Letter.carriageReturn
            let count = isReturned ? end - 1 : end
            guard count > 0 else { return nil }
            do throws(LineRefusal) {
                let line = try Line(window.bytes.extracting(0..<(try endOfText(count))))
                counters.lines &+= 1
                return .line(line)
            } catch { return refuse(error) }
        }

        /// Checks the checksum, if there is one, and returns where the text before it ends.
        private func endOfText(_ count: Int) throws(LineRefusal) -> Int {
            let star = count - 3
            guard star > 0, window[star] == Letter.star, window[star - 1] == Letter.space else {
                guard !needsChecksum else { throw .checksum }
                return count
            }
            var checksum = LineChecksum()
            for position in 0..<star { checksum.add(window[position]) }
            guard Letter.byte(in: window.bytes, at: star + 1) == checksum.value else { throw .checksum }
            return star - 1
        }
    }
}
