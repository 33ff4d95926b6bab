extension Dynamixel {
    /// An instruction as its receiver understands it. Bytes to be written stay with the parser.
    public enum Request: Equatable, Sendable {
        case ping
        case read(Region)
        /// The data is `parameters` from the third byte on.
        case write(address: UInt16)
        case registerWrite(address: UInt16)
        case action
        case reboot
        case clearTurns
        case syncRead(Region, fast: Bool)
        case syncWrite(Region)
        case bulkRead(fast: Bool)
        case bulkWrite

        /// Throws what a servo must answer when the instruction makes no sense to it.
        public init(code: UInt8, parameters: Span<UInt8>) throws(Failure) {
            guard let instruction = Instruction(rawValue: code) else { throw .instruction }
            switch instruction {
            case .ping: self = .ping
            case .action: self = .action
            case .reboot: self = .reboot
            case .clear: self = try Self.clear(parameters)
            case .read: self = .read(try Self.region(parameters))
            case .write: self = .write(address: try Self.writing(parameters))
            case .registerWrite: self = .registerWrite(address: try Self.writing(parameters))
            case .syncRead: self = .syncRead(try Self.region(parameters), fast: false)
            case .fastSyncRead: self = .syncRead(try Self.region(parameters), fast: true)
            case .syncWrite: self = .syncWrite(try Self.region(parameters))
            case .bulkRead: self = .bulkRead(fast: false)
            case .fastBulkRead: self = .bulkRead(fast: true)
            case .bulkWrite: self = .bulkWrite
            // Changes of what a servo remembers are for the workbench; on a bus at work they are unknown.
            case .factoryReset, .backup: throw .instruction
            }
        }

        /// Guards against clearing by accident.
        static let clearTurnsKey: [5 of UInt8] = [0x01, 0x44, 0x58, 0x4C, 0x22]

        private static func clear(_ parameters: Span<UInt8>) throws(Failure) -> Request {
            guard parameters.count == clearTurnsKey.count else { throw .dataLength }
            for position in parameters.indices where parameters[position] != clearTurnsKey[position] {
                throw .dataRange
            }
            return .clearTurns
        }

        private static func region(_ parameters: Span<UInt8>) throws(Failure) -> Region {
            guard let region = Region(in: parameters, at: 0) else { throw .dataLength }
            return region
        }

        private static func writing(_ parameters: Span<UInt8>) throws(Failure) -> UInt16 {
            guard parameters.count > 2 else { throw .dataLength }
            return parameters.number(at: 0)
        }
    }
}

extension Dynamixel.Region {
    /// Nil when the four bytes are not all there.
    init?(in bytes: Span<UInt8>, at offset: Int) {
        guard offset + 4 <= bytes.count else { return nil }
        self.init(address: bytes.number(at: offset), count: bytes.number(at: offset + 2))
    }
}

extension Span where Element == UInt8 {
    /// Two bytes, the low one first.
    func number(at offset: Int) -> UInt16 { UInt16(self[offset]) | UInt16(self[offset + 1]) << 8 }
}

// Which part of a request for several servos is for one of them.
extension Dynamixel.Request {
    /// One servo's part of a request for several.
    public struct Share: Equatable, Sendable {
        /// How many servos answer before this one.
        public let place: Int
        public let region: Dynamixel.Region
        /// Where in the parameters the data of this servo lies; empty for a read.
        public let data: Range<Int>
    }

    /// The part of `id`, or nil when the request does not name it or ends before its part does.
    public func share(of id: Dynamixel.ServoID, in parameters: Span<UInt8>) -> Share? {
        var offset = isBulk ? 0 : 4
        var place = 0
        while let share = share(at: offset, place: place, in: parameters) {
            if parameters[offset] == id.rawValue { return share }
            offset = share.data.upperBound
            place += 1
        }
        return nil
    }

    private var isBulk: Bool {
        switch self {
        case .bulkRead, .bulkWrite: true
        default: false
        }
    }

    private func share(at offset: Int, place: Int, in parameters: Span<UInt8>) -> Share? {
        guard offset < parameters.count else { return nil }
        let found: (region: Dynamixel.Region, start: Int, count: Int)?
        switch self {
        case .syncRead(let region, _): found = (region, offset + 1, 0)
        case .syncWrite(let region): found = (region, offset + 1, Int(region.count))
        case .bulkRead: found = Dynamixel.Region(in: parameters, at: offset + 1).map { ($0, offset + 5, 0) }
        case .bulkWrite:
            found = Dynamixel.Region(in: parameters, at: offset + 1).map { ($0, offset + 5, Int($0.count)) }
        case .ping, .read, .write, .registerWrite, .action, .reboot, .clearTurns: found = nil
        }
        guard let found, found.start + found.count <= parameters.count else { return nil }
        return Share(place: place, region: found.region, data: found.start..<found.start + found.count)
    }
}
