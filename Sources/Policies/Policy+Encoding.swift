internal import Hashing

/// The one way to write a policy down in bytes; equal policies have equal bytes, and what differs in a bit differs here.
///
///     4  "USPL"
///     2  version, 1
///     2  flags; bit 0: squashes
///     4  floor of the deviations, as the bits of a Float
///     2  inputs
///     2  outputs
///     2  hidden layers, and then 2 for the width of each
///     4  parameters, and then 4 for the bits of each
///
/// All numbers have their lowest byte first.
extension Policy {
    private static let mark = Array("USPL".utf8)
    private static let version: UInt16 = 1

    public var encoded: [UInt8] {
        var bytes = Self.mark
        bytes.reserveCapacity(24 + 2 * shape.hidden.count + 4 * parameters.count)
        bytes.append(number: Self.version)
        bytes.append(number: UInt16(shape.squashes ? 1 : 0))
        bytes.append(number: shape.deviationFloor.bitPattern)
        bytes.append(number: UInt16(shape.inputs))
        bytes.append(number: UInt16(shape.outputs))
        bytes.append(number: UInt16(shape.hidden.count))
        for width in shape.hidden { bytes.append(number: UInt16(width)) }
        bytes.append(number: UInt32(parameters.count))
        for parameter in parameters { bytes.append(number: parameter.bitPattern) }
        return bytes
    }

    /// The SHA-256 of the encoding, first word first: the policy's identity.
    public var identity: InlineArray<8, UInt32> { SHA256.hash(encoded.span) }

    public init(decoding bytes: [UInt8]) throws(PolicyError) {
        guard bytes.starts(with: Self.mark) else { throw .notAPolicy }
        var reader = LittleEndianReader(bytes: bytes, place: Self.mark.count)
        let version: UInt16 = try reader.number()
        guard version == Self.version else { throw .unknownVersion(version) }
        let flags: UInt16 = try reader.number()
        guard flags <= 1 else { throw .unknownFlags(flags) }
        let floor = Float(bitPattern: try reader.number())
        let inputs: UInt16 = try reader.number()
        let outputs: UInt16 = try reader.number()
        let layers: UInt16 = try reader.number()
        var hidden: [Int] = []
        guard layers <= PolicyShape.limits.layers else {
            throw .layers(Int(layers), limit: PolicyShape.limits.layers)
        }
        for _ in 0..<layers {
            let width: UInt16 = try reader.number()
            hidden.append(Int(width))
        }
        let shape = try PolicyShape(
            inputs: Int(inputs), hidden: hidden, outputs: Int(outputs), squashes: flags == 1, deviationFloor: floor)
        let count: UInt32 = try reader.number()
        guard count == shape.parameterCount else {
            throw .parameterCount(Int(count), needed: shape.parameterCount)
        }
        let needed = reader.place + 4 * shape.parameterCount
        guard bytes.count == needed else { throw .length(bytes.count, needed: needed) }
        var parameters: [Float] = []
        parameters.reserveCapacity(shape.parameterCount)
        for _ in 0..<shape.parameterCount { parameters.append(Float(bitPattern: try reader.number())) }
        try self.init(shape, parameters: parameters)
    }
}

extension [UInt8] {
    /// Lowest byte first.
    mutating func append<Number: FixedWidthInteger>(number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}

struct LittleEndianReader {
    let bytes: [UInt8]
    var place: Int

    mutating func number<Number: FixedWidthInteger>() throws(PolicyError) -> Number {
        let size = Number.bitWidth / 8
        guard place >= 0, bytes.count - place >= size else { throw .length(bytes.count, needed: place + size) }
        var number: Number = 0
        for index in stride(from: size - 1, through: 0, by: -1) {
            number = number << 8 | Number(truncatingIfNeeded: bytes[place + index])
        }
        place += size
        return number
    }
}
