public import Hashing
internal import Policies

/// What is believed of a model's parameters: each within its range, around a value, independent of the others.
///
/// Rehearsing in models drawn from it keeps a policy from living off the errors of a single one.
public struct Belief: Equatable, Sendable {
    public struct Parameter: Equatable, Sendable {
        public let range: ClosedRange<Double>
        public let value: Double
        /// Zero for a parameter that stays as it is.
        public let deviation: Double

        public init(_ value: Double, deviation: Double = 0, in range: ClosedRange<Double>? = nil) {
            self.range = range ?? value...value
            self.value = min(max(value, self.range.lowerBound), self.range.upperBound)
            self.deviation = deviation
        }
    }

    public let parameters: [Parameter]

    public init(_ parameters: [Parameter]) { self.parameters = parameters }

    public var values: [Float] { parameters.map { Float($0.value) } }

    /// One of the models that are believed possible.
    ///
    /// - Parameter width: in standard deviations; zero is what is believed most.
    public func drawn(_ key: NoiseKey, width: Double = 1) -> [Float] {
        var noise = [Float](repeating: 0, count: parameters.count)
        var span = noise.mutableSpan
        NoiseStream(key, for: .parameters).fill(&span, tick: 0)
        return zip(parameters, noise).map { parameter, noise in
            let value = parameter.value + width * parameter.deviation * Double(noise)
            return Float(min(max(value, parameter.range.lowerBound), parameter.range.upperBound))
        }
    }
}
