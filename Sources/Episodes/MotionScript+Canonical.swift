import Quantities
import Supervision

extension MotionScript.Wave: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(amplitude)
        writer.append(rate)
        writer.append(phase)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(
            amplitude: try reader.quantity(Unit.self), rate: try reader.quantity(RadiansPerSecond.self),
            phase: try reader.quantity(Radians.self))
    }
}

extension MotionScript.Motion: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        switch self {
        case .hold: writer.append(UInt8(0))
        case .move(let target):
            writer.append(UInt8(1))
            writer.append(target)
        case .swing(let waves):
            writer.append(UInt8(2))
            writer.append(waves)
        case .push(let effort, let waves):
            writer.append(UInt8(3))
            writer.append(effort)
            writer.append(waves)
        case .follow(let places):
            writer.append(UInt8(4))
            writer.append(places.map(MotionScript.Place.init))
        }
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let place = reader
        let most = MotionScript.mostWaves
        switch try reader.integer(UInt8.self) {
        case 0: self = .hold
        case 1: self = .move(to: try reader.quantity(Radians.self))
        case 2: self = .swing(try reader.list(of: MotionScript.Wave<Radians>.self, atMost: most))
        case 3:
            let effort = try reader.quantity(NewtonMetres.self)
            self = .push(effort, try reader.list(of: MotionScript.Wave<NewtonMetres>.self, atMost: most))
        case 4:
            self = .follow(try reader.list(of: MotionScript.Place.self, atMost: MotionScript.mostPlaces).map(\.place))
        case let number: throw place.error(.noChoice(UInt64(number)))
        }
    }
}

extension MotionScript {
    /// A place in a list of them.
    fileprivate struct Place: Canonical {
        let place: Radians

        init(_ place: Radians) { self.place = place }

        func write(to writer: inout CanonicalWriter) { writer.append(place) }

        init(from reader: inout CanonicalReader) throws(CanonicalError) { place = try reader.quantity(Radians.self) }
    }
}

extension MotionScript.Step: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        writer.append(ticks.rawValue)
        writer.append(fade.rawValue)
        writer.append(motions)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(
            ticks: Ticks(try reader.integer(Int32.self)), fade: Ticks(try reader.integer(Int32.self)),
            motions: try reader.list(of: MotionScript.Motion.self, atMost: jointCapacity))
    }
}

extension MotionScript: CanonicalDocument {
    public static let kind = "understudy motions"
    public static let version: UInt16 = 1

    public func write(to writer: inout CanonicalWriter) {
        writer.append(purpose.rawValue)
        writer.append(followsReset)
        writer.append(steps)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let place = reader
        let number = try reader.integer(UInt8.self)
        guard let purpose = Purpose(rawValue: number) else { throw place.error(.noChoice(UInt64(number))) }
        let followsReset = try reader.truth()
        let steps = try reader.list(of: Step.self, atMost: MotionScript.mostSteps)
        do throws(ScriptDefect) {
            try self.init(purpose, followsReset: followsReset, steps: steps)
        } catch {
            throw place.error(.contradiction)
        }
    }
}
