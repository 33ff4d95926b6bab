internal import JSON

extension Course.Note {
    var json: JSONValue {
        var object: JSONObject = ["episodes": .integer(Int64(episodes)), "worth": .real(worth)]
        for member in event.json.members { object[member.key] = member.value }
        return .object(object)
    }

    init(_ fields: LogFields) throws(CourseLog.Problem) {
        self.init(
            episodes: Int(try fields.integer("episodes")), worth: try fields.number("worth"),
            event: try Event(fields))
    }
}

extension Course.Note.Event {
    fileprivate var json: JSONObject {
        switch self {
        case .looked: ["event": "looked"]
        case .refined(let before, let after):
            ["event": "refined", "error_before": .real(before), "error_after": .real(after)]
        case .rehearsed(let before, let after):
            ["event": "rehearsed", "model_worth_before": .real(before), "model_worth_after": .real(after)]
        case .accepted(let evidence): ["event": "accepted", "evidence": .real(evidence)]
        case .rejected(let evidence): ["event": "rejected", "evidence": .real(evidence)]
        case .undecided: ["event": "undecided"]
        case .handedOver(let strikes): ["event": "handed_over", "strikes": .integer(Int64(strikes))]
        case .estimated(let effective, let gain):
            ["event": "estimated", "effective_episodes": .real(effective), "gain": gain.json]
        case .stepped(let ratio, let correlation, let coefficient, let factor):
            [
                "event": "stepped", "variance_ratio": .real(ratio), "correlation": correlation?.json ?? .null,
                "coefficient": .real(coefficient), "factor": .real(factor),
            ]
        case .divergedStep: ["event": "diverged_step"]
        case .held(let evidence): ["event": "held", "evidence": .real(evidence)]
        case .wentBack(let evidence): ["event": "went_back", "evidence": .real(evidence)]
        case .stoppedBuying(let reason): ["event": "stopped_buying", "reason": .text(reason.word)]
        }
    }

    fileprivate init(_ fields: LogFields) throws(CourseLog.Problem) {
        switch try fields.text("event") {
        case "looked": self = .looked
        case "refined":
            self = .refined(before: try fields.number("error_before"), after: try fields.number("error_after"))
        case "rehearsed":
            self = .rehearsed(
                modelWorthBefore: try fields.number("model_worth_before"),
                after: try fields.number("model_worth_after"))
        case "accepted": self = .accepted(evidence: try fields.number("evidence"))
        case "rejected": self = .rejected(evidence: try fields.number("evidence"))
        case "undecided": self = .undecided
        case "handed_over": self = .handedOver(strikes: Int(try fields.integer("strikes")))
        case "estimated":
            self = .estimated(
                effectiveEpisodes: try fields.number("effective_episodes"), gain: try fields.interval("gain"))
        case "stepped": self = try Self.stepped(fields)
        case "diverged_step": self = .divergedStep
        case "held": self = .held(evidence: try fields.number("evidence"))
        case "went_back": self = .wentBack(evidence: try fields.number("evidence"))
        case "stopped_buying":
            self = .stoppedBuying(
                try fields.parsed("reason") { word in Reason.allCases.first { $0.word == word } })
        default: throw .missing(line: fields.line, key: "event")
        }
    }

    private static func stepped(_ fields: LogFields) throws(CourseLog.Problem) -> Self {
        let hasCorrelation = fields["correlation"]?.isNull == false
        return .stepped(
            varianceRatio: try fields.number("variance_ratio"),
            correlation: hasCorrelation ? try fields.interval("correlation") : nil,
            coefficient: try fields.number("coefficient"), factor: try fields.number("factor"))
    }
}

extension Course.Note.Event.Reason {
    /// What it is called in files.
    public var word: String {
        switch self {
        case .goalReached: "goal_reached"
        case .notWorthIt: "not_worth_it"
        }
    }
}
