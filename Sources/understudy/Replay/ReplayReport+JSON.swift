import Episodes
import Quantities
import Recordings
import Replay
import Robots
import Supervision

extension ReplayReport {
    var json: JSONText {
        .object([
            ("runs", .list(runs.map(\.json))), ("model", model.map(\.json) ?? .null),
            ("body", body.map(\.json) ?? .null),
        ])
    }
}

extension ReplayReport.Run {
    fileprivate var json: JSONText {
        .object([
            ("file", .text(path)), ("robot", .text(episode.plan.robot.text)),
            ("permit", .text("\(episode.permit)")), ("ticks", .integer(episode.log.ticks.count)),
            ("policy_ticks", .integer(episode.acts.count)), ("missing_ticks", .integer(episode.log.missing)),
            ("fault", episode.end.map { .integer(Int($0.fault)) } ?? .null),
            ("safety", safety.map { $0.json(episode.log.joints) } ?? .null),
        ])
    }
}

extension ReplayReport.Safety {
    fileprivate func json(_ joints: [String]) -> JSONText {
        let difference = replay.firstDifference.map { difference in
            JSONText.object([("time_s", time(difference.place)), ("what", .text(difference.what))])
        }
        return .object([
            ("envelope", .text(envelope)), ("same_rules", .boolean(isSame)),
            ("refused", .optional(replay.refusal.map { "\($0)" })),
            ("verdicts", .integer(replay.inputs.ticks.count)), ("identical", .integer(replay.identical)),
            ("first_difference", difference ?? .null),
            (
                "from_outside",
                .list(
                    replay.told.map { told in
                        .object([
                            ("time_s", time(told.place)), ("event", .text(told.event.words)),
                            ("inferred", .boolean(told.isInferred)),
                        ])
                    })
            ),
            ("objections", .list(replay.objections.map { json($0, joints) })),
        ])
    }

    private func time(_ place: Int) -> JSONText { .number(Float(replay.time(at: place))) }

    private func json(_ objection: SafetyReplay.Objection, _ joints: [String]) -> JSONText {
        let when = [("from_s", time(objection.first)), ("to_s", time(objection.last))]
        let rule = ("rule", JSONText.text("\(objection.rule)"))
        switch objection.kind {
        case .clamped(let joint):
            return .object([("kind", .text("clamped")), ("joint", .text(joints[joint])), rule] + when)
        case .stopped(let fault):
            return .object([("kind", .text("stopped")), ("fault", .integer(Int(fault))), rule] + when)
        }
    }
}

extension ReplayReport.Model {
    fileprivate var json: JSONText {
        let numbers = { (values: [Double]) in JSONText.list(values.map { .number(Float($0)) }) }
        return .object([
            ("name", .optional(name)), ("horizons_s", numbers(growth.horizons)),
            ("predictions", .list(growth.counts.map { .integer($0) })),
            (
                "joints",
                .list(
                    joints.indices.map { joint in
                        .object([
                            ("name", .text(joints[joint])), ("position_error_rad", numbers(growth.positions[joint])),
                            ("speed_error_rad_s", numbers(growth.speeds[joint])),
                            ("moved_rad", numbers(growth.still[joint])),
                        ])
                    })
            ),
            (
                "fidelity",
                .object([
                    ("episodes", .integer(fidelity.used)), ("stopped", .integer(fidelity.stopped)),
                    ("returns", fidelity.returns.map(\.json) ?? .null),
                    ("rewards_to_go", fidelity.rewardsToGo.map(\.json) ?? .null),
                    ("gradients", fidelity.gradients.map(\.json) ?? .null),
                ])
            ),
        ])
    }
}

extension Correlation {
    fileprivate var json: JSONText {
        .object([
            ("value", .number(Float(value))), ("low", interval.map { .number(Float($0.lowerBound)) } ?? .null),
            ("high", interval.map { .number(Float($0.upperBound)) } ?? .null), ("episodes", .integer(count)),
        ])
    }
}
