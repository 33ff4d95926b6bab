import Episodes
import Quantities
import Recordings
import Replay
import Robots
import Supervision

extension ReplayReport {
    func text(_ style: Style) -> String {
        (runs.map { $0.text(style) } + [model?.text(style), body?.text(style)]).compactMap(\.self).joined()
    }
}

extension ReplayReport.Run {
    fileprivate func text(_ style: Style) -> String {
        let log = episode.log
        let missing = log.missing > 0 ? ", \(log.missing) ticks are missing" : ""
        let head = style.bold("\(shown(path)): \(shown(episode.plan.robot.text)), permit \(episode.permit)")
        let lines =
            [
                "\(head)",
                "  recorded     \(log.ticks.count) ticks, \(episode.acts.count) of them a policy's\(missing)",
                "  ended        \(ending)",
            ]
            + (safety?.lines(log.joints) ?? [])
        return lines.map { "\($0)\n" }.joined()
    }

    private var ending: String {
        guard let end = episode.end else { return "not recorded: the band that was approved is not judged" }
        guard let fault = Fault(rawValue: end.fault) else { return "by itself: \(shown(end.result))" }
        return "stopped by fault \(end.fault): \(fault.text.title)"
    }
}

extension ReplayReport.Safety {
    fileprivate func lines(_ joints: [String]) -> [String] {
        [verdictLine] + told + objections(joints)
    }

    private var verdictLine: String {
        let count = replay.inputs.ticks.count
        if let refusal = replay.refusal { return "  verdicts     none: the supervisor gives no permit (\(refusal))" }
        if replay.isIdentical { return "  verdicts     all \(count) as they were recorded, bit by bit" }
        guard isSame else {
            let from = replay.firstDifference.map { ", the first at \(seconds($0.place)): its \($0.what)" } ?? ""
            return "  verdicts     \(count - replay.identical) of \(count) differ under '\(shown(envelope))'\(from)"
        }
        let first = replay.firstDifference.map { "the first at \(seconds($0.place)), its \($0.what)" } ?? ""
        return "  verdicts     \(count - replay.identical) of \(count) DIFFER under the same rules, \(first)"
    }

    private func seconds(_ place: Int) -> String { "\(rounded(Float(replay.time(at: place)))) s" }

    private var told: [String] {
        replay.told.map { told in
            let how = told.isInferred ? "it follows from what came after" : "recorded"
            return "  from outside \(seconds(told.place)): \(told.event.words) (\(how))"
        }
    }

    private func objections(_ joints: [String]) -> [String] {
        let all = replay.objections
        let shownOnes = all.prefix(20).map { objection in
            let when =
                objection.first == objection.last
                ? seconds(objection.first) : "\(seconds(objection.first)) to \(seconds(objection.last))"
            switch objection.kind {
            case .clamped(let joint): return "  clamped      \(when): \(shown(joints[joint])) by \(objection.rule)"
            case .stopped(let number):
                let why = Fault(rawValue: number).map { "fault \(number), \($0.text.title)" } ?? "the ladder"
                return "  stopped      \(when): \(why)"
            }
        }
        return shownOnes + (all.count > 20 ? ["  and \(all.count - 20) more objections"] : [])
    }
}

extension Event {
    /// As a person says it.
    var words: String {
        switch self {
        case .identified, .verified, .observe: "watched"
        case .finish: "the episode was over"
        case .fault(let fault): "fault \(fault.rawValue), \(fault.text.title)"
        case .resume: "an operator let it go on"
        case .clear: "a person cleared the latch"
        }
    }
}

extension ReplayReport.Model {
    fileprivate func text(_ style: Style) -> String {
        ([style.bold(title)] + errorLines + fidelityLines).map { "\($0)\n" }.joined()
    }

    var title: String { name.map { "model \(shown($0))" } ?? "the virtual robot" }

    private var errorLines: [String] {
        joints.indices.map { joint in
            let cells = marks.map { mark in
                "\(rounded(Float(growth.horizons[mark]))) s \(rounded(Float(growth.positions[joint][mark]))) rad"
            }
            let still = marks.last.map { " (of \(rounded(Float(growth.still[joint][$0]))) that it moved)" } ?? ""
            return "  error ahead  \(shown(joints[joint])): \(cells.joined(separator: ", "))\(still)"
        }
    }

    /// A few of the horizons at which anything was compared.
    var marks: [Int] {
        let known = growth.counts.indices.filter { growth.counts[$0] > 0 }
        guard known.count > 4 else { return known }
        return [0, known.count / 4, known.count / 2, known.count - 1].map { known[$0] }
    }

    private var fidelityLines: [String] {
        let left = fidelity.stopped > 0 ? ", \(fidelity.stopped) left out because they were stopped" : ""
        let lines = [
            ("returns", fidelity.returns), ("rewards to go", fidelity.rewardsToGo), ("gradients", fidelity.gradients),
        ].map { "  fidelity     \(padded($0, 14))\($1?.text ?? "needs three episodes of one policy")" }
        let gain = fidelity.gradients.map {
            ["  gain         a pair with a known mean divides the variance by up to \(rounded(Float($0.gain)))"]
        }
        return ["  episodes     \(fidelity.used)\(left)"] + lines + (gain ?? [])
    }
}

extension Correlation {
    var text: String {
        let number = rounded(Float(value))
        guard let interval else { return "\(number), of \(count) episodes: too few to say how sure" }
        let (low, high) = (rounded(Float(interval.lowerBound)), rounded(Float(interval.upperBound)))
        return "\(number), with 95 % confidence \(low) to \(high), of \(count) episodes"
    }
}
