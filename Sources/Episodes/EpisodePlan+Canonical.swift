public import Hashing
import Quantities
import Supervision

extension PolicyPayload: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        format.write(to: &writer)
        writer.append(digest)
        writer.append(bytes)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let start = reader
        let (format, digest) = (try Name(from: &reader), try reader.digest())
        let bytes = try reader.blob(atMost: PolicyPayload.longest)
        guard let payload = PolicyPayload(format: format, bytes: bytes), payload.digest == digest else {
            throw start.error(.contradiction)
        }
        self = payload
    }
}

extension NoiseKey: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(run)
        writer.append(iteration)
        writer.append(episode)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(
            run: try reader.integer(UInt64.self), iteration: try reader.integer(UInt32.self),
            episode: try reader.integer(UInt32.self))
    }
}

extension JointStart: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(position)
        writer.append(speed)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(position: try reader.quantity(Radians.self), speed: try reader.quantity(RadiansPerSecond.self))
    }
}

extension EpisodePlan: CanonicalDocument {
    public static let kind = "understudy plan"
    public static let version: UInt16 = 1

    public func write(to writer: inout CanonicalWriter) {
        robot.write(to: &writer)
        task.write(to: &writer)
        envelope.write(to: &writer)
        calibration.write(to: &writer)
        policy.write(to: &writer)
        noise.write(to: &writer)
        writer.append(start)
        writer.append(horizon.rawValue)
        cost.write(to: &writer)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let place = reader
        let (robot, task) = (try Name(from: &reader), try Reference(from: &reader))
        let (envelope, calibration) = (try Reference(from: &reader), try Reference(from: &reader))
        let (policy, noise) = (try PolicyPayload(from: &reader), try NoiseKey(from: &reader))
        let start = try reader.list(of: JointStart.self, atMost: jointCapacity)
        let (horizon, cost) = (Ticks(try reader.integer(Int32.self)), try Cost(from: &reader))
        do throws(PlanDefect) {
            try self.init(
                robot: robot, task: task, envelope: envelope, calibration: calibration, policy: policy, noise: noise,
                start: start, horizon: horizon, cost: cost)
        } catch {
            throw place.error(.contradiction)
        }
    }
}
