public import Quantities
public import Simulator

/// A line with its slaves and their metal, as a value: what a master sends goes in, what it receives comes out.
///
/// Firmware and physics go on in steps of a millisecond, and faults begin and end with them. The same bytes at the same
/// instants give the same run, bit for bit.
public struct VirtualBus<Wire: VirtualWire, Body: VirtualBody>: Sendable {
    public static var step: Seconds { Seconds(0.001) }

    public internal(set) var wire: Wire
    public internal(set) var line: VirtualLine
    public private(set) var now = BusInstant.start
    /// Whether the adapter is where it should be.
    public private(set) var isPlugged = true
    public let plan: FaultPlan
    private var metal: AfflictedBody<Body>
    private var present: [Bool]

    public init(wire: Wire, body: Body, line: LineSettings, faults: FaultPlan = .none) {
        guard wire.drives.count == body.jointCount else { preconditionFailure("one drive for each joint") }
        self.wire = wire
        self.line = VirtualLine(line, seed: faults.seed)
        metal = AfflictedBody(body)
        plan = faults
        present = Array(repeating: false, count: faults.faults.count)
        changeFaults(at: now)
        self.wire.advance(to: now, body: metal)
    }

    /// What really moves, whatever its sensors say.
    public var body: Body { metal.body }

    /// When something happens next by itself, the step of the physics apart.
    public var nextDue: BusInstant? { line.nextDue }
    public var nextStep: BusInstant { BusInstant(nanoseconds: now.nanoseconds + nanosecondsPerMillisecond) }

    /// The master sends. Everything up to this instant happens first.
    public mutating func send(_ bytes: [UInt8], at instant: BusInstant) {
        advance(to: instant)
        if isPlugged { line.send(bytes, at: instant) }
    }

    public mutating func advance(to instant: BusInstant) {
        while min(nextStep, line.nextDue ?? .never) <= instant {
            line.advance(to: min(nextStep, instant), wire: &wire)
            if nextStep <= instant { goOn() }
        }
    }

    /// What has reached the master since the last time.
    public mutating func takeDeliveries() -> [Delivery] { line.takeDeliveries() }

    private mutating func goOn() {
        let instant = nextStep
        changeFaults(at: instant)
        metal.advance(by: Self.step, drives: wire.drives.span)
        wire.advance(to: instant, body: metal)
        let reports = wire.takeReports()
        if isPlugged { line.report(reports, at: instant) }
        now = instant
    }
}

// The faults of the plan, as they begin and end.
extension VirtualBus {
    private mutating func changeFaults(at instant: BusInstant) {
        let then = present
        present = plan.faults.map { $0.isPresent(at: instant) }
        guard present != then else { return }
        let active = plan.faults.indices.filter { present[$0] }.map { plan.faults[$0] }
        line.set(LineTroubles(active))
        metal.set(active)
        for place in plan.faults.indices where present[place] != then[place] {
            tellSlaves(plan.faults[place], at: instant)
        }
        let wasPlugged = isPlugged
        isPlugged = !active.contains { $0.name == .unplug }
        if wasPlugged && !isPlugged { line.unplug() }
    }

    private mutating func tellSlaves(_ fault: Fault, at instant: BusInstant) {
        guard let suffered = fault.name.ofSlaves else { return }
        let isPresent = fault.isPresent(at: instant)
        for slave in 0..<wire.slaveCount where fault.place == nil || fault.place == slave {
            wire.suffer(suffered, slave: slave, isPresent: isPresent, at: instant)
        }
    }
}

extension FaultName {
    fileprivate var ofSlaves: SlaveFault? {
        switch self {
        case .servoReboot: .powerLoss
        case .overload: .overload
        case .boardHang: .hang
        case .wrongIdentity: .wrongIdentity
        default: nil
        }
    }
}

extension LineTroubles {
    init(_ faults: [Fault]) {
        self.init()
        for fault in faults { add(fault) }
    }

    private mutating func add(_ fault: Fault) {
        switch fault.name {
        case .packetLoss: loss = fault.value
        case .bitFlips: flip = fault.value
        case .truncation: truncation = fault.value
        case .duplicate: duplicate = fault.value
        case .echo: hasEcho = true
        case .lateReply:
            late = 1
            lateness = Int64(fault.value * Double(nanosecondsPerMillisecond))
        case .adapterLatency: latencyTimer = Int64(fault.value * Double(nanosecondsPerMillisecond))
        case .busShort: short = fault.value
        case .looseWire:
            loosePlace = fault.place ?? 0
            loose = fault.value
        default: break
        }
    }
}
