public import Policies
internal import Episodes
internal import Supervision

/// Everything that a run goes on from, beside its settings: a course, and what the way to the guard adds to it.
///
/// Plans follow from it alone. A learner that was killed and starts again makes the same plan, bit by bit, and the guard
/// knows it by its hash.
public struct RunState: Equatable, Sendable {
    /// A course as it writes itself down.
    public var course: [UInt8]
    /// The policy that distances in dossiers are measured from; nil before the first episode.
    public var anchor: Policy?
    /// How far the run's flights went beside what was foretold of them.
    public var misses = Misses()
    /// How often the plan that is next came to nothing: lost with its guard, or failed before its policy had a tick.
    public var setbacks: UInt32 = 0
    /// How long the robot was under way for what was taken.
    public var robotSeconds = 0.0
    /// The log's entry of the last episode, as long as what is learnt from it is still to come.
    public var pending: [UInt8] = []
    /// How long the log was when this was written. What stands behind it is written anew.
    public var logged: UInt64 = 0

    public init(course: [UInt8], anchor: Policy? = nil) {
        self.course = course
        self.anchor = anchor
    }

    static let version: UInt32 = 2
    private static let mark: [UInt8] = Array("understudy run \(version)\n".utf8)

    /// As the first line of a checkpoint has it.
    private static func version(in bytes: [UInt8]) -> UInt32? {
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }.prefix(64), as: UTF8.self)
        return line.hasPrefix("understudy run ") ? line.split(separator: " ").last.flatMap { UInt32($0) } : nil
    }

    /// With the hash of all of it behind.
    public var bytes: [UInt8] {
        var bytes = Self.mark
        func put(_ number: UInt64) {
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
        }
        put(logged)
        put(UInt64(setbacks))
        put(robotSeconds.bitPattern)
        for part in [anchor?.encoded ?? [], pending, course] {
            put(UInt64(part.count))
            bytes += part
        }
        put(UInt64(misses.flights.count))
        for flight in misses.flights { put(UInt64(flight.size.bitPattern) << 1 | (flight.hasLeft ? 1 : 0)) }
        return bytes + Digest(of: bytes.span).bytes
    }

    /// - Parameter name: of the file, for whoever has to look after it.
    public init(_ bytes: [UInt8], name: String) throws(FolderError) {
        let body = Array(bytes.dropLast(32))
        // The hash says that nothing was changed; only then is it known which version wrote it.
        guard bytes.count > Self.mark.count + 32, Digest(of: body.span).bytes == Array(bytes.suffix(32)),
            let version = Self.version(in: body)
        else { throw .damaged(name) }
        guard version == Self.version else { throw .otherVersion(name, version, written: Self.version) }
        guard body.starts(with: Self.mark) else { throw .damaged(name) }
        var place = Self.mark.count
        func number() throws(FolderError) -> UInt64 {
            guard body.count - place >= 8 else { throw .damaged(name) }
            defer { place += 8 }
            return (0..<8).reduce(UInt64(0)) { $0 | UInt64(body[place + $1]) << UInt64(8 * $1) }
        }
        func part() throws(FolderError) -> [UInt8] {
            guard let count = Int(exactly: try number()), count >= 0 else { throw .damaged(name) }
            guard body.count - place >= count else { throw .damaged(name) }
            defer { place += count }
            return Array(body[place..<place + count])
        }
        logged = try number()
        setbacks = UInt32(clamping: try number())
        robotSeconds = Double(bitPattern: try number())
        let encoded = try part()
        pending = try part()
        course = try part()
        let count = try number()
        guard count <= UInt64(Misses.memory) else { throw .damaged(name) }
        var flights: [Misses.Flight] = []
        for _ in 0..<count {
            let flight = try number()
            let size = Float(bitPattern: UInt32(truncatingIfNeeded: flight >> 1))
            guard size.isFinite, size >= 0 else { throw .damaged(name) }
            flights.append(Misses.Flight(size: size, hasLeft: flight & 1 == 1))
        }
        misses = Misses(flights)
        guard place == body.count else { throw .damaged(name) }
        if !encoded.isEmpty {
            do throws(PolicyError) { anchor = try Policy(decoding: encoded) } catch { throw .damaged(name) }
        }
    }
}
