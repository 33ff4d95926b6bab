public import Expressions

/// A model written out for lanes of one kind of number: `Float` for rollouts, `Double` for identification.
///
/// It does not change and may be shared between threads; each thread has `ModelLanes` of its own.
public struct CompiledModel<Element: Lane>: Sendable {
    public let model: ReducedModel
    /// Whether all lanes have the same parameters, which is faster, or each its own.
    public let sharing: Program.Parameters
    let step: Tape<Element>
    let measurements: Tape<Element>

    public init(_ model: ReducedModel, parameters sharing: Program.Parameters = .shared) {
        self.model = model
        self.sharing = sharing
        step = Tape(model.step, parameters: sharing)
        measurements = Tape(model.measurements, parameters: sharing)
    }
}
