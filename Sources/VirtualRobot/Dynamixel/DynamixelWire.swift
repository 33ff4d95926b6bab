public import Actuators
internal import Quantities
public import Simulator

/// Dynamixel servos on one bus.
///
/// They answer as the vendor's manual has it: registers with their ranges, limits and rights, all reads and writes for
/// one and for several, watchdog, guards that only a reboot resets, profiles and control loops that move the body.
public struct DynamixelWire: VirtualWire {
    var slaves: [DynamixelSlave]
    private var ears: [DynamixelEar]

    /// One servo for each joint of the body, in its order and in that of the wire.
    public init(_ servos: [DynamixelServo]) {
        slaves = servos.map(DynamixelSlave.init)
        ears = servos.map { _ in DynamixelEar() }
    }

    public var slaveCount: Int { slaves.count }
    public var drives: [MotorDrive] { slaves.map(\.drive) }

    public func bitsPerSecond(of slave: Int) -> UInt32? { slaves[slave].bitsPerSecond }

    /// What stands in a register, past all rules; nil when the model has no such register.
    public func number(_ item: Dynamixel.Item, of slave: Int) -> Int64? {
        slaves[slave].table.has(item) ? slaves[slave][item] : nil
    }

    public mutating func hearSilence() { for slave in ears.indices { ears[slave].hearSilence() } }

    public mutating func hear(
        _ bytes: Span<UInt8>, at instant: BusInstant, listening: (Int) -> Bool
    ) -> [WireAnswer] {
        var answers: [WireAnswer] = []
        let awake = slaves.map { $0.isAwake(at: instant) }
        for (packet, hearers) in packets(in: bytes, listening: { listening($0) && awake[$0] }) {
            answers += answer(packet, hearers, at: instant)
            for slave in hearers { slaves[slave].finishAnswer(at: instant) }
        }
        return answers
    }

    public mutating func overhear(_ bytes: Span<UInt8>, from slave: Int, listening: (Int) -> Bool) {
        // Answers are no requests; what they leave behind in a receiver is all that they do.
        _ = packets(in: bytes, listening: listening)
    }

    /// Each packet with those who heard it. They hear the same unless some of them missed the beginning.
    private mutating func packets(
        in bytes: Span<UInt8>, listening: (Int) -> Bool
    ) -> [(DynamixelHeard, [Int])] {
        let chunk = bytes.indices.map { bytes[$0] }
        var heard: [(packet: DynamixelHeard, hearers: [Int])] = []
        for slave in slaves.indices where listening(slave) {
            var from = 0
            for packet in ears[slave].hear(chunk) {
                let place = heard[from...].firstIndex { $0.packet == packet } ?? heard.endIndex
                if place == heard.endIndex { heard.append((packet, [])) }
                heard[place].hearers.append(slave)
                from = place + 1
            }
        }
        return heard
    }

    public mutating func advance(to instant: BusInstant, body: some VirtualBody) {
        for slave in slaves.indices { slaves[slave].advance(to: instant, sensing: body.state(of: slave)) }
    }

    public mutating func delayCommands(of slave: Int, by milliseconds: Int) {
        slaves[slave].delayCommands(by: milliseconds)
    }

    public mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant) {
        switch fault {
        case .powerLoss:
            slaves[slave].hasPower = !isPresent
            slaves[slave].reboot(at: instant)
        case .overload: if isPresent { slaves[slave].overload() }
        case .hang: slaves[slave].hangs = isPresent
        case .wrongIdentity: slaves[slave].answersWrongly = isPresent
        case .emergencyStop: break
        }
    }
}
