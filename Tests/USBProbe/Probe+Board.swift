import Actuators
import BoardLink
import Ports
import Quantities

/// A board of ours with two joints behind a USB plug, and the driver that the guard will use.
struct BoardProbe: ~Copyable {
    private var bus: BoardBus<USBLink>
    private var samples = PerJoint<JointSample>(repeating: .unknown)

    /// Time enough for a machine that stands still for a while; nothing here is about time.
    private static let patience = Duration.seconds(5)

    init(_ words: [String]) throws(PortError) {
        guard let silence = Int32(words[2]), let settings = Self.settings(silence: silence) else {
            throw .unsuitable
        }
        let link = try USBLink(try Probe.identity(words[1]))
        guard let bus = BoardBus(link, rate: nil, settings: settings, patience: Self.patience) else {
            throw .unsuitable
        }
        self.bus = bus
    }

    private static func settings(silence: Int32) -> Board.Settings? {
        guard let position = Limit(Radians(-2), Radians(2)), let supply = Limit(Volts(6), Volts(9)) else { return nil }
        let bounds = [JointIndex.first, JointIndex(1)].compactMap { $0 }.compactMap { joint in
            JointBounds(
                joint: joint, position: position, speed: RadiansPerSecond(4), effort: NewtonMetres(3),
                temperature: Celsius(70), current: Amperes(2), braking: RadiansPerSecondSquared(60))
        }
        guard bounds.count == 2,
            let configuration = Configure(
                envelope: EnvelopeHash(DoubleWord(0x1234)), supply: supply, silence: Ticks(silence), bounds[0],
                bounds[1])
        else { return nil }
        return Board.Settings(configuration)
    }

    mutating func answer(to words: [String]) -> String {
        let soon = MonotonicInstant.now() + .seconds(60)
        do throws(BusError) {
            switch words[0] {
            case "board-identify": return "\(try bus.identify(by: soon))"
            case "board-arm":
                try bus.arm(by: soon)
                return "armed"
            case "board-cycles": return try cycles(Int(words[1]) ?? 0, Radians(Float(words[2]) ?? 0), by: soon)
            case "board-positions":
                return [JointIndex.first, JointIndex(1)].compactMap { $0 }
                    .map { "\(samples[$0].position.value)" }.joined(separator: " ")
            case "board-disarm":
                try bus.disarm(by: soon)
                return "disarmed"
            default: return "what?"
            }
        } catch {
            return "error \(error)"
        }
    }

    /// Reads and writes, and says how many joints were fresh.
    private mutating func cycles(
        _ count: Int, _ position: Radians, by deadline: MonotonicInstant
    ) throws(BusError) -> String {
        var fresh = 0
        for _ in 0..<count {
            fresh += try bus.readStates(into: &samples, by: deadline).count
            try bus.writeGoals(PerJoint(repeating: .position(position)), by: deadline)
        }
        return "\(fresh) fresh"
    }
}
