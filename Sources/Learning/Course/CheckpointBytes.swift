internal import Hashing
internal import Models
public import Policies

/// Why bytes are no checkpoint of a course.
public enum CheckpointError: Error, Equatable, Sendable {
    case notACheckpoint
    /// Written in one version, while this program writes another.
    case otherVersion(UInt32, written: UInt32)
    /// Cut off, or changed after it was written.
    case damaged
    /// Of another robot, another run or another way of learning.
    case ofAnotherCourse
    case policy(PolicyError)
}

/// Numbers and lists of them, lowest byte first and bit by bit.
struct CheckpointWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    mutating func put(_ number: Double) { put(number.bitPattern) }

    mutating func put<Element>(_ list: [Element], _ each: (inout CheckpointWriter, Element) -> Void) {
        put(UInt32(list.count))
        for element in list { each(&self, element) }
    }

    mutating func put(_ list: [Double]) { put(list) { $0.put($1) } }
    /// Most of what is written are these. In memory they lie as they are written: no machine of ours has the other order.
    mutating func put(_ list: [Float]) {
        put(UInt32(list.count))
        // SAFETY: the bytes of the list are copied during the call.
        unsafe list.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
    mutating func put(_ policy: Policy) { put(policy.encoded) { $0.put($1) } }

    mutating func put<Value>(optional value: Value?, _ write: (inout CheckpointWriter, Value) -> Void) {
        put(UInt8(value == nil ? 0 : 1))
        if let value { write(&self, value) }
    }

    /// All of it, with a hash of all of it behind.
    var sealed: [UInt8] {
        var writer = self
        let hash = SHA256.hash(bytes.span)
        for place in 0..<8 { writer.put(hash[place]) }
        return writer.bytes
    }
}

/// The same, backwards. Nothing that is read makes it ask for more memory than the bytes have.
struct CheckpointReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Checks the hash first: what is read afterwards is what was written.
    init(sealed: [UInt8]) throws(CheckpointError) {
        guard sealed.count > 32 else { throw .damaged }
        bytes = Array(sealed.dropLast(32))
        var writer = CheckpointWriter()
        let hash = SHA256.hash(bytes.span)
        for place in 0..<8 { writer.put(hash[place]) }
        guard writer.bytes.elementsEqual(sealed.suffix(32)) else { throw .damaged }
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func number<Number: FixedWidthInteger>() throws(CheckpointError) -> Number {
        let size = Number.bitWidth / 8
        guard bytes.count - place >= size else { throw .damaged }
        var number: Number = 0
        for index in (0..<size).reversed() {
            let byte = Number(truncatingIfNeeded: bytes[place + index])
            number = size == 1 ? byte : number << 8 | byte
        }
        place += size
        return number
    }

    mutating func double() throws(CheckpointError) -> Double { Double(bitPattern: try number()) }

    mutating func list<Element>(
        _ each: (inout CheckpointReader) throws(CheckpointError) -> Element
    ) throws(CheckpointError) -> [Element] {
        let count: UInt32 = try number()
        guard Int(count) <= bytes.count - place else { throw .damaged }
        var list: [Element] = []
        for _ in 0..<count { list.append(try each(&self)) }
        return list
    }

    mutating func doubles() throws(CheckpointError) -> [Double] {
        try list { (reader) throws(CheckpointError) in try reader.double() }
    }

    mutating func floats() throws(CheckpointError) -> [Float] {
        let size: UInt32 = try number()
        let count = Int(size)
        guard count <= (bytes.count - place) / 4 else { throw .damaged }
        // SAFETY: that many bytes are there, and every four of them are a number.
        let list = unsafe bytes.withUnsafeBytes { buffer in
            unsafe [Float](unsafeUninitializedCapacity: count) { room, filled in
                unsafe UnsafeMutableRawBufferPointer(room).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: buffer[place..<(place + 4 * count)]))
                filled = count
            }
        }
        place += 4 * count
        return list
    }

    mutating func optional<Value>(
        _ read: (inout CheckpointReader) throws(CheckpointError) -> Value
    ) throws(CheckpointError) -> Value? {
        let flag: UInt8 = try number()
        return flag == 0 ? nil : try read(&self)
    }

    mutating func policy() throws(CheckpointError) -> Policy {
        let encoded = try list { (reader) throws(CheckpointError) -> UInt8 in try reader.number() }
        do throws(PolicyError) {
            return try Policy(decoding: encoded)
        } catch {
            throw .policy(error)
        }
    }
}
