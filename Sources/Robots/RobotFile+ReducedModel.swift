public import Models
public import Quantities
internal import Expressions

extension RobotFile.Model {
    /// The model as something that rolls forward, one period after the other.
    ///
    /// Its inputs are the commands by joint; its measurements have the names of the task: `position.elbow`.
    public func reduced(period: Seconds) throws(ModelError) -> ReducedModel {
        let stateSlots = program.slots.filter { $0.role == .state }
        let jumps = zip(states, stateSlots).filter { !$0.0.isRate }.map(\.1)
        return try ReducedModel(
            name, equations: program, jumps: Set(jumps), integrator: Integrator(integrator), period: period,
            substeps: substeps, delay: Int(delay.rawValue), parameters: parameters.map(\.value))
    }
}

extension Integrator {
    init(_ name: IntegratorName) {
        switch name {
        case .euler: self = .euler
        case .semiImplicit: self = .semiImplicitEuler
        case .rk4: self = .rungeKutta
        }
    }
}
