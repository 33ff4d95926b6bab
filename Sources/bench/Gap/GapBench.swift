import Models
import Quantities
import Robots

/// How far the reduced models are from the bodies before anybody calibrated them: the prediction one second ahead.
///
/// Every run has a seed: it draws the start within the robot's spread and a policy's outputs, a new one each 0.1 s. The
/// body stands still for half a second and is measured; body and model get the same outputs from there. What is printed
/// is the root mean square of their difference at the end of the second over all runs, with a 95 % interval from
/// resampling the runs, beside how far the body itself came in that second.
enum GapBench {
    static let runs = 40
    private static let resamples = 1_000

    static func run() {
        print("gap: errors of predictions one second ahead, uncalibrated models, \(runs) seeds each, rms [95 %]")
        for name in ["pendulum", "reacher", "leg"] { measure(GapRobot(name)) }
    }

    private static func measure(_ robot: GapRobot) {
        let model = robot.model
        print("  \(robot.file.name), model \(model.name), \(model.substeps) steps in \(model.period.value) s")
        print("    " + row(["", "", "body moved", "one robot as written", "robots as bought (spread 1)"]))
        let written = (1...UInt64(runs)).map { GapRun(robot, seed: $0, spread: 0) }
        let bought = (1...UInt64(runs)).map { GapRun(robot, seed: $0, spread: 1) }
        for (place, compared) in robot.compared.enumerated() {
            let moved = rms(written.map { $0.ends[place] - $0.starts[place] })
            let cells = [written, bought].map { runs in figures(runs.map { $0.predictions[place] - $0.ends[place] }) }
            print("    " + row([compared.name, robot.unit(of: compared.name), text(moved)] + cells))
        }
    }

    private static func rms(_ errors: [Double]) -> Double {
        (errors.map { $0 * $0 }.reduce(0, +) / Double(errors.count)).squareRoot()
    }

    private static func figures(_ errors: [Double]) -> String {
        var chance = GapChance(seed: 7)
        let spread = Spread(
            (0..<resamples).map { _ in
                rms(errors.map { _ in errors[Int((chance.next() + 1) / 2 * Float(errors.count)) % errors.count] })
            })
        return "\(text(rms(errors))) [\(text(spread.quantile(0.025))), \(text(spread.quantile(0.975)))]"
    }

    /// Three digits that count.
    private static func text(_ number: Double) -> String {
        guard number.isFinite, number != 0 else { return "\(number)" }
        var scale = 1.0
        while number.magnitude * scale < 100, scale < 1e9 { scale *= 10 }
        return "\((number * scale).rounded() / scale)"
    }

    private static func row(_ cells: [String]) -> String {
        zip(cells, [19, 6, 11, 27, 27]).map { cell, width in
            cell + String(repeating: " ", count: max(1, width - cell.count))
        }.joined()
    }
}
