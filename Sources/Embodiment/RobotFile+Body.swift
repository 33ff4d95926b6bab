public import Quantities
public import Robots
public import Simulator

// The virtual body that a robot's folder describes.
extension RobotFile {
    /// The one robot of this seed; a spread of nil is the folder's own.
    ///
    /// - Parameters:
    ///   - mjcf: the text of the body's file.
    ///   - starts: where the joints are in the first moment; nil is where the body's file has them.
    public func virtualBody(
        _ mjcf: String, seed: UInt64, spread: Float? = nil, starts: [Radians]? = nil
    ) throws(FileProblems) -> RobotBody {
        var mounted: [BodyJoint] = []
        for place in joints.indices { mounted.append(try mounting(of: place, start: starts?[place])) }
        var settings = BodySettings(
            mjcf: mjcf, joints: mounted, supply: supply, seed: seed, spread: spread ?? body.spread)
        settings.sensors = sensors.map(\.bodySensor)
        do throws(BodyError) {
            return try RobotBody(settings)
        } catch .noSuchJoint(let name, let known) {
            throw problems(inBody: known) ?? FileProblems(problem(ofBody: "it has no joint \(quoted(name))"))
        } catch {
            throw FileProblems(problem(ofBody: error.text))
        }
    }

    /// The sensors of a board sit on the joints, those of a servo on its own output.
    private func mounting(of place: Int, start: Radians?) throws(FileProblems) -> BodyJoint {
        let joint = joints[place]
        let metal = try metal(of: place)
        guard bus.driver != .board else { return BodyJoint(joint.name, metal.behind(joint.gear), start: start) }
        return BodyJoint(joint.name, metal, isReversed: joint.isOpposite, gear: joint.gear, start: start)
    }

    /// What feeds the servos: as the folder says, or as their makers do.
    private var supply: SupplySettings {
        let usual = joints.first.flatMap { VirtualProduct($0.model)?.supply.voltage }
        return SupplySettings(
            voltage: body.supply ?? usual ?? Volts(12), resistance: body.supplyResistance, ambient: body.ambient)
    }

    /// Of the servo itself, without the gear between it and the joint.
    public func metal(of joint: Int) throws(FileProblems) -> ServoMetal {
        let described = body.metal[joint]
        guard let product = ServoProduct(rawValue: described.product) else {
            let known = ServoProduct.allCases.map(\.rawValue)
            let meant = nearest(to: described.product, among: known).map { ", perhaps \(quoted($0))" } ?? ""
            throw FileProblems(
                problem(
                    ofBody:
                        "the metal of \(quoted(described.product)) is not known; body.metal can name another product for joint "
                        + "\(quoted(joints[joint].name)): \(known.joined(separator: ", "))\(meant)"))
        }
        var metal = product.metal
        for parameter in MetalParameter.allCases {
            if let value = described.numbers[parameter.rawValue] { metal[parameter] = value }
        }
        return metal
    }
}

extension BodyError {
    /// In words that a person can do something with.
    var text: String {
        switch self {
        case .notLoaded(let text, let line): line.map { "line \($0): \(Self.plain(text))" } ?? Self.plain(text)
        case .failed(let text): "the physics stopped: \(text)"
        case .neitherHingeNorSlide(let joint): "its joint \(joint + 1) is neither a hinge nor a slide"
        case .hasActuators(let count): "it has \(count) actuators of its own; motors are described in body.metal"
        case .tooManyJoints(let count, let most): "it has \(count) joints, and \(most) are the most"
        case .noSuchJoint(let name, let known): "it has no joint \(quoted(name)), but \(known.joined(separator: ", "))"
        case .notAHinge(let name): "its joint \(quoted(name)) slides; a servo turns"
        case .twice(let name): "two servos are on its joint \(quoted(name))"
        case .noSuchBody(let name, let known): "it has no body \(quoted(name)), but \(known.joined(separator: ", "))"
        case .outOfRange(let joint, let parameter, let value):
            "\(parameter.rawValue) of \(quoted(joint)) is \(value), outside of \(parameter.range.lowerBound) to "
                + "\(parameter.range.upperBound)"
        case .notANumber: "a number of its supply or start is none"
        case .gearTooStiff(let joint):
            "the gear of \(quoted(joint)) is too stiff for so light a link; give the link more mass, or the gear less"
        }
    }

    /// MuJoCo's reader of XML says "Error=XML_ERROR_MISMATCHED_ELEMENT ErrorID=14 …" on a line of its own.
    private static func plain(_ text: String) -> String {
        guard let mark = text.firstRange(of: "XML_ERROR_") else {
            return text.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
        let kind = text[mark.upperBound...].prefix { $0.isUppercase || $0 == "_" }
        return "no XML: \(kind.lowercased().replacing("_", with: " "))"
    }
}
