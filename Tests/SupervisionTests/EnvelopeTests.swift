import Quantities
import Testing

@testable import Supervision

@Suite struct EnvelopeTests {
    /// One wrong value: how it is written into the sample, and the complaints that must come of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let expected: [Defect]
        let robot: RobotEnvelope
        let joint: JointEnvelope
        var testDescription: String { name }

        init(
            _ name: String, _ complaints: [(EnvelopeKey, Complaint)], drive: Drive = .position,
            _ change: (inout RobotEnvelope, inout JointEnvelope) -> Void
        ) {
            var (robot, joint) = (RobotEnvelope.sample, JointEnvelope.sample(drive))
            change(&robot, &joint)
            self.name = name
            expected = complaints.map { Defect(key: $0.0, complaint: $0.1) }
            self.robot = robot
            self.joint = joint
        }
    }

    static func motor(
        resistance: Float = 2, winding: Float = 8, housing: Float = 64, toHousing: Float = 1, toAmbient: Float = 4,
        ambient: Float = 16, limit: Float = 96, least: Float = 4
    ) -> MotorHeat {
        MotorHeat(
            resistance: Ohms(resistance), windingCapacity: JoulesPerKelvin(winding),
            housingCapacity: JoulesPerKelvin(housing), windingToHousing: KelvinsPerWatt(toHousing),
            housingToAmbient: KelvinsPerWatt(toAmbient), ambient: Celsius(ambient), windingLimit: Celsius(limit),
            leastTimeLeft: Seconds(least))
    }

    static func times(
        hold: Int32 = 8, slowStop: Int32 = 128, park: Int32 = 1024, limp: Int32 = 16, rest: Int32 = 3,
        recovery: Int32 = 4, permit: Int32 = 4
    ) -> LadderTimes {
        LadderTimes(
            hold: Ticks(hold), slowStop: Ticks(slowStop), park: Ticks(park), limp: Ticks(limp), rest: Ticks(rest),
            recovery: Ticks(recovery), permit: Ticks(permit))
    }

    static func ladder(_ name: String, _ complaints: [(EnvelopeKey, Complaint)], _ times: LadderTimes) -> Case {
        Case(name, complaints) { robot, _ in robot.times = times }
    }

    static func heat(_ name: String, _ complaints: [(EnvelopeKey, Complaint)], _ motor: MotorHeat) -> Case {
        Case(name, complaints) { _, joint in joint.motor = motor }
    }

    static let bad: [Float] = [0, -1, .nan, .infinity]

    static let robots: [Case] = bad.flatMap { value -> [Case] in
        [
            Case("reaction \(value)", [(.reaction, .notPositive)]) { robot, _ in robot.reaction = Seconds(value) },
            Case("power \(value)", [(.power, .notPositive)]) { robot, _ in robot.power = Watts(value) },
            Case("energy capacity \(value)", [(.energyCapacity, .notPositive)]) { robot, _ in
                robot.energy = Allowance(capacity: value, drain: PerSecond(32))
            },
            Case("energy drain \(value)", [(.energyDrain, .notPositive)]) { robot, _ in
                robot.energy = Allowance(capacity: 16, drain: PerSecond(value))
            },
            Case("command rate \(value)", [(.commandRate, .notPositive)]) { robot, _ in robot.commandRate = value },
            Case("travel capacity \(value)", [(.commandTravelCapacity, .notPositive)]) { robot, _ in
                robot.commandTravel = Allowance(capacity: value, drain: PerSecond(4))
            },
            Case("travel drain \(value)", [(.commandTravelDrain, .notPositive)]) { robot, _ in
                robot.commandTravel = Allowance(capacity: 8, drain: PerSecond(value))
            },
            Case("tube hysteresis \(value)", [(.tubeHysteresis, .notPositive)]) { robot, _ in
                robot.tube = TubeRules(hysteresis: Radians(value), patience: Ticks(2))
            },
        ]
    }

    static let robotOrders: [Case] = [
        Case("period zero", [(.period, .notPositive)]) { robot, _ in robot.period = .zero },
        Case("period not a number", [(.period, .notPositive), (.period, .notBelow(.deadline))]) { robot, _ in
            robot.period = Seconds(.nan)
        },
        Case("deadline at the period", [(.period, .notBelow(.deadline))]) { robot, _ in
            robot.deadline = robot.period
        },
        Case(
            "deadline infinite", [(.deadline, .notFinite), (.windingCapacity, .tooQuickForDeadline)]
        ) { robot, _ in robot.deadline = Seconds(.infinity) },
        Case("hold after no late tick", [(.lateTicksToHold, .notPositive)]) { robot, _ in
            robot.lateTicksToHold = .zero
        },
        Case("hold and stop at once", [(.lateTicksToHold, .notBelow(.lateTicksToStop))]) { robot, _ in
            robot.lateTicksToStop = robot.lateTicksToHold
        },
        Case("stop before hold", [(.lateTicksToHold, .notBelow(.lateTicksToStop))]) { robot, _ in
            robot.lateTicksToStop = Ticks(1)
        },
        Case("no patience", [(.tubePatience, .notPositive)]) { robot, _ in
            robot.tube = TubeRules(hysteresis: Radians(1), patience: .zero)
        },
        Case("as short as can be", []) { robot, _ in
            robot.times = times(hold: 1, slowStop: 2, park: 1, limp: 2, rest: 1, recovery: 1, permit: 1)
            robot.lateTicksToHold = Ticks(1)
            robot.tube = TubeRules(hysteresis: Radians(1), patience: Ticks(1))
            robot.horizon = Ticks(1)
        },
        Case("no horizon", [(.horizon, .notPositive)]) { robot, _ in robot.horizon = .zero },
        Case("park speed above speed", [(.parkSpeed, .above(.speed))]) { robot, _ in
            robot.parkSpeed = RadiansPerSecond(8.5)
        },
        Case("park speed at speed", []) { robot, _ in robot.parkSpeed = RadiansPerSecond(8) },
        Case("park speed at rest", [(.rest, .notBelow(.parkSpeed))]) { robot, _ in
            robot.parkSpeed = RadiansPerSecond(0.0625)
        },
        Case("park speed zero", [(.parkSpeed, .notPositive), (.rest, .notBelow(.parkSpeed))]) { robot, _ in
            robot.parkSpeed = .zero
        },
        ladder("no hold", [(.holdTime, .notPositive)], times(hold: 0)),
        ladder(
            "no slow stop", [(.slowStopTime, .notPositive), (.restTime, .notBelow(.slowStopTime))],
            times(slowStop: 0)),
        ladder("no park", [(.parkTime, .notPositive)], times(park: 0)),
        ladder("no limp", [(.limpTime, .notPositive), (.restTime, .notBelow(.limpTime))], times(limp: 0)),
        ladder("no rest", [(.restTime, .notPositive)], times(rest: 0)),
        ladder("rest as long as limp", [(.restTime, .notBelow(.limpTime))], times(limp: 3)),
        ladder("rest longer than limp", [(.restTime, .notBelow(.limpTime))], times(limp: 2)),
        ladder("rest just shorter than limp", [], times(limp: 4)),
        ladder("rest as long as slow stop", [(.restTime, .notBelow(.slowStopTime))], times(slowStop: 3)),
        ladder("rest just shorter than slow stop", [], times(slowStop: 4)),
        ladder("no recovery", [(.recoveryTime, .notPositive)], times(recovery: 0)),
        ladder("no permit", [(.permitTime, .notPositive)], times(permit: 0)),
    ]

    static let joints: [Case] = bad.flatMap { value -> [Case] in
        [
            Case("following \(value)", [(.following, .notPositive)], drive: .speed(following: PerSecond(value))) {
                _, _ in
            },
            Case(
                "stiffness \(value)", [(.stiffness, .notPositive)],
                drive: .effort(
                    stiffness: NewtonMetresPerRadian(value), damping: NewtonMetreSecondsPerRadian(1))
            ) { _, _ in },
            Case(
                "damping \(value)", [(.damping, .notPositive)],
                drive: .effort(
                    stiffness: NewtonMetresPerRadian(1), damping: NewtonMetreSecondsPerRadian(value))
            ) { _, _ in },
            Case("jump allowance \(value)", [(.jumpAllowance, .notPositive)]) { _, joint in
                joint.jumpAllowance = Radians(value)
            },
            Case("park tolerance \(value)", [(.parkTolerance, .notPositive)]) { _, joint in
                joint.parkTolerance = Radians(value)
            },
            Case("effort slew \(value)", [(.effortSlew, .notPositive)]) { _, joint in
                joint.effortSlew = NewtonMetresPerSecond(value)
            },
            Case("motion age \(value)", [(.oldestMotion, .notPositive)]) { _, joint in
                joint.oldestMotion = Seconds(value)
            },
            Case("temperature age \(value)", [(.oldestTemperature, .notPositive)]) { _, joint in
                joint.oldestTemperature = Seconds(value)
            },
            Case("voltage age \(value)", [(.oldestVoltage, .notPositive)]) { _, joint in
                joint.oldestVoltage = Seconds(value)
            },
            heat("resistance \(value)", [(.resistance, .notPositive)], motor(resistance: value)),
            heat("housing capacity \(value)", [(.housingCapacity, .notPositive)], motor(housing: value)),
            heat("housing to ambient \(value)", [(.housingToAmbient, .notPositive)], motor(toAmbient: value)),
            heat("least time \(value)", [(.leastTimeLeft, .notPositive)], motor(least: value)),
        ]
    }

    static let jointOrders: [Case] = [
        Case("softening zero", [(.softening, .notPositive)]) { _, joint in joint.softening = .zero },
        Case("softening too wide", [(.softening, .tooWide), (.park, .notReachable)]) { _, joint in
            joint.softening = Radians(2)
        },
        Case("softening just fits", []) { _, joint in
            joint.softening = Radians(1.875)
            joint.park = Radians(0.125)
        },
        Case("lead at tracking", [(.lead, .notBelow(.tracking))]) { _, joint in joint.lead = Radians(1) },
        Case("lead zero", [(.lead, .notPositive)]) { _, joint in joint.lead = .zero },
        Case("tracking infinite", [(.tracking, .notFinite)]) { _, joint in joint.tracking = Radians(.infinity) },
        Case("park beyond the high end", [(.park, .notReachable)]) { _, joint in joint.park = Radians(1.8125) },
        Case("park beyond the low end", [(.park, .notReachable)]) { _, joint in joint.park = Radians(-1.8125) },
        Case("park at the high end", []) { _, joint in joint.park = Radians(1.75) },
        Case("park at the low end", []) { _, joint in joint.park = Radians(-1.75) },
        Case("park not a number", [(.park, .notReachable)]) { _, joint in joint.park = Radians(.nan) },
        Case("rest zero", [(.rest, .notPositive)]) { _, joint in joint.rest = .zero },
        Case("speed at overspeed", [(.speed, .notBelow(.overspeed))]) { _, joint in
            joint.speed = RadiansPerSecond(16)
        },
        Case("overspeed infinite", [(.overspeed, .notFinite)]) { _, joint in
            joint.overspeed = RadiansPerSecond(.infinity)
        },
        Case("stopping zero", [(.stoppingDeceleration, .notPositive)]) { _, joint in
            joint.stoppingDeceleration = .zero
        },
        Case("stopping above acceleration", [(.stoppingDeceleration, .above(.acceleration))]) { _, joint in
            joint.stoppingDeceleration = RadiansPerSecondSquared(65)
        },
        Case("stopping at acceleration", []) { _, joint in
            joint.stoppingDeceleration = RadiansPerSecondSquared(64)
        },
        Case("acceleration infinite", [(.acceleration, .notFinite)]) { _, joint in
            joint.acceleration = RadiansPerSecondSquared(.infinity)
        },
        Case("effort zero", [(.effort, .notPositive)]) { _, joint in joint.effort = .zero },
        Case("effort at over-effort", [(.effort, .notBelow(.overEffort))]) { _, joint in
            joint.effort = NewtonMetres(8)
        },
        Case("over-effort infinite", [(.overEffort, .notFinite)]) { _, joint in
            joint.overEffort = NewtonMetres(.infinity)
        },
        Case("hottest not a number", [(.hottest, .notFinite)]) { _, joint in joint.hottest = Celsius(.nan) },
        heat(
            "winding capacity zero", [(.windingCapacity, .notPositive), (.windingCapacity, .tooQuickForDeadline)],
            motor(winding: 0)),
        heat(
            "winding to housing zero",
            [(.windingToHousing, .notPositive), (.windingCapacity, .tooQuickForDeadline)], motor(toHousing: 0)),
        heat("ambient at the limit", [(.ambient, .notBelow(.windingLimit))], motor(ambient: 96)),
        heat("ambient infinitely cold", [(.ambient, .notFinite)], motor(ambient: -.infinity)),
        heat("limit infinite", [(.windingLimit, .notFinite)], motor(limit: .infinity)),
        heat("winding as quick as two deadlines", [(.windingCapacity, .tooQuickForDeadline)], motor(winding: 1 / 32)),
        heat("winding just slow enough", [], motor(winding: 3 / 64)),
    ]

    @Test("every contradiction is found, named and alone", arguments: robots + robotOrders + joints + jointOrders)
    func finds(wrong: Case) {
        let ofRobot = Defects(of: wrong.robot)
        let ofJoint = Defects(of: wrong.joint, on: wrong.robot)
        let found =
            (0..<ofRobot.count).compactMap { ofRobot[$0] } + (0..<ofJoint.count).compactMap { ofJoint[$0] }
        #expect(found == wrong.expected)
        var joints = PerJoint<JointEnvelope>(repeating: .sample())
        joints[joint(1)] = wrong.joint
        guard let two = JointCount(2) else { return unexpected(.unknown) }
        let envelope = Envelope(identity: one, robot: wrong.robot, count: two, joints: joints)
        #expect((envelope == nil) == !wrong.expected.isEmpty)
    }

    @Test("all defects are listed at once and none beyond them")
    func lists() {
        var robot = RobotEnvelope.sample
        robot.power = .zero
        robot.reaction = .zero
        let defects = Defects(of: robot)
        #expect(defects.count == 2 && defects[1]?.key == .power && defects[2] == nil && !defects.isEmpty)
        #expect(Defects(of: .sample).isEmpty)
    }

    @Test("the worst envelope there can be is listed, not trapped on")
    func worst() {
        let nan = Float.nan
        var (robot, joint) = (RobotEnvelope.sample, JointEnvelope.sample(.sampleEffort))
        joint.drive = .effort(stiffness: NewtonMetresPerRadian(nan), damping: NewtonMetreSecondsPerRadian(nan))
        joint.softening = Radians(nan)
        joint.lead = Radians(nan)
        joint.tracking = Radians(nan)
        joint.jumpAllowance = Radians(nan)
        joint.parkTolerance = Radians(nan)
        joint.park = Radians(nan)
        joint.rest = RadiansPerSecond(nan)
        joint.speed = RadiansPerSecond(nan)
        joint.overspeed = RadiansPerSecond(nan)
        joint.stoppingDeceleration = RadiansPerSecondSquared(nan)
        joint.acceleration = RadiansPerSecondSquared(nan)
        joint.effort = NewtonMetres(nan)
        joint.overEffort = NewtonMetres(nan)
        joint.effortSlew = NewtonMetresPerSecond(nan)
        joint.hottest = Celsius(nan)
        joint.oldestMotion = Seconds(nan)
        joint.oldestTemperature = Seconds(nan)
        joint.oldestVoltage = Seconds(nan)
        joint.motor = Self.motor(
            resistance: nan, winding: nan, housing: nan, toHousing: nan, toAmbient: nan, ambient: nan, limit: nan,
            least: nan)
        #expect(Defects(of: joint, on: robot).count == 36)
        robot = RobotEnvelope(
            period: Seconds(nan), deadline: Seconds(nan), lateTicksToHold: .zero, lateTicksToStop: .zero,
            reaction: Seconds(nan), power: Watts(nan), energy: Allowance(capacity: nan, drain: PerSecond(nan)),
            commandRate: nan, commandTravel: Allowance(capacity: nan, drain: PerSecond(nan)),
            parkSpeed: RadiansPerSecond(nan), tube: TubeRules(hysteresis: Radians(nan), patience: .zero),
            times: Self.times(hold: 0, slowStop: 0, park: 0, limp: 0, rest: 0, recovery: 0, permit: 0), horizon: .zero)
        #expect(Defects(of: robot).count == 25)
    }

    @Test("joints past the robot's last are not asked")
    func beyondCount() {
        var joints = PerJoint<JointEnvelope>(repeating: .sample())
        joints[joint(1)].effort = .zero
        guard let single = JointCount(1), let two = JointCount(2) else { return unexpected(.unknown) }
        #expect(Envelope(identity: one, robot: .sample, count: single, joints: joints) != nil)
        #expect(Envelope(identity: one, robot: .sample, count: two, joints: joints) == nil)
    }

    @Test("commands keep clear of both ends by the softening")
    func commanded() {
        let range = JointEnvelope.sample().commanded
        #expect(range.low == Radians(-1.75) && range.high == Radians(1.75))
    }
}
