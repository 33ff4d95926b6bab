import Cockpit
import Episodes
import Guard
import Ports
import Supervision

/// The main thread of a guard: turns the desk, feeds the watchdog while the loop comes round, and ends cleanly.
struct GuardWatch {
    private let manager: ServiceManager
    private let journal: Journal
    private let robot: String
    private var told: String?
    private var beats: UInt64 = 0
    private var fed = MonotonicInstant.past

    init(robot: String, in surroundings: Surroundings) {
        manager = ServiceManager(environment)
        journal = Journal(robot: robot, environment, tell: surroundings.devices.tell)
        self.robot = robot
    }

    mutating func run(
        _ service: consuming GuardService, _ seat: LoopSeat, until isAsked: () -> Bool, _ style: Style
    ) -> Outcome {
        manager.tell("READY=1", "STATUS=guarding \(robot)")
        journal.write("guarding \(robot)", priority: 5)
        var deadline = MonotonicInstant.never
        while true {
            service.turn(at: DeskTime(wall: .ofThisMachine, steady: .now()))
            tell(service.desk.state, service.desk.latched)
            feed(seat.sight.beats)
            if isAsked(), service.closing == .no {
                manager.tell("STOPPING=1", "STATUS=stopping the robot")
                journal.write("asked to end: the robot stops and is switched off", priority: 5)
                service.close()
                deadline = .now() + .seconds(80)
            }
            if case .done(let isOff) = service.closing { return end(service, isOff: isOff, style) }
            if deadline <= .now() { return end(service, isOff: false, style) }
            service.wait(by: .now() + .milliseconds(20))
        }
    }

    /// The watchdog outside hears something only while the loop comes round: a hung loop is ended from there.
    private mutating func feed(_ beats: UInt64) {
        guard let watchdog = manager.watchdog, beats != self.beats, fed + watchdog <= .now() else { return }
        (self.beats, fed) = (beats, .now())
        manager.tell("WATCHDOG=1")
    }

    private mutating func tell(_ state: GuardState, _ fault: LatchedFault?) {
        let what = fault.map { "\(state.rawValue), fault \($0.fault.rawValue) \($0.fault)" } ?? state.rawValue
        // By its words: which joint a latched fault shows at may change every tick, and the journal is no place for that.
        guard told != what else { return }
        told = what
        manager.tell("STATUS=\(what)")
        let fields =
            [("UNDERSTUDY_STATE", state.rawValue)]
            + (fault.map { [("UNDERSTUDY_FAULT", "\($0.fault.rawValue)")] } ?? [])
        journal.write(what, priority: state == .latched ? 3 : 6, fields)
    }

    private func end(_ service: consuming GuardService, isOff: Bool, _ style: Style) -> Outcome {
        service.end(at: DeskTime(wall: .ofThisMachine, steady: .now()))
        journal.write(isOff ? "the robot is off" : "the robot could not be read back as off", priority: isOff ? 5 : 2)
        guard !isOff else { return Outcome() }
        return .failure(
            .deviceFault, "the robot could not be read back as off",
            next: "cut its supply, then: understudy stop \(robot) --without-guard", style)
    }
}
