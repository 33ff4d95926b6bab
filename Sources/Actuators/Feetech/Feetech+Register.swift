extension Feetech {
    /// One entry of a servo's memory table, one or two bytes wide, the low byte first.
    public struct Register: Equatable, Sendable {
        public enum Coding: Equatable, Sendable {
            case unsigned
            /// The bit is the sign, and the bits below it are the magnitude: there are two zeros and no two's complement.
            case signMagnitude(bit: UInt8)
        }

        public let address: UInt8
        public let width: UInt8
        public let coding: Coding
        public let memory: Memory
        public let access: Access

        init(_ address: UInt8, _ width: UInt8, _ access: Access, _ coding: Coding = .unsigned) {
            self.address = address
            self.width = width
            self.access = access
            self.coding = coding
            memory = address < Self.firstVolatile ? .persistent : .volatile
        }

        static let firstVolatile: UInt8 = 40

        public var region: Region { Region(address: address, count: width) }

        /// The number in the register, or nil when its bytes are not all there.
        public func number(in bytes: Span<UInt8>, at offset: Int = 0) -> Int32? {
            guard offset >= 0, offset + Int(width) <= bytes.count else { return nil }
            let bits = width == 1 ? UInt16(bytes[offset]) : bytes.number(at: offset)
            switch coding {
            case .unsigned: return Int32(bits)
            case .signMagnitude(let bit):
                let sign: UInt16 = 1 << UInt16(bit)
                let magnitude = Int32(bits & (sign - 1))
                return bits & sign == 0 ? magnitude : -magnitude
            }
        }

        /// The bytes of a number; nil when the register cannot hold it.
        public func bytes(of number: Int32) -> RegisterBytes? {
            guard range.contains(number) else { return nil }
            let magnitude = number.magnitude
            switch coding {
            case .unsigned: return RegisterBytes(bits: magnitude, count: Int(width))
            case .signMagnitude(let bit):
                let sign: UInt32 = number < 0 ? 1 << UInt32(bit) : 0
                return RegisterBytes(bits: sign | magnitude, count: Int(width))
            }
        }

        /// The numbers that the bits can hold, whatever the servo then says to them.
        public var range: ClosedRange<Int32> {
            switch coding {
            case .unsigned: return 0...(1 << (8 * Int32(width))) - 1
            case .signMagnitude(let bit):
                let largest: Int32 = (1 << Int32(bit)) - 1
                return -largest...largest
            }
        }
    }
}
