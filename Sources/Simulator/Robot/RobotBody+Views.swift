public import Quantities

/// A shape of a body, as something to draw.
public struct BodyShape: Equatable, Sendable {
    public enum Kind: Equatable, Sendable { case plane, sphere, capsule, cylinder, box, other }

    public let name: String
    /// The link that it belongs to.
    public let body: String
    public let kind: Kind
    public let centre: SIMD3<Float>
    /// From one end of its longest axis to the other, in metres in the world; both are the centre of a sphere.
    public let ends: (SIMD3<Float>, SIMD3<Float>)
    /// Across that axis.
    public let radius: Metres

    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.body == right.body && left.kind == right.kind && left.centre == right.centre
            && left.ends == right.ends && left.radius == right.radius
    }
}

/// Two shapes that touch.
public struct BodyContact: Equatable, Sendable {
    public let first: String
    public let second: String
    public let point: SIMD3<Float>
    /// How hard they press on each other.
    public let force: Newtons
}

/// What moves, what could fall, and what is wound up in gears.
public struct BodyEnergy: Equatable, Sendable {
    public var kinetic: Joules
    public var potential: Joules
    public var elastic: Joules

    public var total: Joules { kinetic + potential + elastic }
}

/// How a servo really is, past its sensors.
public struct MetalState: Equatable, Sendable {
    /// In the direction of the MJCF, as is everything here.
    public var output: Radians
    public var outputSpeed: RadiansPerSecond
    public var rotor: Radians
    public var rotorSpeed: RadiansPerSecond
    /// What the gear gives to the output, as a mean over the last step.
    public var effort: NewtonMetres
    public var current: Amperes
    public var winding: Celsius
    public var housing: Celsius
    /// How far the output can be turned with the rotor held.
    public var backlash: Radians
    /// Turned in all its life; hot radians count more.
    public var travel: Radians
}

extension RobotBody {
    /// How long it has moved.
    public var age: Seconds { Seconds(Float(clock)) }

    public func metal(of joint: Int) -> MetalState {
        let axle = axles[joint]
        let degree = plan.joints[joint]
        return MetalState(
            output: Radians(Float(links.positions[degree])),
            outputSpeed: RadiansPerSecond(Float(links.speeds[degree])), rotor: Radians(Float(axle.angle)),
            rotorSpeed: RadiansPerSecond(Float(axle.speed)), effort: NewtonMetres(Float(axle.effort)),
            current: Amperes(Float(axle.current)), winding: Celsius(Float(axle.winding)),
            housing: Celsius(Float(axle.housing)), backlash: Radians(Float(2 * axle.halfGap)),
            travel: Radians(Float(axle.travel)))
    }

    /// Of any joint of the MJCF, with or without a servo: rad and rad/s of a hinge, m and m/s of a slide.
    public func motion(ofJoint name: String) -> (position: Float, speed: Float)? {
        guard let joint = links.data.model.jointNames.firstIndex(of: name) else { return nil }
        return (Float(links.positions[joint]), Float(links.speeds[joint]))
    }

    /// The names of all joints of the MJCF, those without a servo included.
    public var jointNames: [String] { links.data.model.jointNames }

    /// Where the origin of a link is in the world, in metres.
    public func position(ofBody name: String) -> SIMD3<Float>? {
        let names = links.data.model.bodyNames
        guard let body = names.firstIndex(of: name), let data = looked() else { return nil }
        return SIMD3<Float>(data.bodyPosition(body))
    }

    /// Everything that could be drawn, in the order of the MJCF. Not for a loop that is in a hurry: it copies.
    public func shapes() -> [BodyShape] {
        guard let data = looked() else { return [] }
        return data.model.geomNames.indices.map { BodyShape(data, $0) }
    }

    /// What touched what in the middle of the last step.
    public func contacts() -> [BodyContact] {
        let data = links.data
        let names = data.model.geomNames
        return (0..<data.contactCount).map { place in
            let contact = data.contact(place)
            return BodyContact(
                first: names[contact.first], second: names[contact.second], point: SIMD3<Float>(contact.point),
                force: Newtons(Float(contact.force)))
        }
    }

    /// Heat apart.
    public func energy() -> BodyEnergy {
        let data = looked()
        var kinetic = data?.kinetic ?? 0
        var elastic = 0.0
        for (place, axle) in axles.enumerated() {
            kinetic += axle.kineticEnergy
            if !axle.condition.contains(.slipping) {
                elastic += axle.elasticEnergy(output: links.positions[plan.joints[place]])
            }
        }
        return BodyEnergy(
            kinetic: Joules(Float(kinetic)), potential: Joules(Float(data?.potential ?? 0)),
            elastic: Joules(Float(elastic)))
    }

    /// A copy of MuJoCo's side at the end of the last step; its own is at the middle.
    private func looked() -> LinkData? {
        let data = links.data.copy()
        data.setState(links.positions, links.speeds)
        return data.look() ? data : nil
    }
}

extension BodyShape {
    fileprivate init(_ data: LinkData, _ place: Int) {
        let geom = data.geom(place)
        name = data.model.geomNames[place]
        body = data.model.bodyNames[geom.body]
        kind = Kind(mujoco: geom.kind)
        centre = SIMD3<Float>(geom.centre)
        var (axis, half, radius) = (geom.axes[2], geom.size.y, geom.size.x)
        switch kind {
        case .sphere: half = 0
        case .box:
            let longest = (0..<3).max { geom.size[$0] < geom.size[$1] } ?? 2
            (axis, half) = (geom.axes[longest], geom.size[longest])
            radius = (0..<3).filter { $0 != longest }.map { geom.size[$0] }.max() ?? 0
        case .plane: (axis, half) = (geom.axes[0], geom.size.x)
        case .capsule, .cylinder, .other: break
        }
        ends = (SIMD3<Float>(geom.centre - half * axis), SIMD3<Float>(geom.centre + half * axis))
        self.radius = Metres(Float(radius))
    }
}

extension BodyShape.Kind {
    /// mjtGeom of MuJoCo.
    fileprivate init(mujoco kind: Int) {
        let kinds: [Int: Self] = [0: .plane, 2: .sphere, 3: .capsule, 5: .cylinder, 6: .box]
        self = kinds[kind] ?? .other
    }
}
