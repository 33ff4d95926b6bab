internal import Episodes
public import Policies
internal import Supervision

/// Everything that a run goes on from, beside its settings: a course, and what the way to the guard adds to it.
///
/// Plans follow from it alone. A learner that was killed and starts again makes the same plan, bit by bit, and the guard
/// knows it by its hash.
public struct RunState: Equatable, Sendable {
    /// A course as it writes itself down.
    public var course: [UInt8]
    /// What is known of each robot of the run; most runs have one.
    public var robots: [RobotState]
    /// How long all robots were under way for what was taken.
    public var robotSeconds = 0.0
    /// The log's entry of the last episode, as long as what is learnt from it is still to come.
    public var pending: [UInt8] = []
    /// How long the log was when this was written. What stands behind it is written anew.
    public var logged: UInt64 = 0

    /// What of a robot goes into its next plan, beside the course.
    public struct RobotState: Equatable, Sendable {
        /// The policy that distances in its dossiers are measured from; nil before its first episode.
        public var anchor: Policy?
        /// How far its flights went beside what was foretold of them.
        public var misses = Misses()
        /// How often its next plan came to nothing: lost with its guard, or failed before its policy had a tick.
        public var setbacks: UInt32 = 0

        public init(anchor: Policy? = nil) { self.anchor = anchor }
    }

    public init(course: [UInt8], robots: [RobotState] = [RobotState()]) {
        (self.course, self.robots) = (course, robots)
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
        var writer = StateWriter(bytes: Self.mark)
        let first = robots.first ?? RobotState()
        writer.put(logged)
        writer.put(UInt64(first.setbacks))
        writer.put(robotSeconds.bitPattern)
        for part in [first.anchor?.encoded ?? [], pending, course] { writer.put(part) }
        writer.put(first.misses)
        for robot in robots.dropFirst() {
            writer.put(UInt64(robot.setbacks))
            writer.put(robot.anchor?.encoded ?? [])
            writer.put(robot.misses)
        }
        return writer.bytes + Digest(of: writer.bytes.span).bytes
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
        var reader = StateReader(bytes: body, name: name, place: Self.mark.count)
        var first = RobotState()
        logged = try reader.number()
        first.setbacks = UInt32(clamping: try reader.number())
        robotSeconds = Double(bitPattern: try reader.number())
        first.anchor = try reader.policy()
        pending = try reader.part()
        course = try reader.part()
        first.misses = try reader.misses()
        robots = [first]
        while !reader.isAtEnd {
            var robot = RobotState()
            robot.setbacks = UInt32(clamping: try reader.number())
            robot.anchor = try reader.policy()
            robot.misses = try reader.misses()
            robots.append(robot)
        }
    }
}
