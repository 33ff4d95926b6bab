import Episodes
import GuardCalls
import Metrology
import Quantities
import Replay
import Robots
import Supervision

/// What has been measured so far, and by which plans, approved by whom and when.
struct MeasuredRobot {
    private(set) var findings: CalibrationFindings
    private(set) var plans: [Digest] = []
    private(set) var approvers: Set<UInt32> = []
    /// When the last of them was approved: the robot was measured then, whenever somebody reads it.
    private(set) var made: WallInstant?
    let robot: Robot
    /// What its joints carry by the weights of its links; nil where something else carries as well.
    private let loads: BodyLoads?
    private var isWeighed = false

    init(_ robot: Robot, loads: BodyLoads?) {
        self.robot = robot
        self.loads = loads
        findings = CalibrationFindings(robot)
    }

    mutating func take(ends: [Int: ClosedRange<Double>]) {
        for (place, range) in ends { findings.take(range, of: place) }
    }

    mutating func take(
        _ step: CalibrationStep, _ episode: FlownEpisode, _ end: PlanStanding, _ style: Style
    ) throws(CalibrationStop) {
        do throws(JointReportProblem) { try findings.take(step, episode) } catch {
            // A robot that was stopped before its first motion has told nothing about its joints.
            guard end.state == .finished else { return }
            throw CalibrationStop(
                outcome: .failure(
                    .failed, "a recording of the guard says nothing about joints: \(error)",
                    next: "look into the recording: understudy recording info", style))
        }
        weigh(after: step)
        plans.append(end.plan)
        approvers.formUnion([end.decidedBy].compactMap(\.self))
        made = max(made ?? WallInstant(milliseconds: .min), end.decidedAt ?? WallInstant(milliseconds: .min))
    }

    /// As soon as every joint has gone through its range: before all of them move at once.
    private mutating func weigh(after step: CalibrationStep) {
        guard case .joint = step, !isWeighed, let loads, findings.joints.count == robot.file.joints.count,
            findings.joints.values.allSatisfy({ $0.friction != nil })
        else { return }
        isWeighed = true
        findings.weigh(by: loads.efforts)
    }

    mutating func identify(believing robot: RobotFile, _ style: Style) throws(CalibrationStop) {
        do throws(RecordedFitProblem) { try findings.identify(believing: robot) } catch {
            throw CalibrationStop(Outcome.Refusal(error), style)
        }
    }

    // MARK: What went wrong

    /// The joints' faults first: they are usually why the robot was stopped.
    func complaint(of end: PlanStanding, _ title: String, _ style: Style) -> Outcome {
        findings.faults.isEmpty ? unflown(end, title, style) : complaints(style)
    }

    /// All that is wrong with the joints.
    func complaints(_ style: Style) -> Outcome {
        let texts = JointTexts(robot.file)
        guard let first = findings.faults.first else { preconditionFailure("a complaint is about something") }
        var outcome = Outcome.failure(.deviceFault, texts.fault(first), next: texts.remedy(first), style)
        for other in findings.faults.dropFirst() {
            outcome.errors += "\(style.red("error:")) \(texts.fault(other))\n  next: \(texts.remedy(other))\n"
        }
        return outcome
    }

    private func unflown(_ end: PlanStanding, _ title: String, _ style: Style) -> Outcome {
        end.unflown(title, style)
    }
}

extension PlanStanding {
    /// Why a plan did not fly to its end.
    func unflown(_ title: String, _ style: Style) -> Outcome {
        let end = self
        // Of those who decide, only who denied says why it came to this.
        let why = end.state == .denied ? end.why.map { $0.isEmpty ? "" : ": \(shown($0))" } ?? "" : ""
        if let fault = end.fault, end.state == .stopped || end.state == .failed {
            let what = end.state == .stopped ? "was stopped" : "did not get to its start, and was stopped"
            return .failure(
                .refused, "\(title) \(what) by fault \(fault)",
                next: "understudy explain fault \(fault); then the same command tries once more", style)
        }
        return .failure(
            .refused, "\(title) was \(end.state.rawValue)\(why)", next: "the same command proposes it once more", style)
    }
}

/// Joints and what was found of them, in words.
struct JointTexts {
    private let robot: RobotFile

    init(_ robot: RobotFile) { self.robot = robot }

    private func name(_ joint: Int) -> String { shown(robot.joints[joint].name) }

    func fault(_ finding: JointFinding) -> String {
        let joint = name(finding.joint)
        return switch finding {
        case .reversed: "\(joint) goes the other way than it is told"
        case .carriesReversed(_, let others):
            "by what they carry, \(([finding.joint] + others).map(name).joined(separator: " or ")) goes the other way "
                + "than the robot's file says"
        case .swapped(_, let other): "\(joint) has the place of \(name(other)): their ids are swapped"
        case .stuck: "\(joint) does not move"
        case .wrongGear(_, let ratio): "\(joint) goes \(decimal(ratio, 2)) times as far as it is told"
        case .wrapInside(_, let place): "\(joint)'s encoder begins anew inside its range, at \(decimal(place, 2)) rad"
        case .wrongZero(_, let by): "\(joint)'s zero is \(decimal(by, 3)) rad beside where its ends say"
        case .wrongSpan(_, let ratio):
            "from end to end \(joint) goes \(decimal(ratio, 2)) times as far as its file says"
        case .sticky(_, let place, let times):
            "\(joint) is sticky at \(decimal(place, 2)) rad: it takes \(decimal(times, 1)) times the effort there"
        case .lateCommands(_, let after, let most):
            "\(joint) obeys \(decimal(after * 1_000, 1)) ms after it is told; \(decimal(most * 1_000, 1)) ms are the most "
                + "that its model and envelope count on"
        case .notRepeatable(_, let spread): "\(joint) comes back to places \(decimal(spread, 3)) rad apart"
        }
    }

    func remedy(_ finding: JointFinding) -> String {
        switch finding {
        case .reversed, .carriesReversed:
            "set or remove 'opposite' of the joint in the robot's file: understudy explain opposite"
        case .swapped: "swap their ids in the robot's file, or the plugs"
        case .stuck: "check that nothing blocks it, its power, and its torque limit: understudy doctor"
        case .wrongGear: "mend 'gear' of the joint in the robot's file: understudy explain gear"
        case .wrapInside: "turn the horn, so that the encoder's beginning is outside of the range, and mend zero_rad"
        case .wrongZero(let place, let by): "let zero_rad of the joint be \(decimal(zero(place, by), 4)) in its file"
        case .wrongSpan(let place, let ratio):
            "take it to both of its ends; if nothing is in its way, let its gear be "
                + "\(decimal(Double(robot.joints[place].gear) * ratio, 3)), or mend stop_low_rad and stop_high_rad"
        case .sticky: "clean and oil it, or look for a damaged tooth"
        case .lateCommands(_, let after, _):
            "understudy doctor --port PORT says what is slow; if it has to be so, let "
                + (robot.models.isEmpty ? "" : "delay_ticks of its model be \(ticks(of: after)) and ")
                + "reaction_s of the envelope be \(decimal(after, 3)) or more"
        case .notRepeatable: "look for play in its horn and its gear"
        }
    }

    /// As its actuator reads it where the joint is at zero, by how far that is off.
    private func zero(_ place: Int, _ by: Double) -> Double {
        let joint = robot.joints[place]
        return Double(joint.zero.value) + by * Double(joint.gear) * (joint.isOpposite ? -1 : 1)
    }

    /// So many that a tick more is after that time.
    private func ticks(of delay: Double) -> Int { max(1, Int((delay / Double(robot.period.value)).rounded(.up)) - 1) }

    /// The key of the robot's file by which a joint's efforts are computed; nil where its actuator knows them.
    func torqueKey(_ joint: Int) -> String? {
        switch robot.joints[joint].torque {
        case .perAmpere: "torque_per_ampere_nm_a"
        case .atFullDuty: "torque_at_full_duty_nm"
        case .known: nil
        }
    }

    /// One line a joint.
    func line(
        _ place: Int, _ joint: JointReport.Joint, _ torque: TorqueScale?, resolution: Double?
    ) -> String {
        var parts: [String] = []
        if let friction = joint.friction {
            parts.append("friction \(measured(friction.dry, 4)) N·m")
            parts.append("carries up to \(decimal(largest(friction), 4)) N·m")
        }
        if let backlash = joint.backlash { parts.append("play \(measured(backlash.width, 4)) rad") }
        if let delay = joint.delay {
            parts.append("obeys after \(milliseconds(delay.delay)) ms")
            if let motion = delay.motion, motion != delay.delay {
                parts.append("goes after \(milliseconds(motion)) ms")
            }
        }
        if let returns = joint.repeatability {
            let ticks = resolution.map { ", \(decimal(returns.ticks(of: $0), 1)) ticks" } ?? ""
            parts.append("comes back within \(decimal(returns.deviation, 4)) rad\(ticks)")
        }
        if let torque = torque?.torque {
            parts.append("\(torqueKey(place) ?? "torque") \(measured(torque, 3)) by the weights of its links")
        }
        if let ringing = joint.resonance { parts.append("rings at \(decimal(ringing.frequency.value, 1)) Hz") }
        return "  joint        \(name(place)): \(parts.joined(separator: ", "))"
    }

    private func milliseconds(_ time: Measured) -> String {
        "\(decimal(time.value * 1_000, 1)) ± \(decimal(time.uncertainty * 1_000, 1))"
    }

    private func measured(_ number: Measured, _ places: Int) -> String {
        "\(decimal(number.value, places)) ± \(decimal(number.uncertainty, places))"
    }

    private func largest(_ friction: FrictionSweep) -> Double {
        let swing = (friction.sine.value * friction.sine.value + friction.cosine.value * friction.cosine.value)
        return swing.squareRoot() + abs(friction.constant.value)
    }
}
