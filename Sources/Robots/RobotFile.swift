public import Expressions
public import Quantities

/// What `Calibration/NAME/robot.json5` says, checked: one that exists makes sense by itself.
///
/// Whether it also fits its envelope is for `Robot`, and whether it fits its body for `problems(inBody:)`.
public struct RobotFile: Sendable {
    public let name: String
    public let about: String?
    public let envelopeName: String
    public let period: Seconds
    /// The switch that has to be held while the robot moves, as its owner named it; nil asks for none.
    public let deadMan: String?
    /// How long a calibration holds.
    public let calibrationDays: Int
    public let bus: Line
    public let joints: [Joint]
    public let sensors: [Sensor]
    public let task: LearningTask
    /// One for each joint, in their order.
    public let starts: [Start]
    public let reset: Reset
    public private(set) var models: [Model]
    public let body: Body
    public let policy: Policy
    public let learning: Learning
    public let budget: Budget
    let places: FilePlaces

    /// Reads a file. Throws everything that is wrong with it at once.
    public init(parsing bytes: Span<UInt8>) throws(FileProblems) {
        let document: JSON5Value
        do throws(JSON5Error) {
            document = try JSON5.parse(bytes)
        } catch {
            throw FileProblems(error)
        }
        var reader = RobotReader()
        let file = reader.read(document)
        if let problems = FileProblems(reader.problems) { throw problems }
        guard let file else { preconditionFailure("a robot that was not made has problems") }
        self = file
    }

    public init(parsing bytes: [UInt8]) throws(FileProblems) { try self.init(parsing: bytes.span) }

    init(
        identity: RobotReader.Identity, bus: Line, joints: [Joint], sensors: [Sensor], task: LearningTask,
        starts: [Start],
        reset: Reset, models: [Model], settings: RobotReader.Settings, places: FilePlaces
    ) {
        name = identity.name
        about = identity.about
        envelopeName = identity.envelope
        period = identity.period
        deadMan = identity.deadMan
        calibrationDays = identity.calibrationDays
        self.bus = bus
        self.joints = joints
        self.sensors = sensors
        self.task = task
        self.starts = starts
        self.reset = reset
        self.models = models
        body = settings.body
        policy = settings.policy
        learning = settings.learning
        budget = settings.budget
        self.places = places
    }

    /// The robot with what a calibration has found of its model, where the file still has such parameters.
    public func calibrated(by record: CalibrationFile) -> RobotFile {
        guard let place = models.firstIndex(where: { $0.name == record.model }) else { return self }
        var robot = self
        for found in record.parameters { robot.models[place].take(found) }
        return robot
    }

    /// The name of the model that a record has fitted, where this robot has no model of that name: then it does not count.
    public func missingModel(of record: CalibrationFile) -> String? {
        record.model.flatMap { name in models.contains { $0.name == name } ? nil : name }
    }

    public var horizon: Ticks { Ticks(Int32((Double(task.horizon.value) / Double(period.value)).rounded())) }
}

extension RobotFile {
    /// What the servos hang on.
    public struct Line: Equatable, Sendable {
        public let driver: DriverName
        public let port: String?
        /// Nil on a bus that has no rate.
        public let baud: Int?
        /// Nil on a bus that has no watchdog.
        public let watchdog: Seconds?
    }

    public struct Joint: Equatable, Sendable {
        public enum Torque: Equatable, Sendable {
            case perAmpere(NewtonMetres)
            case atFullDuty(NewtonMetres)
            /// The actuator itself speaks in newton metres.
            case known
        }

        public let name: String
        public let model: String
        public let id: UInt8
        public let drive: DriveName
        public let isOpposite: Bool
        public let zero: Radians
        public let gear: Float
        public let torque: Torque
        public let currentLimit: Amperes?
        public let stopLow: Radians?
        public let stopHigh: Radians?
    }

    public struct Sensor: Equatable, Sendable {
        public let name: String
        public let unit: String
        public let channel: UInt8?
        public let scale: Double
        public let offset: Double
        public let range: ClosedRange<Double>
        /// What it says where an episode begins, from the joints' positions; nil is zero.
        public let start: Program?
        public let bodySensor: String

        /// What so many counts of its input mean; nil outside of what can be true.
        public func value(ofCounts counts: Int32) -> Double? {
            let value = Double(counts) * scale + offset
            return range.contains(value) ? value : nil
        }
    }

    public struct Start: Equatable, Sendable {
        public let position: Radians
        public let spread: Radians
        public let speedSpread: RadiansPerSecond
    }

    public struct Reset: Sendable {
        public enum Step: Equatable, Sendable {
            /// To these positions, in the order of the joints; nil leaves a joint where it is.
            case move(to: [Radians?], speed: RadiansPerSecond?, within: Seconds)
            case relax
            case hold(Seconds)
            case rest(Seconds, within: Seconds)
            case wait(Seconds)
        }

        public let steps: [Step]
        /// Over the task's vocabulary; nil when the spread of the start decides.
        public let accept: Program?
        public let acceptText: String?
        public let attempts: Int
    }

    public struct Body: Equatable, Sendable {
        public struct Metal: Equatable, Sendable {
            public let product: String
            /// By the name of the parameter, unit included; what is not here is as the product has it.
            public let numbers: [String: Float]
        }

        public let file: String
        public let supply: Volts?
        public let supplyResistance: Ohms
        public let ambient: Celsius
        public let spread: Float
        /// One for each joint, in their order.
        public let metal: [Metal]
    }

    public struct Policy: Equatable, Sendable {
        public let hidden: [Int]
        public let deviation: Float
        public let deviationFloor: Float
        public let isClipped: Bool
    }

    public struct Learning: Equatable, Sendable {
        public let estimator: EstimatorName
        public let rate: Float
        public let discount: Float
        public let realEpisodes: ClosedRange<Int>
        /// For each real one.
        public let modelEpisodes: ClosedRange<Int>
    }

    /// Prices are in credits; what a credit is worth is for the owner to say.
    public struct Budget: Equatable, Sendable {
        public let perEpisode: Float
        public let perSecond: Float
        public let perRadian: Float
        public let perNewtonMetreSecond: Float
        public let perKelvin: Float
        public let perOperatorMinute: Float
        public let operatorMinutes: Float
        public let limit: Float?
        public let limitEpisodes: Int?
        public let limitTime: Seconds?
        public let limitTravel: Radians?
    }
}

/// Where everything stands in the file, for problems that only show beside another file.
struct FilePlaces: Sendable {
    private var positions: [String: TextPosition] = [:]

    init(_ document: JSON5Value) { note(document, "") }

    private mutating func note(_ value: JSON5Value, _ path: String) {
        positions[path] = value.position
        switch value.content {
        case .object(let members):
            for member in members { note(member.value, path.isEmpty ? member.key : "\(path).\(member.key)") }
        case .list(let elements):
            for (index, element) in elements.enumerated() { note(element, "\(path)[\(index)]") }
        default: break
        }
    }

    func has(_ path: String) -> Bool { positions[path] != nil }

    /// The place of a key, or of the nearest object around it.
    func position(of path: String) -> TextPosition {
        var path = path
        while true {
            if let position = positions[path] { return position }
            guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { break }
            path = String(path[..<end])
        }
        return positions[""] ?? TextPosition(line: 1, column: 1)
    }
}
