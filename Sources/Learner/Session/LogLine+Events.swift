internal import Episodes
internal import GuardCalls
internal import JSON
internal import Learning
internal import Supervision

extension LogLine {
    init(_ identity: RunIdentity) {
        self.init(
            "began",
            [
                "robot": .text(identity.robot), "method": .text(identity.method.word),
                "seed": .text("\(identity.seed)"), "robot_sha256": .text(identity.file.text),
                "envelope_sha256": .text(identity.envelope.text),
                "calibration_sha256": .text(identity.calibration.text),
            ])
    }

    init(_ facts: EpisodeFacts, _ standing: PlanStanding) {
        var object: JSONObject = [
            "episode": .integer(Int64(facts.number)), "plan_sha256": .text(standing.plan.text),
            "state": .text(standing.state.rawValue), "worth": .real(facts.worth), "ticks": .integer(Int64(facts.ticks)),
            "success": .boolean(facts.isSuccess), "loss": .boolean(facts.isLoss), "work_s": .real(facts.work.seconds),
        ]
        object["recording"] = standing.recording.map { .text($0) }
        object["fault"] = standing.fault.map { .integer(Int64($0)) }
        self.init("episode", object)
    }

    init(setback standing: PlanStanding, number: Int) {
        var object: JSONObject = [
            "episode": .integer(Int64(number)), "plan_sha256": .text(standing.plan.text),
            "state": .text(standing.state.rawValue),
        ]
        object["fault"] = standing.fault.map { .integer(Int64($0)) }
        self.init("setback", object)
    }

    init(_ note: Course.Note) {
        var object: JSONObject = ["episodes": .integer(Int64(note.episodes)), "worth": .real(note.worth)]
        let (word, numbers) = note.event.told
        object["event"] = .text(word)
        for (key, number) in numbers { object[key] = .real(number) }
        self.init("note", object)
    }

    init(_ course: Course, work: Duration) {
        self.init(
            "learnt",
            [
                "episodes": .integer(Int64(course.episodes)), "phase": .text("\(course.phase)"),
                "work_s": .real(work.seconds),
            ])
    }
}

extension Course.Note.Event {
    /// A word for it and its numbers, by name.
    var told: (word: String, numbers: [(String, Double)]) {
        switch self {
        case .looked: ("looked", [])
        case .refined(let before, let after): ("refined", [("error_before", before), ("error_after", after)])
        case .rehearsed(let before, let after):
            ("rehearsed", [("model_worth_before", before), ("model_worth_after", after)])
        case .accepted(let evidence): ("accepted", [("evidence", evidence)])
        case .rejected(let evidence): ("rejected", [("evidence", evidence)])
        case .undecided: ("undecided", [])
        case .handedOver(let strikes): ("handed_over", [("strikes", Double(strikes))])
        case .stepped(let ratio, let correlation, let coefficient, let factor):
            (
                "stepped",
                [("variance_ratio", ratio), ("coefficient", coefficient), ("factor", factor)]
                    + (correlation.map {
                        [("correlation", $0.value), ("correlation_low", $0.low), ("correlation_high", $0.high)]
                    } ?? [])
            )
        case .divergedStep: ("diverged_step", [])
        }
    }
}

extension Duration {
    /// For people and plots.
    public var seconds: Double {
        let (whole, rest) = components
        return Double(whole) + Double(rest) * 1e-18
    }
}
