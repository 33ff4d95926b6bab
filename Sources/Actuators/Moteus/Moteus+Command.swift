public import Quantities

extension Moteus {
    /// A command in position mode. One that exists has finite values, a watchdog and a limit of its torque.
    public struct PositionCommand: Equatable, Sendable {
        /// Nil goes on from wherever the joint is: only the velocity counts.
        public let position: Radians?
        public let velocity: RadiansPerSecond
        public let torque: NewtonMetres
        public let maximumTorque: NewtonMetres
        /// The silence after which the controller stops by itself.
        public let watchdog: Seconds

        public init?(
            position: Radians?, velocity: RadiansPerSecond, torque: NewtonMetres, maximumTorque: NewtonMetres,
            watchdog: Seconds
        ) {
            guard position?.isFinite != false, velocity.isFinite, torque.isFinite else { return nil }
            guard maximumTorque >= .zero, maximumTorque.isFinite, watchdog > .zero, watchdog.isFinite else {
                return nil
            }
            self.position = position
            self.velocity = velocity
            self.torque = torque
            self.maximumTorque = maximumTorque
            self.watchdog = watchdog
        }
    }
}

extension Moteus.Payload {
    /// A payload that commands; a query may be added.
    ///
    /// Everything travels as `Float`: nothing is rounded and nothing overflows.
    public init(_ command: Moteus.PositionCommand) throws(EncodingError) {
        try self.init(.position)
        let position = command.position.map { $0.value / radiansPerTurn } ?? .nan
        let velocity = command.velocity.value / radiansPerTurn
        let motion: [3 of Moteus.Word] = [.float(position), .float(velocity), .float(command.torque.value)]
        let cap: [1 of Moteus.Word] = [.float(command.maximumTorque.value)]
        let watchdog: [1 of Moteus.Word] = [.float(command.watchdog.value)]
        try write(.commandPosition, motion.span)
        try write(.commandMaximumTorque, cap.span)
        try write(.commandWatchdog, watchdog.span)
    }

    /// No spring and no damper, and nothing that has gathered before: only the torque counts.
    mutating func writeNoStiffness() throws(EncodingError) {
        let none: [2 of Moteus.Word] = [.float(0), .float(0)]
        let integral: [1 of Moteus.Word] = [.float(0)]
        try write(.commandStiffnessShare, none.span)
        try write(.commandIntegralShare, integral.span)
    }

    /// A payload that sets nothing but the mode.
    public init(_ mode: Moteus.Mode) throws(EncodingError) {
        self.init()
        let word: [1 of Moteus.Word] = [.int8(Int8(mode.rawValue))]
        try write(.mode, word.span)
    }

    /// Asks for all that a `Moteus.Reading` holds. The motion comes in 32 bits, so that many turns stay exact.
    public mutating func queryReading() throws(EncodingError) {
        try read(.mode, count: 5, as: .int32)
        try read(.motorTemperature, count: 1, as: .int16)
        try read(.voltage, count: 3, as: .int16)
    }

    /// Asks for the command in force as well, and for the controller's clock. With the reading it fills a frame.
    mutating func queryCommand() throws(EncodingError) {
        try read(.commandPosition, count: 4, as: .int32)
        try read(.commandWatchdog, count: 1, as: .int16)
        try read(.millisecondCounter, count: 1, as: .int16)
    }
}

extension Moteus {
    /// What is known of one joint; nil is what no reply has told.
    public struct Reading: Equatable, Sendable {
        public private(set) var mode: Mode?
        public private(set) var position: Radians?
        public private(set) var velocity: RadiansPerSecond?
        public private(set) var torque: NewtonMetres?
        public private(set) var current: Amperes?
        public private(set) var voltage: Volts?
        public private(set) var boardTemperature: Celsius?
        public private(set) var motorTemperature: Celsius?
        public private(set) var condition: Condition?
        /// What the controller is told to do, as far as it was asked for that.
        public private(set) var commandPosition: Radians?
        public private(set) var commandVelocity: RadiansPerSecond?
        public private(set) var commandTorque: NewtonMetres?
        public private(set) var commandStiffness: Float?
        public private(set) var commandWatchdog: Seconds?
        /// Of sixteen bits: it begins anew every 65.536 s.
        public private(set) var clock: Seconds?

        public init() {}

        /// Takes over what a reply tells. A malformed one changes nothing.
        public mutating func take(_ payload: Payload) throws(Malformation) {
            var updated = self
            var reader = SubframeReader(payload)
            while let subframe = try reader.next() {
                guard case .reply(let values) = subframe else { continue }
                for position in 0..<values.count {
                    updated.take(values.word(at: position, in: payload), from: values.register(at: position))
                }
            }
            self = updated
        }

        private mutating func take(_ word: Word, from register: Register) {
            let value = word.value(in: register.scale)
            switch register {
            case .mode: mode = value.flatMap { UInt8(exactly: $0) }.flatMap(Mode.init)
            case .position: position = value.map { Radians($0 * radiansPerTurn) }
            case .velocity: velocity = value.map { RadiansPerSecond($0 * radiansPerTurn) }
            case .torque: torque = value.map(NewtonMetres.init)
            case .qCurrent: current = value.map(Amperes.init)
            case .voltage: voltage = value.map(Volts.init)
            case .boardTemperature: boardTemperature = value.map(Celsius.init)
            case .motorTemperature: motorTemperature = value.map(Celsius.init)
            case .commandPosition: commandPosition = value.map { Radians($0 * radiansPerTurn) }
            case .commandVelocity: commandVelocity = value.map { RadiansPerSecond($0 * radiansPerTurn) }
            case .commandTorque: commandTorque = value.map(NewtonMetres.init)
            case .commandStiffnessShare: commandStiffness = value
            case .commandWatchdog: commandWatchdog = value.map(Seconds.init)
            // Its least number is one like the others.
            case .millisecondCounter: clock = Seconds(Float(UInt16(truncatingIfNeeded: word.bits)) / 1_000)
            case .fault: condition = value.flatMap { UInt8(exactly: $0) }.map(Condition.init)
            default: break
            }
        }
    }
}
