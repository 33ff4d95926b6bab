/// Everything that can be made to go wrong, under the name by which people ask for it.
public enum FaultName: String, CaseIterable, Sendable {
    case packetLoss = "packet-loss"
    case bitFlips = "bit-flips"
    case truncation
    case lateReply = "late-reply"
    case commandDelay = "command-delay"
    case duplicate
    case echo
    case wrongIdentity = "wrong-id"
    case servoReboot = "servo-reboot"
    case overload
    case overheating
    case encoderJump = "encoder-jump"
    case stuckJoint = "stuck-joint"
    case slippingGear = "slipping-gear"
    case stickyJoint = "sticky-joint"
    case reversedJoint = "reversed-joint"
    case swappedIdentities = "swapped-ids"
    case unplug
    case adapterLatency = "adapter-latency"
    case busShort = "bus-short"
    case voltageSag = "voltage-sag"
    case boardHang = "board-hang"
    case looseWire = "loose-wire"
    case emergencyStop = "e-stop"
    case deadManReleased = "dead-man"
    case hand

    /// What it does, in one sentence for a list.
    public var summary: String {
        switch self {
        case .packetLoss: "packets do not arrive, in either direction"
        case .bitFlips: "one bit of a packet arrives turned over"
        case .truncation: "the end of a packet is missing"
        case .lateReply: "a servo waits so long before it answers"
        case .commandDelay: "a servo or board acts on each command so much later"
        case .duplicate: "an answer arrives twice"
        case .echo: "the adapter hears what it sends"
        case .wrongIdentity: "a servo answers under the number of another"
        case .servoReboot: "a servo loses its supply and boots when it returns"
        case .overload: "the overload guard of a servo trips"
        case .overheating: "a servo measures this temperature"
        case .encoderJump: "an encoder is off by this much"
        case .stuckJoint: "a joint does not move whatever pulls at it"
        case .slippingGear: "a motor turns and its joint does not feel it"
        case .stickyJoint: "a joint rubs around this position as if there was dirt in it"
        case .reversedJoint: "a motor is mounted the other way round"
        case .swappedIdentities: "a servo and the next one have each other's place"
        case .unplug: "the adapter is pulled out, and put back when the fault ends"
        case .adapterLatency: "the adapter waits so long for more before it passes bytes on"
        case .busShort: "the wire is dead, or each byte on it arrives wrong with this probability"
        case .voltageSag: "the supply gives so much less"
        case .boardHang: "the program of a servo or board stands still"
        case .looseWire: "the piece of wire before a servo gives way now and then"
        case .emergencyStop: "somebody presses the emergency stop: servos lose their supply, a board its outputs"
        case .deadManReleased: "nobody holds the dead-man switch"
        case .hand: "somebody turns a joint by hand so fast, with 1 N·m at most; the sign says which way"
        }
    }

    /// What the number of a fault means; nil for one that takes none.
    public var unit: FaultUnit? {
        switch self {
        case .packetLoss, .bitFlips, .truncation, .duplicate, .looseWire: .probability(unlessSaid: 1)
        case .busShort: .probability(unlessSaid: 0)
        case .lateReply: .milliseconds(unlessSaid: 20)
        // The ring of what is under way has an end.
        case .commandDelay: .milliseconds(unlessSaid: 20, most: 250)
        case .adapterLatency: .milliseconds(unlessSaid: 16)
        case .overheating: .celsius(unlessSaid: 95)
        case .encoderJump: .radians(unlessSaid: 0.5)
        case .stickyJoint: .radians(unlessSaid: 0)
        case .hand: .radiansPerSecond(unlessSaid: 0.5)
        case .voltageSag: .volts(unlessSaid: 2)
        case .echo, .wrongIdentity, .servoReboot, .overload, .stuckJoint, .slippingGear, .reversedJoint: nil
        case .swappedIdentities, .unplug, .boardHang, .emergencyStop, .deadManReleased: nil
        }
    }

    /// Whether it strikes one servo or joint, and not the whole line.
    public var hasPlace: Bool {
        switch self {
        case .packetLoss, .bitFlips, .truncation, .lateReply, .duplicate, .echo, .unplug: false
        case .adapterLatency, .busShort, .voltageSag, .emergencyStop, .deadManReleased: false
        case .wrongIdentity, .servoReboot, .overload, .overheating, .encoderJump, .stuckJoint, .slippingGear: true
        case .reversedJoint, .swappedIdentities, .boardHang, .looseWire, .commandDelay, .stickyJoint, .hand: true
        }
    }
}

/// What the number of a fault means, and which it is when none is given.
public enum FaultUnit: Equatable, Sendable {
    case probability(unlessSaid: Double)
    case milliseconds(unlessSaid: Double, most: Double = 100_000)
    case celsius(unlessSaid: Double)
    case radians(unlessSaid: Double)
    case radiansPerSecond(unlessSaid: Double)
    case volts(unlessSaid: Double)

    public var unlessSaid: Double {
        switch self {
        case .probability(let value), .milliseconds(let value, _), .celsius(let value), .radians(let value),
            .radiansPerSecond(let value), .volts(let value):
            value
        }
    }

    public func allows(_ value: Double) -> Bool {
        switch self {
        case .probability: (0...1).contains(value)
        case .milliseconds(_, let most): (0...most).contains(value)
        case .volts: (0...100_000).contains(value)
        case .celsius: (-50...250).contains(value)
        case .radians: (-1_000...1_000).contains(value)
        case .radiansPerSecond: (-100...100).contains(value)
        }
    }
}
