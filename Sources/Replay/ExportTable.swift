internal import Episodes
internal import Quantities
public import Recordings
public import Robots

/// The ticks of a recording as lines of numbers behind commas. What was not measured is empty.
public struct ExportTable: Sendable {
    public let columns: [String]
    public private(set) var rows: [[String]] = []

    /// A name with a comma, a quote or a line break in it is quoted; numbers need that never.
    public var text: String {
        let head = columns.map(Self.quoted).joined(separator: ",")
        return ([head] + rows.map { $0.joined(separator: ",") }).map { "\($0)\n" }.joined()
    }

    private static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x2C && $0 != 0x7F }
        return isPlain ? name : "\"\(name.replacing("\"", with: "\"\""))\""
    }

    private static func cell(_ number: Float) -> String { number.isFinite ? "\(number)" : "" }

    /// All that a recording says of its ticks.
    public init(everythingOf log: EpisodeLog) {
        let joints = log.joints.enumerated().compactMap { place, name in JointIndex(UInt8(place)).map { ($0, name) } }
        let words = HouseWords.episode
        columns =
            ["tick", "host_time_ns", "device_time_ns", "mode", "ruling", "rule", "fault"]
            + joints.flatMap { _, name in Self.ofJoint.map { "\($0.name).\(name)" } }
            + ["lateness_s", "reading_s", "writing_s", "work_s"]
        for tick in log.ticks {
            let verdict = [
                words.modes[min(Int(tick.verdict.mode), words.modes.count - 1)],
                words.rulings[min(Int(tick.verdict.ruling), words.rulings.count - 1)],
                words.rules[min(Int(tick.verdict.rule), words.rules.count - 1)], "\(tick.verdict.fault)",
            ]
            let times = ["\(tick.tick.rawValue)", "\(tick.hostTime.nanoseconds)", "\(tick.deviceTime.nanoseconds)"]
            let numbers = joints.flatMap { joint, _ in Self.ofJoint.map { $0.cell(tick.joints[joint]) } }
            let timing = [tick.timing.lateness, tick.timing.reading, tick.timing.writing, tick.timing.work]
            rows.append(times + verdict + numbers + timing.map { Self.cell($0.value) })
        }
    }

    private static let ofJoint: [(name: String, cell: @Sendable (JointTick) -> String)] = [
        ("position_rad", { cell($0.position.value) }), ("speed_rad_s", { cell($0.speed.value) }),
        ("effort_nm", { cell($0.effort.value) }), ("temperature_c", { cell($0.temperature.value) }),
        ("voltage_v", { cell($0.voltage.value) }), ("age_s", { cell($0.age.value) }),
        ("requested", { cell($0.requested.value) }), ("supervised", { cell($0.supervised.value) }),
        ("acknowledged", { cell($0.acknowledged.value) }),
    ]

    /// The ticks of the policy, with the columns that tools for learning expect.
    ///
    /// `timestamp` is what was measured, in seconds since the episode's first tick: a late tick is late here as well.
    public init(flat episode: FlownEpisode, _ robot: RobotFile) throws(ModelProblem) {
        let trace = try EpisodeTrace(recorded: episode, robot)
        let names = episode.log.joints
        let kinds: [DriveName: String] = [.position: "position_rad", .speed: "speed_rad_s", .effort: "effort_nm"]
        let commands = robot.joints.map { "action.\(kinds[$0.drive] ?? "").\($0.name)" }
        columns =
            ["episode_index", "frame_index", "timestamp", "host_time_ns"]
            + names.map { "observation.state.position_rad.\($0)" } + names.map { "observation.state.speed_rad_s.\($0)" }
            + names.map { "observation.state.effort_nm.\($0)" } + commands + [
                "next.reward", "next.done", "next.success",
            ]
        let start = episode.acts.first.map { episode.log.ticks[$0].hostTime.nanoseconds } ?? 0
        let joints = names.indices.compactMap { JointIndex(UInt8($0)) }
        for (frame, place) in episode.acts.prefix(trace.rewards.count).enumerated() {
            let tick = episode.log.ticks[place]
            let isLast = frame == trace.rewards.count - 1
            let time = Double(tick.hostTime.nanoseconds &- start) * 1e-9
            let seen = joints.map { tick.joints[$0] }
            rows.append(
                ["\(episode.permit)", "\(frame)", "\(time)", "\(tick.hostTime.nanoseconds)"]
                    + seen.map { Self.cell($0.position.value) } + seen.map { Self.cell($0.speed.value) }
                    + seen.map { Self.cell($0.effort.value) } + seen.map { Self.cell($0.supervised.value) }
                    + [
                        Self.cell(trace.rewards[frame]), isLast ? "1" : "0",
                        isLast && episode.end?.result.contains("isSuccess: true") == true ? "1" : "0",
                    ])
        }
    }
}
