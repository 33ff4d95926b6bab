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

extension Dossier: CanonicalDocument {
    public static let kind = "understudy dossier"
    public static let version: UInt16 = 1

    public func write(to writer: inout CanonicalWriter) {
        band.write(to: &writer)
        writer.append(joints)
        nearest.write(to: &writer)
        worst.write(to: &writer)
        writer.append(distance)
        thermal.write(to: &writer)
        writer.append(wear.rawValue)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let place = reader
        let band = try ApprovedBand(from: &reader)
        let joints = try reader.list(of: JointForecast.self, atMost: jointCapacity)
        let (nearest, worst) = (try NearestLimit(from: &reader), try WorstRollout(from: &reader))
        let distance = try reader.optional(PolicyDistance.self)
        let (thermal, wear) = (try ThermalForecast(from: &reader), Microlives(try reader.integer(Int64.self)))
        do throws(PlanDefect) {
            try self.init(
                band: band, joints: joints, nearest: nearest, worst: worst, distance: distance, thermal: thermal,
                wear: wear)
        } catch {
            throw place.error(.contradiction)
        }
    }
}
