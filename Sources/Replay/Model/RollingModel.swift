internal import Expressions
internal import Models
internal import Quantities
public import Robots

/// A reduced model of a robot with the places of what a recording knows: starts, commands and what its sensors would say.
public struct RollingModel: Sendable {
    public let name: String
    let compiled: CompiledModel<Double>
    private let start: Program
    /// By joint: where the model says position, speed and effort; nil where it does not say.
    private let positions: [Int]
    private let speeds: [Int]
    private let efforts: [Int?]
    private let parameters: [Double]

    /// - Parameter parameters: instead of those in the robot's file, for a model that was fitted.
    public init(_ robot: RobotFile, named wanted: String? = nil, parameters: [Double]? = nil) throws(ModelProblem) {
        guard let described = robot.models.first(where: { wanted == nil || $0.name == wanted }) else {
            throw .noModel(wanted)
        }
        let model: ReducedModel
        do throws(ModelError) { model = try described.reduced(period: robot.period) } catch { throw .badModel }
        for sensor in robot.sensors where Self.reads(described.start, sensor.name) { throw .notRecorded(sensor.name) }
        name = described.name
        compiled = CompiledModel(model)
        start = described.start
        self.parameters = parameters ?? model.parameters
        let place = { (kind: String, joint: RobotFile.Joint) in
            model.measurements.places(of: "\(kind).\(joint.name)").first
        }
        for kind in ["position", "speed"] {
            for joint in robot.joints where place(kind, joint) == nil { throw .notMeasured("\(kind).\(joint.name)") }
        }
        positions = robot.joints.compactMap { place("position", $0) }
        speeds = robot.joints.compactMap { place("speed", $0) }
        efforts = robot.joints.map { place("effort", $0) }
    }

    /// A slot that is in the vocabulary may still be read by nothing; then its value does not matter.
    private static func reads(_ program: Program, _ name: String) -> Bool {
        guard let slot = program.slots.first(where: { $0.name == name }) else { return false }
        let states = program.slots.count { $0.role == .state }
        let parameters = program.slots.count { $0.role == .parameter }
        let place = program.slots.filter { $0.role == slot.role }.firstIndex(of: slot) ?? 0
        var other = [Double](repeating: 0.25, count: states)
        let before = program.values(states: other, parameters: [Double](repeating: 0.5, count: parameters))
        other[place] = 0.75
        let after = program.values(states: other, parameters: [Double](repeating: 0.5, count: parameters))
        return zip(before, after).contains { $0 != $1 }
    }

    var joints: Int { positions.count }

    func lanes(_ count: Int) -> ModelLanes<Double> {
        var lanes = ModelLanes(of: compiled, lanes: count)
        lanes.share(parameters: parameters.span)
        return lanes
    }

    /// Puts a lane where the robot was measured.
    func start(_ lanes: inout ModelLanes<Double>, lane: Int, from seen: JointsSeen) throws(ModelProblem) {
        let measured = (seen.positions + seen.speeds + seen.efforts).map { Double($0) }
        let states = start.slots.count { $0.role == .state }
        // Sensors come last, and nothing reads them.
        let padded = measured + [Double](repeating: 0, count: max(0, states - measured.count))
        for (place, value) in start.values(states: padded, parameters: parameters).enumerated() {
            lanes[place, lane: lane] = value
        }
        command(&lanes, lane: lane, seen.sent.map { $0.isFinite ? $0 : 0 })
        lanes.holdInputs()
    }

    func command(_ lanes: inout ModelLanes<Double>, lane: Int, _ commands: [Float]) {
        let count = lanes.lanes
        var inputs = lanes.mutableInputs
        for (place, command) in commands.enumerated() { inputs[place * count + lane] = Double(command) }
    }

    /// What its sensors would have said when they were measured last.
    func seen(_ lanes: borrowing ModelLanes<Double>, lane: Int, sent: [Float]) -> JointsSeen {
        var seen = JointsSeen(positions: sent, speeds: sent, efforts: sent, sent: sent)
        for joint in 0..<joints {
            seen.positions[joint] = Float(position(joint, lanes, lane: lane))
            seen.speeds[joint] = Float(speed(joint, lanes, lane: lane))
            if let place = efforts[joint] { seen.efforts[joint] = Float(lanes.measurement(place, lane: lane)) }
        }
        return seen
    }

    func position(_ joint: Int, _ lanes: borrowing ModelLanes<Double>, lane: Int) -> Double {
        lanes.measurement(positions[joint], lane: lane)
    }

    func speed(_ joint: Int, _ lanes: borrowing ModelLanes<Double>, lane: Int) -> Double {
        lanes.measurement(speeds[joint], lane: lane)
    }
}
