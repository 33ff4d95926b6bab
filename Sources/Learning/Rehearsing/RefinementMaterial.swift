internal import Hashing
internal import Models

extension Refinement {
    /// Segments of real episodes: some to learn from, some to judge by.
    struct Material {
        struct Segment: Equatable, Sendable { let trace: Int, first: Int }

        private let stage: Stage
        private let traces: [Trace]
        private let ticks: Int
        private let judges: [Segment]
        /// How much each measured number varies; zero for what never changes.
        private let scale: [Double]
        let windows: Windows
        let startDeviations: [Double]
        let outputDeviations: [Double]
        /// One episode of so many judges.
        let period: Int

        init?(_ refinement: Refinement, _ stage: Stage, _ traces: [Trace], _ ticks: Int, _ key: NoiseKey) {
            (self.stage, self.traces, self.ticks) = (stage, traces, ticks)
            period = min(5, traces.count)
            var choice = Choice(key)
            let each = max(1, refinement.segments / traces.count)
            let stretches = traces.map { trace -> Windows.Stretch in
                let whole = stage.stretch(measurements: trace.measurements, commands: trace.commands)
                return whole.part(each * ticks + stage.model.delay, &choice)
            }
            windows = Windows(cutting: stretches, ticks: ticks, delay: stage.model.delay)
            scale = Self.scale(traces)
            (startDeviations, outputDeviations) = Self.deviations(stretches, stage)
            let judging = traces.indices.filter { [period] in $0 % period == period - 1 }
            judges = (0..<refinement.segments).map { number in
                let trace = judging[number % judging.count]
                let room = traces[trace].ticks - ticks - stage.model.delay - 1
                return Segment(trace: trace, first: stage.model.delay + choice.next(below: room))
            }
            guard windows.count > 0, !judges.isEmpty else { return nil }
        }

        /// A state that no sensor says as it is, but that is concluded from others, is a tenth of what it varies wrong,
        /// the others a hundredth.
        private static func deviations(_ stretches: [Windows.Stretch], _ stage: Stage) -> ([Double], [Double]) {
            let states = columns(stretches.flatMap(\.states)).map(spread)
            let outputs = columns(stretches.flatMap(\.outputs)).map(spread)
            let known = states.enumerated().map { place, spread in
                let share = stage.model.concluded.contains(place) ? 0.1 : 0.01
                return spread > 1e-9 ? share * spread : 1
            }
            return (known, outputs.map { $0 > 1e-9 ? 0.01 * $0 : 1 })
        }

        private static func columns(_ rows: [[Double]]) -> [[Double]] {
            guard let first = rows.first else { return [] }
            return first.indices.map { place in rows.map { $0[place] }.filter(\.isFinite) }
        }

        private static func spread(_ numbers: [Double]) -> Double {
            guard numbers.count > 1 else { return 0 }
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            return (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)).squareRoot()
        }

        private static func scale(_ traces: [Trace]) -> [Double] {
            (0..<(traces.first?.measured ?? 0)).map { number in
                spread(
                    traces.flatMap { trace in
                        (0..<trace.ticks).map { Double(trace.measurements[$0 * trace.measured + number]) }
                    })
            }
        }

        /// The mean square error of each set of parameters at the ends of the segments that judge.
        func errors(of candidates: [[Float]]) -> [Double] {
            var sums = [Double](repeating: 0, count: candidates.count)
            predict(candidates) { errors in
                for lane in candidates.indices {
                    // Nothing that a wild model says weighs more than being altogether wrong.
                    let squares = errors.map { min($0[lane] * $0[lane], 4) }
                    sums[lane] += squares.reduce(0, +) / Double(max(squares.count, 1))
                }
            }
            return sums.map { $0 / Double(max(judges.count, 1)) }
        }

        /// The mean square error of what is believed most, and the mean variance of what the drawn models predict.
        func errorAndSpread(of drawn: [[Float]], about middle: [Float]) -> (error: Double, spread: Double) {
            var (error, spread) = (0.0, 0.0)
            predict([middle] + drawn) { errors in
                for lanes in errors {
                    let others = lanes.dropFirst()
                    error += min(lanes[0] * lanes[0], 4)
                    spread += others.reduce(0) { $0 + min(($1 - lanes[0]) * ($1 - lanes[0]), 4) } / Double(others.count)
                }
            }
            return (error, spread)
        }

        /// Hands over, segment by segment, for each number that is compared its error in every lane, in units of how
        /// much it varies; what is no number is altogether wrong.
        private func predict(_ candidates: [[Float]], _ take: ([[Double]]) -> Void) {
            var prediction = Prediction(stage, lanes: candidates.count)
            let compared = stage.predicted.filter { scale[$0] > 1e-9 }
            for segment in judges {
                let trace = traces[segment.trace]
                prediction.roll(
                    measurements: trace.measurements, commands: trace.commands, from: segment.first, ticks: ticks,
                    parameters: candidates)
                let end = (segment.first + ticks) * trace.measured
                var errors: [[Double]] = []
                for number in compared {
                    let truth = Double(trace.measurements[end + number])
                    errors.append(
                        candidates.indices.map { lane in
                            let said = Double(prediction.measured(number, lane: lane) ?? .nan)
                            return said.isFinite ? (said - truth) / scale[number] : 2
                        })
                }
                take(errors)
            }
        }
    }
}

extension Windows.Stretch {
    /// So many ticks of it, from anywhere.
    fileprivate func part(_ ticks: Int, _ choice: inout Choice) -> Windows.Stretch {
        let count = min(states.count, inputs.count, outputs.count)
        let first = choice.next(below: count - ticks + 1)
        let range = first..<min(first + ticks, count)
        return Windows.Stretch(
            states: Array(states[range]), inputs: Array(inputs[range]), outputs: Array(outputs[range]))
    }
}
