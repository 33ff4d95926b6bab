internal import Policies

/// Numbers of eight bytes, lowest first, and parts with their lengths before them.
struct StateWriter {
    private(set) var bytes: [UInt8]

    mutating func put(_ number: UInt64) {
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
    }

    mutating func put(_ part: [UInt8]) {
        put(UInt64(part.count))
        bytes += part
    }

    mutating func put(_ misses: Misses) {
        put(UInt64(misses.flights.count))
        for flight in misses.flights { put(UInt64(flight.size.bitPattern) << 1 | (flight.hasLeft ? 1 : 0)) }
    }

    init(bytes: [UInt8]) { self.bytes = bytes }
}

/// The same, backwards.
struct StateReader {
    let bytes: [UInt8]
    /// Of the file, for whoever has to look after it.
    let name: String
    var place: Int

    var isAtEnd: Bool { place == bytes.count }

    mutating func number() throws(FolderError) -> UInt64 {
        guard bytes.count - place >= 8 else { throw .damaged(name) }
        defer { place += 8 }
        return (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
    }

    mutating func part() throws(FolderError) -> [UInt8] {
        guard let count = Int(exactly: try number()), count >= 0 else { throw .damaged(name) }
        guard bytes.count - place >= count else { throw .damaged(name) }
        defer { place += count }
        return Array(bytes[place..<place + count])
    }

    /// Nil where the part is empty.
    mutating func policy() throws(FolderError) -> Policy? {
        let encoded = try part()
        guard !encoded.isEmpty else { return nil }
        do throws(PolicyError) { return try Policy(decoding: encoded) } catch { throw .damaged(name) }
    }

    mutating func misses() throws(FolderError) -> Misses {
        let count = try number()
        guard count <= UInt64(Misses.memory) else { throw .damaged(name) }
        var flights: [Misses.Flight] = []
        for _ in 0..<count {
            let flight = try number()
            let size = Float(bitPattern: UInt32(truncatingIfNeeded: flight >> 1))
            guard size.isFinite, size >= 0 else { throw .damaged(name) }
            flights.append(Misses.Flight(size: size, hasLeft: flight & 1 == 1))
        }
        return Misses(flights)
    }
}
