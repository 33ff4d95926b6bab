import Episodes
import GuardCalls
import Metrology
import Ports
import Quantities
import Replay
import Robots
import Supervision

/// The first step of a calibration: a person takes every joint that ends somewhere from one end to the other, by hand.
///
/// What its servos read there says whether zero and gear are what the robot's file believes; nothing that the robot does by
/// itself can, for it keeps away from its ends by the same numbers. The robot is stopped first, so that nothing begins to
/// move under a hand, and it stays stopped until a person lets it go on.
struct HandSweep {
    private let folder: RobotFolder
    private let known: GuardCalls.GuardedRobot
    private let surroundings: Surroundings
    private let flights: CalibrationFlights
    /// Of the calibration that it belongs to.
    private let session: Int

    init(
        _ folder: RobotFolder, _ known: GuardCalls.GuardedRobot, _ flights: CalibrationFlights,
        _ surroundings: Surroundings
    ) {
        self.folder = folder
        self.known = known
        self.flights = flights
        self.surroundings = surroundings
        session = folder.measured.count + 1
    }

    private var joints: [RobotFile.Joint] { folder.robot.file.joints }
    private var style: Style { surroundings.errors }
    private var robotName: String { folder.robot.file.name }

    /// Places of the joints that end somewhere.
    static func places(of robot: Robot) -> [Int] {
        robot.file.joints.indices.filter { RangeSweep.Build(of: $0, in: robot) != nil }
    }

    /// Adds how far the joints go: as somebody took them for this calibration before, or takes them now.
    func take(into measured: inout MeasuredRobot) throws(CalibrationStop) {
        let places = Self.places(of: folder.robot)
        guard !places.isEmpty else { return }
        if let before = try file, let ranges = ranges(places, in: before) {
            measured.take(ends: ranges)
            return
        }
        let ranges = try swept(places)
        measured.take(ends: ranges)
        guard measured.findings.faults.isEmpty else {
            throw CalibrationStop(outcome: measured.complaints(style))
        }
        try keep(ranges)
        try letGoOn()
    }

    private func stop(_ status: ExitStatus, _ text: String, next: String) -> CalibrationStop {
        CalibrationStop(outcome: .failure(status, text, next: next, style))
    }

    // MARK: By hand

    /// Why hands are to be taken away before the joints were at their ends.
    private enum End { case confirmed, driven, released, interrupted, nobody }

    private func swept(_ places: [Int]) throws(CalibrationStop) -> [Int: ClosedRange<Double>] {
        guard try !flights.heard({ caller throws(CallError) in try caller.atHand() }).isDriven else {
            throw stop(
                .refused, "the robot is in the middle of a flight", next: "the same command when that has ended")
        }
        try flights.heard { caller throws(CallError) in
            try caller.stop(why: "its joints are taken to their ends by hand")
        }
        // What began just before the stop is driven until it has come down the ladder.
        guard try wait(while: \.isDriven) else { throw broken(.interrupted) }
        surroundings.devices.tell(
            "the motors are off, and nothing that was approved begins before 'understudy resume \(robotName)':\n"
                + "take \(list(places.map { joints[$0].name })) by hand slowly from one end to the other, then press Enter\n"
        )
        var picture = HandPicture(
            places.compactMap { place in
                RangeSweep.Build(of: place, in: folder.robot).map { .init(joints[place].name, stops: $0.stops) }
            }, style)
        let end = try watch(&picture, places)
        guard end == .confirmed else { throw broken(end) }
        return Dictionary(
            uniqueKeysWithValues: zip(places, picture.joints).compactMap { place, joint in
                joint.been.map { (place, $0) }
            })
    }

    /// False when somebody wants this to end before.
    private func wait(while condition: (RobotAtHand) -> Bool) throws(CalibrationStop) -> Bool {
        let isInterrupted = surroundings.devices.isInterrupted
        return try flights.heard { caller throws(CallError) in
            while condition(try caller.atHand()) {
                if isInterrupted() { return false }
                MonotonicInstant.sleep(until: .now() + .milliseconds(100))
            }
            return true
        }
    }

    private func watch(_ picture: inout HandPicture, _ places: [Int]) throws(CalibrationStop) -> End {
        var (shown, drawn) = (picture, 0)
        defer { picture = shown }
        let devices = surroundings.devices
        return try flights.heard { caller throws(CallError) in
            while true {
                let now = try caller.atHand()
                guard now.isStopped else { return .released }
                if now.isDriven {
                    try caller.stop(why: "a motor is on while hands are on it")
                    return .driven
                }
                for (number, place) in places.enumerated() {
                    shown.joints[number].take(now.positions[place].map { Double($0.value) })
                }
                if devices.isWatched {
                    devices.tell((drawn > 0 ? "\u{1B}[\(drawn)A" : "") + lines(of: shown, clearing: true))
                    drawn = shown.joints.count
                }
                if devices.isInterrupted() { return .interrupted }
                switch devices.press(30) {
                case .none: break
                case .ended: return .nobody
                case .enter:
                    let still = shown.joints.filter { !$0.isMoved }.map(\.name)
                    if !devices.isWatched { devices.tell(lines(of: shown, clearing: false)) }
                    guard !still.isEmpty else { return .confirmed }
                    let have = still.count == 1 ? "has" : "have"
                    devices.tell("\(list(still)) \(have) hardly moved: from end to end, then press Enter\n")
                    drawn = 0
                }
            }
        }
    }

    private func lines(of picture: HandPicture, clearing: Bool) -> String {
        picture.lines.map { "\(clearing ? "\u{1B}[K" : "")\($0)\n" }.joined()
    }

    private func list(_ names: [String]) -> String {
        let names = names.map { shown($0) }
        guard let last = names.last, names.count > 1 else { return names.joined() }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }

    private func broken(_ end: End) -> CalibrationStop {
        let again = "understudy resume \(robotName) when no hand is on it; the same command begins anew"
        return switch end {
        case .confirmed, .interrupted:
            stop(.failed, "ended before every joint was taken to its ends", next: again)
        case .nobody:
            stop(
                .failed, "nobody is there to press Enter when every joint was at its ends",
                next:
                    "the same command at a terminal; or with --without-ends, which believes what the file says of them")
        case .released:
            stop(.refused, "somebody let the robot go on while its joints were taken to their ends", next: again)
        case .driven:
            stop(.deviceFault, "hands off: a motor is on; the robot was told to stop once more", next: again)
        }
    }

    // MARK: What is kept of it

    private var path: String { "\(folder.folder)/\(EndsFile.name)" }
    private var serials: [String] { joints.compactMap { known.serials[$0.name] } }

    private var file: EndsFile? {
        get throws(CalibrationStop) {
            guard case .success(let bytes) = surroundings.read(path) else { return nil }
            do throws(CalibrationProblem) { return try EndsFile(parsing: bytes) } catch {
                throw CalibrationStop(outcome: GuardTrouble.record(path, error).outcome(in: surroundings))
            }
        }
    }

    /// Nil where it is of another calibration, of the robot as its file had it before, or of other devices.
    private func ranges(_ places: [Int], in file: EndsFile) -> [Int: ClosedRange<Double>]? {
        guard file.robot == folder.digest, file.session == session, file.serials == serials else { return nil }
        let found = places.compactMap { place in
            file.joints.first { $0.name == joints[place].name }.map { (place, $0.range) }
        }
        return found.count == places.count ? Dictionary(uniqueKeysWithValues: found) : nil
    }

    private func keep(_ ranges: [Int: ClosedRange<Double>]) throws(CalibrationStop) {
        let text = JSONText.object([
            ("format", .integer(1)), ("robot_sha256", .text(folder.digest.text)), ("session", .integer(session)),
            ("serials", .texts(serials)),
            (
                "joints",
                .list(
                    ranges.sorted { $0.key < $1.key }.map { place, range in
                        .object([
                            ("joint", .text(joints[place].name)), ("low_rad", .number(Float(range.lowerBound))),
                            ("high_rad", .number(Float(range.upperBound))),
                        ])
                    })
            ),
        ])
        if let trouble = surroundings.devices.save(path, "\(text)\n") {
            throw stop(
                .failed, "cannot write '\(shown(path))': \(trouble.reason)",
                next: "make room there or mend its rights; then the joints have to be taken to their ends once more")
        }
    }

    /// Waits until a person has taken their hands away and says so.
    private func letGoOn() throws(CalibrationStop) {
        let now = try flights.heard { caller throws(CallError) in try caller.atHand() }
        let outside = joints.indices.filter { place in
            let limits = folder.robot.envelope.envelope.joints.elements[place].position
            return now.positions[place].map { !limits.contains($0) } ?? false
        }
        // Where it was left, a motion that begins there would be refused.
        let back = outside.isEmpty ? "" : "take \(list(outside.map { joints[$0].name })) back from the end, "
        surroundings.devices.tell(
            "every joint ends where it should; \(back)hands away, and then\n  next: understudy resume \(robotName)"
                + "\(flights.socket)\n")
        guard try wait(while: \.isStopped) else {
            throw stop(
                .failed, "ended while the robot was stopped",
                next: "understudy resume \(robotName); then the same command")
        }
    }
}
