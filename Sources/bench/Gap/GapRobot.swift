import Embodiment
import Expressions
import Glibc
import Models
import Quantities
import Robots
import Simulator

/// A robot of the folder `Calibration`, with its first reduced model and all that makes bodies of it.
struct GapRobot {
    let file: RobotFile
    let model: ReducedModel
    /// The same as it is fitted: with the springs of the actions in it, where these are springs.
    let fitted: ReducedModel
    var hasSprings: Bool { fitted.count(of: .state) > model.count(of: .state) }
    private let mjcf: String

    /// Refuses what the tests of the robots would have refused before.
    init(_ name: String) {
        let folder = "Calibration/\(name)"
        let bytes = Self.bytes(of: "\(folder)/robot.json5")
        do throws(FileProblems) {
            file = try RobotFile(parsing: bytes)
        } catch {
            preconditionFailure("\(folder)/robot.json5: \(error.all)")
        }
        mjcf = String(decoding: Self.bytes(of: "\(folder)/\(file.body.file)"), as: UTF8.self)
        guard let first = file.models.first else { preconditionFailure("\(name) has no model") }
        do throws(ModelError) {
            model = try first.reduced(period: file.period)
        } catch {
            preconditionFailure("\(name), model \(first.name): \(error)")
        }
        fitted = Self.withSprings(String(decoding: bytes, as: UTF8.self), file, model) ?? model
    }

    /// With its envelope.
    var limited: Robot {
        do throws(FileProblems) {
            let path = "safety/envelopes/\(file.envelopeName).json5"
            return try Robot(file, within: EnvelopeFile(parsing: Self.bytes(of: path)))
        } catch {
            preconditionFailure("\(file.name): \(error.all)")
        }
    }

    static func bytes(of path: String) -> [UInt8] {
        // SAFETY: a string lends its bytes for the call.
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { preconditionFailure("\(path) is not there: run this where the sources are") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            // SAFETY: the array lives as long as the call and has room for what is asked for.
            let count = unsafe read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
        }
    }

    /// The one robot that has this seed, its joints where an episode of it begins.
    func body(seed: UInt64, spread: Float, starts: [Float]) -> RobotBody {
        do throws(FileProblems) {
            return try file.virtualBody(mjcf, seed: seed, spread: spread, starts: starts.map { Radians($0) })
        } catch {
            preconditionFailure("\(file.name): \(error.all)")
        }
    }

    /// What the sensors of a body say, in the order of a task: all positions, speeds and efforts, then the sensors. Efforts
    /// are said where the file knows a torque for each ampere.
    func measurements(of body: RobotBody) -> [Double] {
        let states = file.joints.indices.map { body.state(of: $0) }
        let sensors = file.sensors.map { Double(body.motion(ofJoint: $0.bodySensor)?.position ?? 0) }
        return states.map { Double($0.position.value) } + states.map { Double($0.speed.value) }
            + states.indices.map { effort(of: $0, states[$0].current) } + sensors
    }

    private func effort(of joint: Int, _ current: Amperes) -> Double {
        guard case .perAmpere(let torque) = file.joints[joint].torque else { return 0 }
        return Double(torque.value * current.value)
    }

    /// The names of those that a model predicts too, with their places here and there.
    var compared: [(name: String, body: Int, model: Int)] {
        let joints = file.joints.map(\.name)
        let names =
            joints.map { "position.\($0)" } + joints.map { "speed.\($0)" } + joints.map { "effort.\($0)" }
            + file.sensors.map(\.name)
        return names.enumerated().compactMap { place, name in
            guard !name.hasPrefix("effort"),
                let found = model.measurements.results.firstIndex(where: { $0.name == name })
            else { return nil }
            return (name, place, found)
        }
    }

    func unit(of name: String) -> String {
        if name.hasPrefix("position.") { return "rad" }
        return name.hasPrefix("speed.") ? "rad/s" : file.sensors.first { $0.name == name }?.unit ?? ""
    }
}
