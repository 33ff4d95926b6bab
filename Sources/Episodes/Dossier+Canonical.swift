public import Quantities
import Supervision

extension JointForecast: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(speed)
        writer.append(effort)
        writer.append(temperature)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(
            speed: try reader.limit(RadiansPerSecond.self), effort: try reader.limit(NewtonMetres.self),
            temperature: try reader.limit(Celsius.self))
    }
}

extension JointIndex: Canonical {
    public func write(to writer: inout CanonicalWriter) { writer.append(rawValue) }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let place = reader
        let number = try reader.integer(UInt8.self)
        guard let joint = JointIndex(number) else { throw place.error(.noChoice(UInt64(number))) }
        self = joint
    }
}

extension NearestLimit: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        joint.write(to: &writer)
        writer.append(rule.rawValue)
        writer.append(margin)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let joint = try JointIndex(from: &reader)
        let place = reader
        let number = try reader.integer(UInt8.self)
        guard let rule = Rule(rawValue: number) else { throw place.error(.noChoice(UInt64(number))) }
        self.init(joint: joint, rule: rule, margin: try reader.float())
    }
}

extension WorstRollout: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(rollouts)
        writer.append(index)
        nearest.write(to: &writer)
        writer.append(crossings)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(
            rollouts: try reader.integer(UInt32.self), index: try reader.integer(UInt32.self),
            nearest: try NearestLimit(from: &reader), crossings: try reader.integer(UInt32.self))
    }
}

extension PolicyDistance: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(from)
        writer.append(value)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(from: try reader.digest(), value: try reader.float())
    }
}

extension ThermalForecast: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        joint.write(to: &writer)
        writer.append(peak)
        writer.append(timeLeft)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(
            joint: try JointIndex(from: &reader), peak: try reader.quantity(Celsius.self),
            timeLeft: try reader.quantity(Seconds.self))
    }
}

extension BandWidening: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(UInt32(most.count))
        for most in most { writer.append(most) }
        writer.append(flights)
        writer.append(left)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        var most: [Radians] = []
        for _ in 0..<(try reader.count(atMost: jointCapacity)) { most.append(try reader.quantity(Radians.self)) }
        self.init(most: most, flights: try reader.integer(UInt32.self), left: try reader.integer(UInt32.self))
    }
}

extension Dossier: CanonicalDocument {
    public static let kind = "understudy dossier"
    /// The second one says how much a band was widened.
    public static let version: UInt16 = 2
    public var version: UInt16 { widening == nil ? 1 : 2 }

    public func write(to writer: inout CanonicalWriter) {
        band.write(to: &writer)
        writer.append(joints)
        nearest.write(to: &writer)
        worst.write(to: &writer)
        writer.append(distance)
        thermal.write(to: &writer)
        writer.append(wear.rawValue)
        widening?.write(to: &writer)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) { try self.init(from: &reader, version: 1) }

    public init(from reader: inout CanonicalReader, version: UInt16) throws(CanonicalError) {
        let place = reader
        let band = try ApprovedBand(from: &reader)
        let joints = try reader.list(of: JointForecast.self, atMost: jointCapacity)
        let (nearest, worst) = (try NearestLimit(from: &reader), try WorstRollout(from: &reader))
        let distance = try reader.optional(PolicyDistance.self)
        let (thermal, wear) = (try ThermalForecast(from: &reader), Microlives(try reader.integer(Int64.self)))
        let widening = version > 1 ? try BandWidening(from: &reader) : nil
        do throws(PlanDefect) {
            try self.init(
                band: band, joints: joints, nearest: nearest, worst: worst, distance: distance, thermal: thermal,
                wear: wear, widening: widening)
        } catch {
            throw place.error(.contradiction)
        }
    }
}
