/// How far predictions are from what was measured, in windows that nothing was learnt from.
struct HeldOutJudge {
    private let sensitivities: Sensitivities
    private let windows: Windows

    init(_ sensitivities: Sensitivities, _ windows: Windows) {
        self.sensitivities = sensitivities
        self.windows = windows
    }

    /// Root of the mean square at the windows' ends, for each output.
    func errors(_ parameters: [Double]) -> [Double] {
        var sums = Sums(sensitivities.outputCount)
        each(parameters) { tick, output, error in
            if tick == windows.ticks - 1 { sums.add(error * error, output) }
        }
        return sums.means.map { $0.squareRoot() }
    }

    /// Whether these parameters predict better than others, all outputs and all moments of a window together: errors count
    /// by their squares in units of what the others are usually off by.
    func prefers(_ parameters: [Double], to others: [Double]) -> Bool {
        var usual = Sums(sensitivities.outputCount)
        each(others) { _, output, error in
            if error.isFinite { usual.add(error * error, output) }
        }
        let scales = usual.means
        func cost(_ parameters: [Double]) -> Double {
            var sum = 0.0
            each(parameters) { _, output, error in
                // Nothing weighs more than being altogether wrong: what no number is, or where chance took over.
                let square = error * error / scales[output]
                if scales[output] > 0 { sum += square < Self.most ? square : Self.most }
            }
            return sum
        }
        return cost(parameters) < cost(others)
    }

    private static let most = 4.0

    private func each(_ parameters: [Double], _ take: (_ tick: Int, _ output: Int, _ error: Double) -> Void) {
        let lanes = windows.count
        sensitivities.rollPlainly(windows, from: windows.starts, parameters: parameters) { tick, predicted in
            let first = tick * predicted.count
            for place in predicted.indices where !windows.outputs[first + place].isNaN {
                take(tick, place / lanes, predicted[place] - windows.outputs[first + place])
            }
        }
    }

    private struct Sums {
        private var sums: [Double]
        private var counts: [Double]

        init(_ outputs: Int) {
            sums = [Double](repeating: 0, count: outputs)
            counts = sums
        }

        mutating func add(_ value: Double, _ output: Int) {
            sums[output] += value
            counts[output] += 1
        }

        var means: [Double] { zip(sums, counts).map { $0 / max($1, 1) } }
    }
}
