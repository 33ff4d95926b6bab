import Learning
import Reports

extension CourseStory {
    static let eventsFile = "events.out.tfevents.understudy"

    /// The curves for TensorBoard: steps are real episodes, time is how long the robot had moved. What is no number is
    /// left out.
    var events: [UInt8] {
        var file = EventFile()
        for (entry, mean) in zip(entries, means.map(\.worth)) {
            func add(_ value: Double, _ tag: String) {
                guard value.isFinite else { return }
                file.add(value, to: tag, step: UInt64(entry.realEpisodes), seconds: entry.robotSeconds)
            }
            add(entry.worth, "worth/episode")
            add(mean.value, "worth/mean")
            for note in entry.notes { for (tag, value) in note.event.series { add(value, tag) } }
        }
        return file.bytes
    }
}

extension Course.Note.Event {
    /// Its numbers, each with the name of its curve.
    fileprivate var series: [(String, Double)] {
        switch self {
        case .looked, .undecided, .divergedStep, .stoppedBuying: []
        case .refined(let before, let after): [("model/error before", before), ("model/error", after)]
        case .rehearsed(let before, let after): [("model/worth before", before), ("model/worth", after)]
        case .accepted(let evidence): [("check/evidence of better", evidence)]
        case .rejected(let evidence): [("check/evidence of worse", evidence)]
        case .held(let evidence): [("climb/evidence of better", evidence)]
        case .wentBack(let evidence): [("climb/evidence of worse", evidence)]
        case .handedOver(let strikes): [("gradient/handed over after strikes", Double(strikes))]
        case .estimated(let effective, let gain):
            [("gradient/effective episodes", effective), ("gradient/expected gain", gain.value)]
        case .stepped(let ratio, let correlation, let coefficient, let factor):
            [("gradient/variance ratio", ratio), ("gradient/coefficient", coefficient), ("gradient/step", factor)]
                + (correlation.map { [("gradient/correlation", $0.value)] } ?? [])
        }
    }
}
