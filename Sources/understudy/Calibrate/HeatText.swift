import Metrology
import Quantities
import Recordings
import Replay
import Robots
import Supervision

/// `understudy calibrate ROBOT RUN... --warmth`: how the motors warm, in words.
struct HeatText {
    let report: HeatReport
    /// In words, for who has to change it.
    let envelope: String

    /// Nothing is wrong that a person has to mend.
    var isFine: Bool { !report.joints.contains { $0.verdict == .unsafe } }

    func outcome(asJSON: Bool, in surroundings: Surroundings) -> Outcome {
        if report.joints.allSatisfy({ $0.verdict == nil }) {
            let why = report.joints.first.map { reason($0) } ?? "the robot has no joints"
            return .failure(
                .invalidConfiguration, "these recordings do not say how the motors warm: \(why)",
                next:
                    "record half an hour of hard and easy work with rests between, all of it since the computer was started",
                surroundings.errors)
        }
        var outcome = Outcome(output: asJSON ? "\(json)\n" : text(surroundings.output))
        if !isFine { outcome.status = .refused }
        return outcome
    }

    func text(_ style: Style) -> String {
        let head = style.bold("warmth of \(report.joints.count) motors, from \(report.recordings) recordings")
        return ([head] + report.joints.flatMap(lines)).map { "\($0)\n" }.joined()
    }

    private func lines(_ joint: HeatReport.Joint) -> [String] {
        guard case .success(let warming)? = joint.warming else {
            return ["  not told     \(shown(joint.name)): \(reason(joint))"]
        }
        let counted =
            "\(number(Double(joint.counted.housingCapacity.value))) J/K and "
            + "\(number(Double(joint.counted.housingToAmbient.value))) K/W"
        let found =
            "  warmth       \(shown(joint.name)): its housing takes \(interval(warming.capacity)) J/K, and is "
            + "\(interval(warming.resistance)) K/W warmer than air of \(number(warming.ambient.value)) °C"
        switch joint.verdict {
        case .safe: return [found, "  envelope     counts on \(counted), which is worse: it is safe"]
        case .close: return [found, "  envelope     counts on \(counted): as far as this tells, it is so"]
        case .unsafe, nil:
            return [
                found,
                "  TOO COLD     the envelope counts on \(counted), so the motor becomes warmer than the guard thinks",
                "    set housing_capacity_j_k to \(number(warming.capacity.value)) and housing_to_ambient_k_w to "
                    + "\(number(warming.resistance.value)) or worse in \(envelope)",
            ]
        }
    }

    private func reason(_ joint: HeatReport.Joint) -> String {
        switch joint.warming {
        case nil: "nobody knows its current: give it torque_per_ampere_nm_a"
        case .failure(.tooFew(let count))?: "\(count) recordings are too few; \(Warming.leastWorks) are the least"
        case .failure(.tooCold(let kelvins))?:
            "it became warmer by \(number(kelvins)) K only; \(number(Warming.leastSpan)) K are the least"
        case .failure(.notTold)?, .success?: "it was never seen to warm and to cool"
        }
    }

    private func interval(_ measured: Measured) -> String {
        "\(number(measured.value)) (\(number(measured.value - measured.uncertainty)) to "
            + "\(number(measured.value + measured.uncertainty)))"
    }

    private func number(_ value: Double) -> String { rounded(Float(value)) }

    private var json: JSONText {
        .object([
            ("recordings", .integer(report.recordings)), ("fine", .boolean(isFine)),
            ("joints", .list(report.joints.map(object))),
        ])
    }

    private func object(_ joint: HeatReport.Joint) -> JSONText {
        var members: [(String, JSONText)] = [("name", .text(joint.name))]
        if case .success(let warming)? = joint.warming {
            for (name, found) in [
                ("housing_capacity_j_k", warming.capacity), ("housing_to_ambient_k_w", warming.resistance),
                ("ambient_c", warming.ambient),
            ] {
                members.append((name, .number(Float(found.value))))
                members.append(("\(name)_uncertainty", .number(Float(found.uncertainty))))
            }
        } else {
            members.append(("reason", .text(reason(joint))))
        }
        members.append(("verdict", joint.verdict.map { .text($0.rawValue) } ?? .null))
        return .object(members)
    }
}
