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
    /// What goes wrong, and when; live faults are added to it.
    public private(set) var plan: FaultPlan
    /// What happens is written here; nil writes nothing.
    public private(set) var log: RunLog?
    private var metal: AfflictedBody<Body>
    private var present: [Bool]
    /// Which slaves each fault of theirs has hold of.
    private var suffering: [SlaveFault: Set<Int>] = [:]
    /// By how many milliseconds each slave acts late.
    private var lateness: [Int]

    public init(wire: Wire, body: Body, line: LineSettings, faults: FaultPlan = .none, log: RunLog? = nil) {
        guard wire.drives.count == body.jointCount else { preconditionFailure("one drive for each joint") }
        self.wire = wire
        self.line = VirtualLine(line, seed: faults.seed)
        self.log = log
        metal = AfflictedBody(body)
        plan = faults
        present = Array(repeating: false, count: faults.faults.count)
        lateness = Array(repeating: 0, count: wire.slaveCount)
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
        log?.heard(bytes, at: instant, isPlugged: isPlugged)
        if isPlugged { line.send(bytes, at: instant) }
    }

    public mutating func advance(to instant: BusInstant) {
        while min(nextStep, line.nextDue ?? .never) <= instant {
            line.advance(to: min(nextStep, instant), wire: &wire)
            if nextStep <= instant { goOn() }
        }
    }

    /// What has reached the master since the last time.
    public mutating func takeDeliveries() -> [Delivery] {
        let deliveries = line.takeDeliveries()
        if log != nil {
            for delivery in deliveries { log?.said(delivery.bytes, at: delivery.instant) }
        }
        return deliveries
    }

    /// What was written since the last time.
    public mutating func takeLog() -> [UInt8] { log?.take() ?? [] }

    private mutating func goOn() {
        let instant = nextStep
        changeFaults(at: instant)
        let drives = wire.drives
        metal.advance(by: Self.step, drives: drives.span)
        wire.advance(to: instant, body: metal)
        let reports = wire.takeReports()
        if isPlugged && !reports.isEmpty { line.report(reports, at: instant) }
        now = instant
        log?.stepped(metal.body, drives, at: instant)
    }
}

// Faults, as they begin and end.
extension VirtualBus {
    /// What is wrong now.
    public var activeFaults: [Fault] { plan.faults.indices.filter { present[$0] }.map { plan.faults[$0] } }

    /// Whether somebody presses the emergency stop.
    public var isEmergencyStopped: Bool { isActive(.emergencyStop) }

    /// Whether somebody holds the dead-man switch. It is held until a fault or a person says otherwise.
    public var isDeadManHeld: Bool { !isActive(.deadManReleased) }

    private func isActive(_ name: FaultName) -> Bool {
        plan.faults.indices.contains { present[$0] && plan.faults[$0].name == name }
    }

    /// Somebody meddles; faults count their times from now, and begin and end with the next step.
    public mutating func obey(_ command: LiveCommand) {
        switch command {
        case .begin(let faults):
            plan.faults += faults.map { $0.counted(from: now) }
            present += faults.map { _ in false }
        case .mend(let name, let place):
            for index in plan.faults.indices where present[index] {
                let fault = plan.faults[index]
                let isMeant = (name ?? fault.name) == fault.name && (place == nil || place == fault.place)
                if isMeant { plan.faults[index] = fault.ended(at: now) }
            }
        }
    }

    private mutating func changeFaults(at instant: BusInstant) {
        let then = present
        for index in present.indices { present[index] = plan.faults[index].isPresent(at: instant) }
        guard present != then else { return }
        for index in present.indices where present[index] != then[index] {
            log?.changed(plan.faults[index], isPresent: present[index], at: instant)
        }
        let active = activeFaults
        line.set(LineTroubles(active))
        metal.set(active)
        tellSlaves(active, at: instant)
        delaySlaves(active)
        let wasPlugged = isPlugged
        isPlugged = !active.contains { $0.name == .unplug }
        if wasPlugged && !isPlugged { line.unplug() }
    }

    /// Several faults may do the same to a slave: it recovers with the last of them.
    private mutating func tellSlaves(_ active: [Fault], at instant: BusInstant) {
        for suffered in SlaveFault.allCases {
            let before = suffering[suffered] ?? []
            let after = Set(active.filter { $0.name.hits(hasStopInput: wire.hasStopInput) == suffered }.flatMap(slaves))
            suffering[suffered] = after
            for slave in before.symmetricDifference(after).sorted() {
                wire.suffer(suffered, slave: slave, isPresent: after.contains(slave), at: instant)
            }
        }
    }

    /// Of several delays the longest counts.
    private mutating func delaySlaves(_ active: [Fault]) {
        var after = lateness.map { _ in 0 }
        for fault in active where fault.name == .commandDelay {
            for slave in slaves(of: fault) { after[slave] = max(after[slave], Int(fault.value.rounded())) }
        }
        for slave in after.indices where after[slave] != lateness[slave] {
            wire.delayCommands(of: slave, by: after[slave])
        }
        lateness = after
    }

    private func slaves(of fault: Fault) -> [Int] {
        guard let place = fault.place else { return Array(0..<wire.slaveCount) }
        return place < wire.slaveCount ? [place] : []
    }
}

extension FaultName {
    fileprivate func hits(hasStopInput: Bool) -> SlaveFault? {
        switch self {
        case .servoReboot: .powerLoss
        case .overload: .overload
        case .boardHang: .hang
        case .wrongIdentity: .wrongIdentity
        case .emergencyStop: hasStopInput ? .emergencyStop : .powerLoss
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
