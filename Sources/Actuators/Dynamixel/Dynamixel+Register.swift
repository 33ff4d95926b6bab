extension Dynamixel {
    /// One entry of a servo's control table.
    public struct Register: Equatable, Sendable {
        public let address: UInt16
        /// 1, 2 or 4 bytes.
        public let width: UInt16
        public let isSigned: Bool
        public let memory: Memory
        public let access: Access

        init(_ address: UInt16, _ width: UInt16, _ access: Access, isSigned: Bool = false) {
            self.address = address
            self.width = width
            self.isSigned = isSigned
            self.access = access
            memory = address < Self.firstVolatile ? .persistent : .volatile
        }

        static let firstVolatile: UInt16 = 64

        public var region: Region { Region(address: address, count: width) }

        /// The number in the register, or nil when its bytes are not all there. The low byte comes first.
        public func number(in bytes: Span<UInt8>, at offset: Int = 0) -> Int64? {
            guard offset >= 0, offset + Int(width) <= bytes.count else { return nil }
            var number: UInt32 = 0
            for position in 0..<Int(width) { number |= UInt32(bytes[offset + position]) << UInt32(8 * position) }
            guard isSigned else { return Int64(number) }
            let unused = 32 - 8 * UInt32(width)
            return Int64(Int32(bitPattern: number << unused) >> Int32(unused))
        }

        /// The bytes of a number; nil when the register cannot hold it.
        public func bytes(of number: Int64) -> RegisterBytes? {
            guard range.contains(number) else { return nil }
            return RegisterBytes(bits: UInt32(truncatingIfNeeded: number), count: Int(width))
        }

        /// The numbers that the bytes can hold, whatever the servo then says to them.
        public var range: ClosedRange<Int64> {
            let bits = Int64(8 * width)
            return isSigned ? -(1 << (bits - 1))...(1 << (bits - 1)) - 1 : 0...(1 << bits) - 1
        }
    }
}

/// Up to four bytes for a register, the low one first.
public struct RegisterBytes: Equatable, Sendable {
    private let storage: InlineArray<4, UInt8>
    private let count: Int

    init(bits: UInt32, count: Int) {
        storage = InlineArray { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
        self.count = count
    }

    public var span: Span<UInt8> {
        @_lifetime(borrow self) get { storage.span.extracting(0..<count) }
    }

    public static func == (left: RegisterBytes, right: RegisterBytes) -> Bool {
        guard left.count == right.count else { return false }
        for position in 0..<left.count where left.storage[position] != right.storage[position] { return false }
        return true
    }
}
