import Learning

extension CourseStory {
    func text(_ style: Style) -> String {
        var lines = [
            style.bold("\(log.head.robot): \(entries.count) real episodes, method \(log.head.method.word)"), "",
        ]
        lines.append("  robot's motion    \(inWords(robotSeconds / 60)) min")
        lines.append("  stopped           \(stopped)")
        lines.append("  spent             \(inWords(spent))")
        if let ends {
            lines.append("  a tick at first   \(ends.first.words)")
            lines.append("  a tick at last    \(ends.last.words)")
        }
        if let kept {
            lines.append("  what is kept      \(kept.worth.words), by the \(kept.episodes) episodes that it flew")
        }
        if let last = refinements.last(where: { $0.before > 0 }) {
            lines.append("  the model's error \(inWords(last.after)) of the motion")
        }
        if let step = steps.last {
            lines.append("  variance ratio    \(inWords(step.ratio))")
            if let correlation = step.correlation { lines.append("  correlation       \(correlation.words)") }
        }
        if let purchase = entries.last?.purchase { lines.append("  last purchase     \(purchase.words)") }
        let happened = happenings.map { "  \(padded($0[0], 5)) \(padded($0[1], 9)) \($0[2])" }
        return (lines + ["", "  after worth     what"] + happened).joined(separator: "\n") + "\n"
    }

    var json: JSONText {
        .object([
            ("robot", .text(log.head.robot)), ("run", .text("\(log.head.run)")),
            ("method", .text(log.head.method.word)),
            ("real_episodes", .integer(entries.count)), ("robot_s", .number(Float(robotSeconds))),
            ("stopped", .integer(stopped)), ("spent", .number(Float(spent))),
            ("worth_first", ends?.first.json ?? .null), ("worth_last", ends?.last.json ?? .null),
            ("worth_kept", kept?.worth.json ?? .null), ("episodes_kept", kept.map { .integer($0.episodes) } ?? .null),
            (
                "episodes",
                .list(
                    means.map { entry, worth in
                        .object([
                            ("episode", .text("\(entry.episode)")), ("real_episodes", .integer(entry.realEpisodes)),
                            ("robot_s", .number(Float(entry.robotSeconds))), ("worth", .number(Float(entry.worth))),
                            ("mean", worth.json), ("phase", .text(entry.phase.word)),
                            ("is_candidate", .boolean(entry.isCandidate)), ("recording", .optional(entry.recording)),
                            ("fault", entry.fault.map { .integer($0) } ?? .null),
                        ])
                    })
            ),
            (
                "steps",
                .list(
                    steps.map { step in
                        .object([
                            ("real_episodes", .integer(step.episodes)), ("variance_ratio", .number(Float(step.ratio))),
                            ("correlation", step.correlation?.json ?? .null),
                            ("coefficient", .number(Float(step.coefficient))),
                        ])
                    })
            ),
            (
                "model",
                .list(
                    refinements.map { refined in
                        .object([
                            ("real_episodes", .integer(refined.episodes)), ("before", .number(Float(refined.before))),
                            ("after", .number(Float(refined.after))),
                        ])
                    })
            ),
            (
                "notes",
                .list(
                    notes.map { note in
                        .object([
                            ("real_episodes", .integer(note.episodes)), ("worth", .number(Float(note.worth))),
                            ("what", .text(note.event.words)),
                        ])
                    })
            ),
        ])
    }
}

extension Interval {
    fileprivate var json: JSONText {
        .object([
            ("value", .number(Float(value))), ("low", .number(Float(low))), ("high", .number(Float(high))),
        ])
    }
}
