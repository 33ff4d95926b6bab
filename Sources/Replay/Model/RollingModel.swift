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
    /// Of the robot, in its order, and where the model says what they would; nil where it does not.
    private let sensors: [(name: String, place: Int?)]

    /// - Parameter parameters: instead of those in the robot's file, for a model that was fitted.
    public init(_ robot: RobotFile, named wanted: String? = nil, parameters: [Double]? = nil) throws(ModelProblem) {
        guard let described = robot.models.first(where: { wanted == nil || $0.name == wanted }) else {
            throw .noModel(wanted)
        }
        let model: ReducedModel
        do throws(ModelError) { model = try described.reduced(period: robot.period) } catch { throw .badModel }
        name = described.name
        compiled = CompiledModel(model)
        start = described.start
        sensors = robot.sensors.map { ($0.name, model.measurements.places(of: $0.name).first) }
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

    var joints: Int { positions.count }

    func lanes(_ count: Int) -> ModelLanes<Double> {
        var lanes = ModelLanes(of: compiled, lanes: count)
        lanes.share(parameters: parameters.span)
        return lanes
    }

    /// Puts a lane where the robot was measured.
    func start(_ lanes: inout ModelLanes<Double>, lane: Int, from seen: JointsSeen) throws(ModelProblem) {
        let joints = (seen.positions + seen.speeds + seen.efforts).map { Double($0) }
        let beside = sensors.map { seen.sensors[$0.name].map { Double($0) } ?? .nan }
        for (place, value) in start.values(states: joints + beside, parameters: parameters).enumerated() {
            // What the start needs and the recording lacks is the sensor that is no number.
            guard value.isFinite else { throw .notRecorded(lacking(seen) ?? "state \(place)") }
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
        for (name, place) in sensors { seen.sensors[name] = place.map { Float(lanes.measurement($0, lane: lane)) } }
        return seen
    }

    private func lacking(_ seen: JointsSeen) -> String? {
        sensors.first { seen.sensors[$0.name]?.isFinite != true }?.name
    }

    func position(_ joint: Int, _ lanes: borrowing ModelLanes<Double>, lane: Int) -> Double {
        lanes.measurement(positions[joint], lane: lane)
    }

    func speed(_ joint: Int, _ lanes: borrowing ModelLanes<Double>, lane: Int) -> Double {
        lanes.measurement(speeds[joint], lane: lane)
    }
}
