extension Moteus {
    /// One access to neighbouring registers, as a frame carries it.
    public enum Subframe: Equatable, Sendable {
        case write(Values)
        case read(start: Register, count: Int, Resolution)
        case reply(Values)
        case writeError(Register, code: UInt32)
        case readError(Register, code: UInt32)
    }

    /// Where in a payload the values of neighbouring registers lie.
    public struct Values: Equatable, Sendable {
        public let start: Register
        public let count: Int
        public let resolution: Resolution
        let offset: Int

        public func register(at position: Int) -> Register { start.following(position) }

        /// The value at a position, out of the payload that these values were found in.
        public func word(at position: Int, in payload: Payload) -> Word {
            guard position >= 0, position < count else { preconditionFailure("a register that is not there") }
            var bits: UInt32 = 0
            for byte in 0..<resolution.width {
                bits |= UInt32(payload.bytes[offset + position * resolution.width + byte]) << UInt32(8 * byte)
            }
            return Word(bits: bits, resolution)
        }
    }

    /// Why a payload makes no sense.
    public enum Malformation: Error, Equatable, Sendable {
        /// It ends in the middle.
        case truncated
        case unknownType(UInt8)
        /// A number of more than 32 bits, a register beyond 16, or more registers than a frame can hold.
        case number
    }

    /// Reads a payload from its beginning, one access at a time.
    public struct SubframeReader: Sendable {
        private let payload: Payload
        private var position = 0

        public init(_ payload: Payload) { self.payload = payload }

        /// Nil at the end.
        public mutating func next() throws(Malformation) -> Subframe? {
            while position < payload.count {
                let type = try byte()
                if type != Payload.padding { return try subframe(type) }
            }
            return nil
        }

        private mutating func subframe(_ type: UInt8) throws(Malformation) -> Subframe {
            switch type {
            case 0x00...0x0F: return .write(try values(type))
            case 0x10...0x1F:
                let count = try count(type)
                return .read(start: try register(), count: count, Self.resolution(type))
            case 0x20...0x2F: return .reply(try values(type))
            case 0x30: return .writeError(try register(), code: try number())
            case 0x31: return .readError(try register(), code: try number())
            default: throw .unknownType(type)
            }
        }

        private mutating func values(_ type: UInt8) throws(Malformation) -> Values {
            let count = try count(type)
            let resolution = Self.resolution(type)
            let start = try register()
            let values = Values(start: start, count: count, resolution: resolution, offset: position)
            position += count * resolution.width
            guard position <= payload.count else { throw .truncated }
            return values
        }

        private static func resolution(_ type: UInt8) -> Resolution { Resolution(rawValue: type & 0x0C) ?? .float }

        private mutating func count(_ type: UInt8) throws(Malformation) -> Int {
            let inType = type & 0x03
            guard inType == 0 else { return Int(inType) }
            let count = try number()
            guard count <= UInt32(Payload.capacity) else { throw .number }
            return Int(count)
        }

        private mutating func register() throws(Malformation) -> Register {
            guard let number = UInt16(exactly: try number()) else { throw .number }
            return Register(number)
        }

        /// Seven bits a byte, the low ones first, in at most five bytes.
        private mutating func number() throws(Malformation) -> UInt32 {
            var number: UInt64 = 0
            for place in 0..<5 {
                let byte = try byte()
                number |= UInt64(byte & 0x7F) << UInt64(7 * place)
                guard byte & 0x80 != 0 else {
                    guard let number = UInt32(exactly: number) else { throw .number }
                    return number
                }
            }
            throw .number
        }

        private mutating func byte() throws(Malformation) -> UInt8 {
            guard position < payload.count else { throw .truncated }
            position += 1
            return payload.bytes[position - 1]
        }
    }
}
