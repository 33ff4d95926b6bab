internal import CMuJoCo

/// One robot of the published comparisons on its floor: the same states, rewards and endings as Gymnasium's environment
/// has with the same MuJoCo, bit for bit.
///
/// A world belongs to one thread: it is cheap to make, and nothing is shared.
@safe public final class PublishedWorld {
    public let robot: PublishedRobot
    private let model: UnsafeMutablePointer<mjModel>
    private let data: UnsafeMutablePointer<mjData>
    private let text: UnsafeMutablePointer<CChar>
    /// How many seconds a step takes.
    public let tick: Double

    /// One step: what it was worth, and whether the robot lies on its side now.
    @frozen public struct Outcome: Equatable, Sendable {
        public let reward: Double
        public let hasFallen: Bool
    }

    /// - Parameters:
    ///   - mjcf: the text of Gymnasium's file.
    ///   - shifts: what is different from it, in this order.
    public init(_ robot: PublishedRobot, mjcf: String, _ shifts: [PublishedShift] = []) throws(BodyError) {
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(cmujoco_text_size))
        let bytes = mjcf.utf8.map { CChar(bitPattern: $0) }
        // SAFETY: text and bytes outlive the call, and MuJoCo keeps neither.
        guard let model = unsafe cmujoco_load(bytes, bytes.count, text) else {
            defer { unsafe text.deallocate() }
            throw .notLoaded(text: unsafe String(cString: text), line: nil)
        }
        guard let data = unsafe cmujoco_make_data(model, text) else {
            defer { unsafe text.deallocate() }
            unsafe mj_deleteModel(model)
            throw .failed(text: unsafe String(cString: text))
        }
        self.robot = robot
        (unsafe self.model, unsafe self.data, unsafe self.text) = unsafe (model, data, text)
        tick = unsafe model.pointee.opt.timestep * Double(robot.stepsInTick)
        let known = unsafe (Int(model.pointee.nq), Int(model.pointee.nv), Int(model.pointee.nu))
        guard known == (robot.positions, robot.positions, robot.actions) else {
            throw .tooManyJoints(known.0, most: robot.positions)
        }
        for shift in shifts { try change(by: shift) }
    }

    deinit {
        unsafe mj_deleteData(data)
        unsafe mj_deleteModel(model)
        unsafe text.deallocate()
    }

    private func change(by shift: PublishedShift) throws(BodyError) {
        let (geoms, motors) = unsafe (Int(model.pointee.ngeom), Int(model.pointee.nu))
        switch shift {
        case .gravity(let factor): unsafe model.pointee.opt.gravity.2 *= factor
        case .friction(let factor):
            for geom in 0..<geoms {
                // The hopper's floor stays as it is, and so does whatever resists turning.
                guard robot == .hopper else {
                    for part in 0..<3 { unsafe model.pointee.geom_friction[3 * geom + part] *= factor }
                    continue
                }
                guard unsafe model.pointee.geom_bodyid[geom] != 0 else { continue }
                unsafe model.pointee.geom_friction[3 * geom] *= factor
            }
        case .range(let part, let factor):
            for name in robot.joints(part) {
                let joint = unsafe Int(mj_name2id(model, Int32(mjOBJ_JOINT.rawValue), name))
                guard joint >= 0 else { throw .noSuchJoint(name, known: []) }
                for end in 0..<2 { unsafe model.pointee.jnt_range[2 * joint + end] *= factor }
            }
        case .backwards:
            for motor in 0..<motors { unsafe model.pointee.actuator_gear[6 * motor] *= -1 }
        }
    }

    var gravity: Double { unsafe model.pointee.opt.gravity.2 }
    /// Three for each geom, the floor's first.
    var frictions: [Double] { (0..<Int(unsafe model.pointee.ngeom) * 3).map { unsafe model.pointee.geom_friction[$0] } }
    /// Of the joints of the robot's own, which come behind the three that say where it is.
    var ranges: [[Double]] {
        (3..<robot.positions).map { joint in (0..<2).map { unsafe model.pointee.jnt_range[2 * joint + $0] } }
    }
    var gears: [Double] { (0..<robot.actions).map { unsafe model.pointee.actuator_gear[6 * $0] } }

    /// Where the file has the robot.
    public var home: [Double] { (0..<robot.positions).map { unsafe model.pointee.qpos0[$0] } }

    public var positions: [Double] { (0..<robot.positions).map { unsafe data.pointee.qpos[$0] } }
    public var speeds: [Double] { (0..<robot.positions).map { unsafe data.pointee.qvel[$0] } }

    /// Begins anew in a state: nothing of what was before is left.
    public func begin(_ positions: [Double], _ speeds: [Double]) throws(BodyError) {
        guard positions.count == robot.positions, speeds.count == robot.positions else {
            preconditionFailure("a place and a speed for each of \(robot.positions) joints")
        }
        unsafe mj_resetData(model, data)
        for joint in 0..<robot.positions {
            unsafe data.pointee.qpos[joint] = positions[joint]
            unsafe data.pointee.qvel[joint] = speeds[joint]
        }
        guard unsafe cmujoco_forward(model, data, text) else { throw .failed(text: unsafe String(cString: text)) }
    }

    /// - Parameter action: as it goes to the motors; whoever draws it clips it.
    public func step(_ action: Span<Float>) throws(BodyError) -> Outcome {
        guard action.count == robot.actions else { preconditionFailure("an action for each motor") }
        var effort = Float(0)
        for motor in 0..<robot.actions {
            unsafe data.pointee.ctrl[motor] = Double(action[motor])
            effort += action[motor] * action[motor]
        }
        let before = unsafe data.pointee.qpos[0]
        guard unsafe cmujoco_step(model, data, Int32(robot.stepsInTick), text) else {
            throw .failed(text: unsafe String(cString: text))
        }
        let speed = unsafe (data.pointee.qpos[0] - before) / tick
        return Outcome(
            reward: speed + robot.wage - Double(robot.effortPrice * effort),
            hasFallen: !robot.isUpright(positions, speeds))
    }

    /// What the environment shows: all places but the way, then the speeds.
    public func observe(into seen: inout MutableSpan<Double>) {
        guard seen.count == robot.observations else { preconditionFailure("room for an observation") }
        for joint in 1..<robot.positions { seen[joint - 1] = unsafe data.pointee.qpos[joint] }
        for joint in 0..<robot.positions {
            let speed = unsafe data.pointee.qvel[joint]
            seen[robot.positions - 1 + joint] = robot.fastest.map { min(max(speed, -$0), $0) } ?? speed
        }
    }
}
