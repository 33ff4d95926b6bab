internal import Actuators
internal import Ports
internal import Quantities
internal import Supervision
internal import Threads

// What is done between two ticks.
extension ControlLoop where Robot: ~Copyable {
    private var patience: Duration { .seconds(10) }

    /// At most a few orders a turn, and of those that wait for devices one: nobody's zeal delays the next tick, or the
    /// sign of life that a watchdog outside waits for, longer than one of them takes.
    ///
    /// Says whether there were any, since they take their time.
    func obey() -> Bool {
        if !supervisor.mode.isPowered { retired = nil }
        var hasObeyed = false
        for _ in 0..<4 {
            guard let order = channels.orders.next() else { break }
            let isLong = order.waitsForDevices
            obey(order)
            hasObeyed = true
            if isLong { break }
        }
        return hasObeyed
    }

    private func obey(_ order: consuming Order<Program>) {
        switch order {
        case .identify: identify()
        case .prepare: prepare()
        case .verified: follow(supervisor.handle(.verified))
        case .observe: follow(supervisor.handle(.observe))
        case .run(let approval, let plan, let program, let stops):
            run(approval, plan: plan, program, stops: stops)
        case .finish: follow(supervisor.handle(.finish))
        case .stop: fault(.operatorStop)
        case .fault(let fault): self.fault(fault)
        case .resume(let person): follow(supervisor.handle(.resume(by: person)))
        case .clear(let person): clear(by: person)
        case .tellTiming: channels.tell(.timing(timing))
        case .quit: quit()
        }
    }

    private func follow(_ action: Action) {
        if action == .refuse { channels.tell(.refused(supervisor.mode)) }
        perform(action)
    }

    /// Looking at every device takes longer than a tick: only while nothing is driven.
    private func identify() {
        guard !supervisor.mode.isPowered, flight == nil else { return channels.tell(.refused(supervisor.mode)) }
        attempt { (robot: inout Robot, deadline) throws(BusError) in
            let findings = try robot.identify(by: deadline)
            return .identified(findings, robot.passports)
        }
    }

    private func prepare() {
        guard !supervisor.mode.isPowered, flight == nil else { return channels.tell(.refused(supervisor.mode)) }
        attempt { (robot: inout Robot, deadline) throws(BusError) in
            try robot.prepare(by: deadline)
            return .prepared
        }
    }

    private func attempt(
        _ work: (inout Robot, MonotonicInstant) throws(BusError) -> LoopReport
    ) {
        do throws(BusError) {
            let report = try work(&robot, robot.now + patience)
            if case .unknown = supervisor.mode { follow(supervisor.handle(.identified)) }
            channels.tell(report)
        } catch {
            if supervisor.mode.isWatched { fault(error.fault) }
            channels.tell(.failed(error))
        }
        metronome.restart(at: robot.now)
    }

    private func clear(by person: Operator) {
        let action = supervisor.handle(.clear(by: person))
        guard action == .verifyAgain else { return follow(action) }
        do throws(BusError) {
            try robot.clear(by: robot.now + patience)
            channels.tell(.cleared)
        } catch {
            channels.tell(.failed(error))
        }
        samples = PerJoint(repeating: .unknown)
        metronome.restart(at: robot.now)
    }

    /// Stops by the ladder if something moves, and switches off whatever happens. A flight that was under way has an end
    /// like any other, which is told: only what nobody can tell of is lost.
    private func quit() {
        if supervisor.mode.isPowered { fault(.operatorStop) }
        if let flight, !flight.hasBegun { abort(flight.serial) }
        let end = robot.now + .seconds(60)
        while supervisor.mode.isPowered || flight != nil, robot.now < end {
            tick(from: robot.now)
            _ = metronome.advance(at: robot.now)
            publish()
            // The way down the ladder may take longer than a watchdog outside waits for a sign of life.
            channels.inputs.comeRound()
            waitUntilDue()
        }
        permit = nil
        nextSwitchOff = .past
        // Also where nothing was armed: what is told to be off stays off, and what does not answer is named.
        switchOff()
        isOver = true
    }
}
