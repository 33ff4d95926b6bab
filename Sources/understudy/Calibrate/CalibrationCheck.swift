import Metrology
import Replay
import Robots

// Whether a record still holds, by a few seconds of motion.
extension MeasuredRobot {
    func compared(with last: RobotFolder.Record, _ options: CalibrateOptions, _ surroundings: Surroundings) -> Outcome {
        let drifts = drifts(from: last.file)
        let style = surroundings.output
        let head =
            drifts.isEmpty
            ? style.green("holds") + ": \(shown(last.path))" : style.red("does not hold") + ": \(shown(last.path))"
        let lines = drifts.map { "  \($0)\n" }.joined()
        if options.asJSON {
            let json = JSONText.object([
                ("record", .text(last.path)), ("holds", .boolean(drifts.isEmpty)), ("drifts", .texts(drifts)),
            ])
            return Outcome(status: drifts.isEmpty ? .done : .refused, output: "\(json)\n")
        }
        let next = drifts.isEmpty ? "" : "  next: understudy calibrate \(options.robot)\n"
        return Outcome(status: drifts.isEmpty ? .done : .refused, output: "\(head)\n\(lines)\(jointLines)\(next)")
    }

    private func drifts(from record: CalibrationFile) -> [String] {
        var drifts: [String] = []
        for (_, joint) in findings.joints.sorted(by: { $0.key < $1.key }) {
            guard let then = record.joints.first(where: { $0.name == joint.name }) else { continue }
            if let was = then.delay, let now = joint.delay?.delay.value, abs(now - was) > max(0.5 * was, 0.006) {
                drifts.append(
                    "\(shown(joint.name)) obeys after \(milliseconds(now)) ms, after \(milliseconds(was)) then")
            }
            if let was = then.friction, let now = joint.friction?.dry,
                abs(now.value - was) > max(0.7 * abs(was), 2 * now.uncertainty)
            {
                drifts.append(
                    "\(shown(joint.name)) rubs with \(decimal(now.value, 4)) N·m, with \(decimal(was, 4)) then")
            }
        }
        return drifts + predictionDrifts(record)
    }

    private func milliseconds(_ seconds: Double) -> String { decimal(seconds * 1_000, 1) }

    /// A short motion tells less than the long ones did: three times the error of then is a drift, of whichever motions were
    /// predicted worse.
    private func predictionDrifts(_ record: CalibrationFile) -> [String] {
        let found: [String: Double]?
        do throws(RecordedFitProblem) { found = try findings.predictions(by: record) } catch {
            return ["its model is none of this robot's any more"]
        }
        return record.predictions.compactMap { then in
            let before = max(then.after, then.inTurns ?? 0)
            guard let now = found?[then.name], now > max(3 * before, 0.02) else { return nil }
            return "\(shown(then.name)) is predicted \(decimal(now, 4)) off, \(decimal(before, 4)) then"
        }
    }
}
