import Expressions
import Quantities
import Robots
import Supervision

/// A robot in plain words.
struct RobotFileWords {
    let robot: Robot

    private var file: RobotFile { robot.file }

    var robotLines: [EnvelopeLine] {
        let ticks = "\(rounded(1 / file.period.value)) a second"
        let guards = "safety of \(quoted(file.envelopeName)): 'understudy explain envelope \(file.envelopeName)'"
        return [file.about.map { EnvelopeLine("does", shown($0)) }].compactMap { $0 } + [
            EnvelopeLine("ticks", ticks), EnvelopeLine("envelope", guards),
        ] + [file.deadMan.map { EnvelopeLine("dead-man", "moves only while \(quoted($0)) is held") }].compactMap { $0 }
    }

    var busLines: [EnvelopeLine] {
        let line = file.bus
        let rate = line.baud.map { " at \($0) baud" } ?? ""
        let port = line.port.map { shown($0) } ?? "not said here: the verbs that need it ask for --port"
        let guarded =
            line.watchdog.map { "servos stop by themselves after \(spelled($0)) of silence" }
            ?? "none: when their host falls silent, these servos go on to their last goal"
        return [
            EnvelopeLine("driver", line.driver.rawValue + rate), EnvelopeLine("port", port),
            EnvelopeLine("watchdog", guarded),
        ]
    }

    func jointLines(_ joint: RobotFile.Joint) -> [EnvelopeLine] {
        var lines = [EnvelopeLine("servo", "\(joint.model), number \(joint.id), driven by \(joint.drive.rawValue)")]
        let gear = joint.gear == 1 ? "" : ", turns \(plain(joint.gear)) times as often"
        let way = joint.isOpposite ? "against the joint" : "with the joint"
        lines.append(EnvelopeLine("mounting", "turns \(way)\(gear), reads \(spelled(joint.zero)) at its zero"))
        switch joint.torque {
        case .perAmpere(let scale): lines.append(EnvelopeLine("torque", "\(spelled(scale)) for each ampere"))
        case .atFullDuty(let scale):
            lines.append(EnvelopeLine("torque", "\(spelled(scale)) with the whole supply on it"))
        case .known: lines.append(EnvelopeLine("torque", "the actuator knows it"))
        }
        if let limit = joint.currentLimit { lines.append(EnvelopeLine("its own limit", spelled(limit))) }
        if let low = joint.stopLow, let high = joint.stopHigh {
            lines.append(EnvelopeLine("metal", "from \(spelled(low)) to \(spelled(high))"))
        }
        return lines
    }

    var taskLines: [EnvelopeLine] {
        let task = file.task
        var lines = [
            EnvelopeLine("episode", "\(spelled(task.horizon)), which is \(file.horizon.rawValue) ticks"),
            EnvelopeLine("sees", "\(task.observationCount) numbers: \(names("observation").joined(separator: ", "))"),
        ]
        for (joint, command) in zip(file.joints, task.commands) {
            lines.append(EnvelopeLine("each tick", "\(joint.name) is sent \(words(command, joint.drive))"))
        }
        lines += task.draws.map { EnvelopeLine("draws", "\($0.name), \(words($0))") }
        lines += texts("reward").map { EnvelopeLine("a tick is worth", $0) }
        lines += named("failure").map { EnvelopeLine("fails when", $0) }
        lines += named("done").map { EnvelopeLine("is done when", $0) }
        lines.append(EnvelopeLine("a lost tick", "is worth \(plain(task.failureReward))"))
        let time = task.successTime == Seconds(0) ? "at the end" : "for the last \(spelled(task.successTime))"
        return lines + texts("success").map { EnvelopeLine("is a success", "when \(time): \($0)") }
    }

    private func outputs(_ kind: String) -> [Output] {
        file.task.outputs.filter { $0.name == kind || $0.name.hasPrefix(kind + ".") }
    }

    private func texts(_ kind: String) -> [String] { outputs(kind).map { shown($0.text).trimmed } }

    private func names(_ kind: String) -> [String] { outputs(kind).map { String($0.name.dropFirst(kind.count + 1)) } }

    private func named(_ kind: String) -> [String] { zip(names(kind), texts(kind)).map { "\($0): \($1)" } }

    private func words(_ command: RobotFile.LearningTask.Command, _ drive: DriveName) -> String {
        switch command {
        case .direct(let low, let high):
            let symbol =
                drive == .position ? Radians.symbol : drive == .speed ? RadiansPerSecond.symbol : NewtonMetres.symbol
            return "from \(rounded(low)) to \(rounded(high)) \(symbol)"
        case .step(let low, let high): return "a step from \(rounded(low.value)) to \(rounded(high.value)) rad"
        case .spring(let low, let high, let stiffness, let damping):
            return "the torque of a spring of \(spelled(stiffness)) with \(spelled(damping)) towards "
                + "\(rounded(low.value)) to \(rounded(high.value)) rad"
        }
    }

    private func words(_ draw: RobotFile.LearningTask.Draw) -> String {
        switch draw.distribution {
        case .even(let range):
            "from \(plain(range.lowerBound)) to \(plain(range.upperBound)) \(draw.unit), anywhere alike"
        case .normal(let mean, let deviation): "about \(plain(mean)) \(draw.unit), give or take \(plain(deviation))"
        }
    }

    var startLines: [EnvelopeLine] {
        let places = zip(file.joints, file.starts).map { joint, start in
            EnvelopeLine(joint.name, "begins at \(spelled(start.position)), give or take \(spelled(start.spread))")
        }
        let steps = file.reset.steps.enumerated().map { index, step in
            EnvelopeLine("step \(index + 1)", words(step))
        }
        let accepted = file.reset.acceptText.map { shown($0).trimmed } ?? "each joint is within the spread of its start"
        let last = "\(accepted); after \(file.reset.attempts) vain attempts a person is called"
        return places + steps + [EnvelopeLine("accepted when", last)]
    }

    private func words(_ step: RobotFile.Reset.Step) -> String {
        switch step {
        case .move(let targets, let speed, let within):
            let places = zip(file.joints, targets).compactMap { joint, target in
                target.map { "\(joint.name) to \(spelled($0))" }
            }
            let pace = speed.map { "at \(spelled($0))" } ?? "as fast as when parking"
            return "move \(places.joined(separator: ", ")), \(pace), within \(spelled(within))"
        case .relax: return "switch all motors off"
        case .hold(let time): return "hold still for \(spelled(time))"
        case .rest(let time, let within): return "wait until at rest for \(spelled(time)), at most \(spelled(within))"
        case .wait(let time): return "wait \(spelled(time))"
        }
    }
}

extension String {
    /// Without blanks around it.
    fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}
