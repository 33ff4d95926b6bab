public import Actuators
public import Quantities
public import Simulator

/// One moteus controller: its registers, its configuration, its modes and how it drives its motor.
public struct MoteusController: Equatable, Sendable {
    /// What the calibration of a controller has found.
    public struct Identity: Equatable, Sendable {
        public let id: UInt8
        /// Turns per minute and volt.
        public let rpmPerVolt: Float
        public let winding: Float
        public let poles: UInt8
        /// How much slower the output turns than the rotor; not above 1.
        public let outputRatio: Float
        /// What it reads where the joint is at zero.
        public let zero: Radians

        /// Nil for a number that no controller can have, or a motor that cannot be.
        public init?(
            id: UInt8, rpmPerVolt: Float, winding: Float, poles: UInt8 = 14, outputRatio: Float = 1,
            zero: Radians = .zero
        ) {
            guard zero.isFinite, (1...126).contains(id), rpmPerVolt > 0, winding > 0, poles > 0, outputRatio > 0 else {
                return nil
            }
            self.id = id
            self.rpmPerVolt = rpmPerVolt
            self.winding = winding
            self.poles = poles
            self.outputRatio = outputRatio
            self.zero = zero
        }

        /// Of a motor that gives so much torque at the controller's output.
        public init?(id: UInt8, torqueConstant: NewtonMetresPerAmpere, winding: Float, zero: Radians) {
            let rpmPerVolt = Float(MoteusController.torqueFactor) / torqueConstant.value
            self.init(id: id, rpmPerVolt: rpmPerVolt, winding: winding, zero: zero)
        }
    }

    public let identity: Identity
    public internal(set) var drive = MotorDrive.off
    public internal(set) var mode = Moteus.Mode.stopped
    var condition: UInt8 = 0
    var configuration: MoteusConfiguration
    var saved: MoteusConfiguration
    var order = MoteusOrder(.stopped)
    var trajectory = MoteusTrajectory()
    var control = MoteusControl()
    var sight = MoteusSight()
    var console = MoteusConsole()
    /// Seconds until the watchdog runs out; nil while it is not armed.
    var patience: Double?
    var milliseconds = 0.0
    var late = MoteusLate()
    /// Ports, trims and whatever else is only kept.
    var scratch: [UInt16: Double] = [:]

    public init(_ identity: Identity) {
        self.identity = identity
        var calibrated = MoteusConfiguration()
        calibrated[.id] = Double(identity.id)
        calibrated[.rpmPerVolt] = Double(identity.rpmPerVolt)
        calibrated[.winding] = Double(identity.winding)
        calibrated[.poles] = Double(identity.poles)
        calibrated[.outputRatio] = Double(identity.outputRatio)
        // The kits come without bounds; the firmware's own would let nothing turn.
        calibrated[.lowest] = .nan
        calibrated[.highest] = .nan
        saved = calibrated
        configuration = calibrated
    }

    /// The power went and came back.
    public mutating func restart() {
        let (kept, milliseconds) = (saved, late.milliseconds)
        self = MoteusController(identity)
        delayCommands(by: milliseconds)
        saved = kept
        configuration = kept
    }

    var id: UInt8 { UInt8(min(max(configuration[.id], 0), 127)) }

    /// The number in a parameter of the configuration; nil for a name that is not there.
    public func configured(_ name: String) -> String? { configuration.text(of: name) }
}

// What it makes of a frame.
extension MoteusController {
    /// What goes back, if anything does: what was read is from before what was written.
    mutating func answer(_ payload: Moteus.Payload) -> Moteus.Payload? {
        guard !payload.bytes.isEmpty else { return Moteus.Payload() }
        if MoteusConsole.isTunnel(payload.bytes[0]) { return tunnel(payload) }
        var reply = Moteus.Payload()
        var next: MoteusOrder?
        var reader = Moteus.SubframeReader(payload)
        while let subframe = try? reader.next() {
            switch subframe {
            case .write(let values):
                guard write(values, of: payload, into: &next, &reply) else { return nil }
            case .read(let start, let count, let resolution): read(start, count, resolution, into: &reply)
            case .reply, .writeError, .readError: break
            }
        }
        if let next { take(next) }
        return reply
    }

    /// False when the rest of the frame is for another controller.
    private mutating func write(
        _ values: Moteus.Values, of payload: Moteus.Payload, into next: inout MoteusOrder?,
        _ reply: inout Moteus.Payload
    ) -> Bool {
        for place in 0..<values.count {
            let register = values.register(at: place)
            let word = values.word(at: place, in: payload)
            guard isMeant(register, word) else { return false }
            if let code = write(word, to: register, into: &next) { try? reply.writeError(register, code: code) }
        }
        return true
    }

    /// Neighbouring registers share a subframe until one of them cannot be read.
    private func read(
        _ start: Moteus.Register, _ count: Int, _ resolution: Moteus.Resolution, into reply: inout Moteus.Payload
    ) {
        var words: [Moteus.Word] = []
        var first = start
        for place in 0..<count {
            let register = Moteus.Register(start.rawValue &+ UInt16(place))
            if let word = word(of: register, resolution) {
                if words.isEmpty { first = register }
                words.append(word)
                continue
            }
            Self.put(words, first, into: &reply)
            words = []
            Self.put(into: &reply) { (reply) throws(EncodingError) in try reply.readError(register, code: 1) }
        }
        Self.put(words, first, into: &reply)
    }

    private static func put(_ words: [Moteus.Word], _ first: Moteus.Register, into reply: inout Moteus.Payload) {
        put(into: &reply) { (reply) throws(EncodingError) in try reply.reply(first, words.span) }
    }

    /// What does not fit is not sent, neither whole nor in part.
    static func put(
        into reply: inout Moteus.Payload, _ addition: (inout Moteus.Payload) throws(EncodingError) -> Void
    ) {
        var longer = reply
        do throws(EncodingError) {
            try addition(&longer)
            reply = longer
        } catch {}
    }
}
