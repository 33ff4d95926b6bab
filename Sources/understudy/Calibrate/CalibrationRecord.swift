import Episodes
import GuardCalls
import Metrology
import Models
import Quantities
import Replay
import Robots
import Supervision

// From what was measured to the file that the guard goes by.
extension MeasuredRobot {
    func recorded(
        _ known: GuardCalls.GuardedRobot, _ options: CalibrateOptions, _ folder: RobotFolder,
        in surroundings: Surroundings
    ) throws(CalibrationStop) -> Outcome {
        let record = record(known, session: folder.measured.count + 1)
        let made = (made ?? WallInstant(milliseconds: 0)).description.prefix(10)
        let serial = robot.file.joints.compactMap { known.serials[$0.name] }.first { Name($0) != nil }
        let path = "\(folder.folder)/\(made)-\(serial.map { "\($0)-" } ?? "")\(folder.measured.count + 1).json"
        let text = "\(record)\n"
        // What the guard would not take must not lie in its way.
        do throws(CalibrationProblem) { _ = try CalibrationFile(parsing: Array(text.utf8)) } catch {
            preconditionFailure("a record that no guard reads: \(error)")
        }
        if let trouble = surroundings.devices.save(path, text) {
            throw CalibrationStop(
                outcome: .failure(
                    .failed, "cannot write '\(shown(path))': \(trouble.reason)",
                    next: "the same command writes it: all that it takes has been recorded", surroundings.errors))
        }
        let style = surroundings.output
        if options.asJSON { return Outcome(output: "\(record)\n") }
        let report = findings.model.map { CalibrationReport(fit: $0, runs: plans.count - 1).text(style, asked: false) }
        return Outcome(
            output: jointLines + endLines + (report ?? "") + "written to \(shown(path))\n"
                + CalibrationRun.restart(known.name))
    }

    /// What is worth knowing of every joint that was measured.
    var jointLines: String {
        let texts = JointTexts(robot.file)
        let lines = findings.joints.sorted { $0.key < $1.key }.map { place, joint in
            texts.line(place, joint, findings.torques[place], resolution: resolution)
        }
        let others = findings.findings.filter { !$0.isFault }.map { "  note         \(texts.fault($0))" }
        let clock = findings.skew.map {
            "  clock        the devices' runs \(decimal($0.rate.value * 1e6, 0)) ppm beside the host's, "
                + "with a jitter of \(decimal($0.jitter * 1e6, 0)) µs"
        }
        return (lines + others + [clock].compactMap(\.self)).map { "\($0)\n" }.joined()
    }

    /// How far joints go, and where nobody has looked.
    private var endLines: String {
        HandSweep.places(of: robot).map { place in
            let name = shown(robot.file.joints[place].name)
            guard let ends = findings.ends[place] else {
                return "  note         nobody has looked where \(name) ends: its file is believed\n"
            }
            let margin = ends.wrapMargin.map { ", and its encoder begins anew \(decimal($0, 2)) rad beyond" } ?? ""
            return "  ends         \(name): from \(decimal(ends.range.lowerBound, 3)) to "
                + "\(decimal(ends.range.upperBound, 3)) rad\(margin)\n"
        }.joined()
    }

    /// Radians of a step of the encoders, where their kind says it.
    private var resolution: Double? {
        switch robot.file.bus.driver {
        case .dynamixel, .feetech: 2 * .pi / 4_096
        case .moteus, .board: nil
        }
    }

    // MARK: The record

    private func record(_ known: GuardCalls.GuardedRobot, session: Int) -> JSONText {
        let users = approvers.sorted().map { JSONText.integer(Int($0)) }
        return .object([
            ("format", .integer(2)), ("robot", .text(robot.file.name)), ("session", .integer(session)),
            ("made", .text((made ?? WallInstant(milliseconds: 0)).description)),
            ("valid_days", .integer(robot.file.calibrationDays)),
            ("calibration", .text("measured")),
            (
                "made_by",
                .object([("program", .text("understudy \(Help.version)")), ("approved_by_users", .list(users))])
            ),
            ("devices", .list(robot.file.joints.map { device($0, known) })),
            ("conditions", .list(findings.conditions.map(\.json))),
            ("joints", .list(findings.joints.sorted { $0.key < $1.key }.map { joint($0, $1) })),
            ("clock", findings.skew?.json ?? .null), ("model", findings.model?.record(findings.inTurns) ?? .null),
            ("plans", .texts(plans.map(\.text))),
        ])
    }

    private func device(_ joint: RobotFile.Joint, _ known: GuardCalls.GuardedRobot) -> JSONText {
        .object([
            ("joint", .text(joint.name)), ("id", .integer(Int(joint.id))), ("model", .text(joint.model)),
            ("serial", .optional(known.serials[joint.name])), ("firmware", .optional(known.firmware[joint.name])),
            ("settings_sha256", .optional(known.settings[joint.name]?.text)),
        ])
    }

    private func joint(_ place: Int, _ joint: JointReport.Joint) -> JSONText {
        let (friction, torque, ends) = (joint.friction, findings.torques[place], findings.ends[place])
        return .object([
            ("joint", .text(joint.name)),
            ("turns_per_turn", .measure(findings.directions?.ratios[place])),
            ("end_low_rad", .measure(ends?.range.lowerBound)), ("end_high_rad", .measure(ends?.range.upperBound)),
            ("encoder_margin_rad", .measure(ends?.wrapMargin)),
            ("friction_nm", .measure(friction?.dry.value)), ("friction_doubt_nm", .measure(friction?.dry.uncertainty)),
            ("viscous_nm_s_rad", .measure(friction?.viscous?.value)),
            ("load_sine_nm", .measure(friction?.sine.value)), ("load_cosine_nm", .measure(friction?.cosine.value)),
            ("load_constant_nm", .measure(friction?.constant.value)),
            ("play_rad", .measure(joint.backlash?.width.value)),
            ("play_doubt_rad", .measure(joint.backlash?.width.uncertainty)),
            ("returns_sd_rad", .measure(joint.repeatability?.deviation)),
            ("returns_sd_ticks", .measure(resolution.flatMap { joint.repeatability?.ticks(of: $0) })),
            ("delay_s", .measure(joint.delay?.delay.value)),
            ("delay_doubt_s", .measure(joint.delay?.delay.uncertainty)),
            ("motion_delay_s", .measure(joint.delay?.motion?.value)),
            ("torque_key", .optional(torque.flatMap { _ in JointTexts(robot.file).torqueKey(place) })),
            ("torque", .measure(torque?.torque.value)), ("torque_doubt", .measure(torque?.torque.uncertainty)),
            ("resonance_hz", .measure(joint.resonance?.frequency.value)),
            ("resonance_damping", .measure(joint.resonance?.damping)),
        ])
    }
}

extension JSONText {
    fileprivate static func measure(_ number: Double?) -> JSONText { number.map { .number(Float($0)) } ?? .null }
}

extension CalibrationFindings.Conditions {
    fileprivate var json: JSONText {
        .object([
            ("joint", .text(joint)), ("temperature_c", temperature.map { .number($0.value) } ?? .null),
            ("voltage_v", voltage.map { .number($0.value) } ?? .null),
        ])
    }
}

extension ClockSkew {
    fileprivate var json: JSONText {
        .object([
            ("device_gains_ppm", .number(Float(rate.value * 1e6))),
            ("doubt_ppm", .number(Float(rate.uncertainty * 1e6))), ("jitter_us", .number(Float(jitter * 1e6))),
        ])
    }
}

extension RecordedFit {
    /// What a robot's record keeps of it. What was refused is there for people: the numbers that count are those before.
    ///
    /// - Parameter inTurns: what predictions of the joints' own motions are off by.
    func record(_ inTurns: [String: Double]) -> JSONText {
        .object([
            ("name", .text(model)), ("ahead_s", .number(Float(ahead))),
            (
                "parameters",
                .list(
                    parameters.map {
                        .object([
                            ("name", .text($0.name)), ("unit", .text($0.unit)), ("before", .number(Float($0.before))),
                            ("value", .number(Float($0.estimate.value))),
                            ("interval_low", .number(Float($0.estimate.interval.lowerBound))),
                            ("interval_high", .number(Float($0.estimate.interval.upperBound))),
                            ("learnt", .number(Float($0.estimate.learnt))),
                        ])
                    })
            ),
            (
                "predictions",
                .list(
                    predictions.map {
                        .object([
                            ("name", .text($0.name)), ("before", .number(Float($0.before))),
                            ("after", .number(Float($0.after))),
                            ("after_in_turns", inTurns[$0.name].map { .number(Float($0)) } ?? .null),
                            ("refused", $0.refused.map { .number(Float($0)) } ?? .null),
                        ])
                    })
            ),
            ("not_told_apart", .list(weak.map { .texts($0.names) })), ("converged", .boolean(hasConverged)),
            ("better", .boolean(isBetter)),
        ])
    }
}
