extension Feetech {
    /// An instruction as its receiver understands it. Bytes to be written stay with the parser.
    public enum Request: Equatable, Sendable {
        case ping
        case read(Region)
        /// The data is `parameters` from the second byte on.
        case write(address: UInt8)
        case registerWrite(address: UInt8)
        case action
        case syncRead(Region)
        case syncWrite(Region)

        /// Nil for an instruction that is not known or not complete.
        public init?(code: UInt8, parameters: Span<UInt8>) {
            guard let instruction = Instruction(rawValue: code) else { return nil }
            let region =
                parameters.count >= 2 ? Region(address: parameters[0], count: parameters[1]) : nil
            let request: Request? =
                switch instruction {
                case .ping: .ping
                case .action: .action
                case .read: region.map(Request.read)
                case .write: region.map { .write(address: $0.address) }
                case .registerWrite: region.map { .registerWrite(address: $0.address) }
                case .syncRead: region.map(Request.syncRead)
                case .syncWrite: region.map(Request.syncWrite)
                }
            guard let request else { return nil }
            self = request
        }

        /// One servo's part of a request for several.
        public struct Share: Equatable, Sendable {
            /// How many servos answer before this one.
            public let place: Int
            /// Where in the parameters the data of this servo lies; empty for a read.
            public let data: Range<Int>
        }

        /// The part of `id`, or nil when the request does not name it or ends before its part does.
        public func share(of id: ServoID, in parameters: Span<UInt8>) -> Share? {
            guard let width = sharedWidth else { return nil }
            var offset = 2
            var place = 0
            while offset + 1 + width <= parameters.count {
                let data = offset + 1..<offset + 1 + width
                if parameters[offset] == id.rawValue { return Share(place: place, data: data) }
                offset = data.upperBound
                place += 1
            }
            return nil
        }

        private var sharedWidth: Int? {
            switch self {
            case .syncRead: 0
            case .syncWrite(let region): Int(region.count)
            case .ping, .read, .write, .registerWrite, .action: nil
            }
        }
    }
}
