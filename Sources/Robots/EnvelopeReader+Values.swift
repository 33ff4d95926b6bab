import Quantities
import Supervision

extension RobotEnvelope {
    init(_ numbers: SectionNumbers) {
        let period = numbers[TimeKeys.period]
        self.init(
            period: period, deadline: numbers[TimeKeys.deadline], lateTicksToHold: numbers[TimeKeys.lateToHold],
            lateTicksToStop: numbers[TimeKeys.lateToStop], reaction: numbers[TimeKeys.reaction],
            power: numbers[TogetherKeys.power],
            energy: Allowance(
                capacity: numbers[TogetherKeys.energyBurst].value,
                drain: PerSecond(numbers[TogetherKeys.energySustained].value)),
            commandRate: numbers[TogetherKeys.commandStep].value,
            commandTravel: Allowance(
                capacity: numbers[TogetherKeys.commandBurst].value,
                drain: PerSecond(numbers[TogetherKeys.commandSustained].value)),
            parkSpeed: numbers[LadderKeys.parkSpeed],
            tube: TubeRules(
                hysteresis: numbers[TogetherKeys.tubeHysteresis], patience: numbers[TogetherKeys.tubePatience]),
            times: LadderTimes(
                hold: numbers.ticks(LadderKeys.hold, of: period),
                slowStop: numbers.ticks(LadderKeys.slowStop, of: period),
                park: numbers.ticks(LadderKeys.park, of: period), limp: numbers.ticks(LadderKeys.limp, of: period),
                rest: numbers.ticks(LadderKeys.rest, of: period),
                recovery: numbers.ticks(LadderKeys.recovery, of: period),
                permit: numbers.ticks(LadderKeys.permit, of: period)),
            horizon: numbers.ticks(TimeKeys.horizon, of: period))
    }
}

extension JointEnvelope {
    init(_ numbers: SectionNumbers, drive: Drive, position: Limit<Radians>, voltage: Limit<Volts>) {
        self.init(
            drive: drive, position: position, softening: numbers[PositionKeys.softening],
            speed: numbers[MotionKeys.speed], overspeed: numbers[MotionKeys.overspeed],
            acceleration: numbers[MotionKeys.acceleration], stoppingDeceleration: numbers[MotionKeys.stopping],
            effort: numbers[EffortKeys.effort], overEffort: numbers[EffortKeys.overEffort],
            effortSlew: numbers[EffortKeys.slew], lead: numbers[PositionKeys.lead],
            tracking: numbers[PositionKeys.tracking], jumpAllowance: numbers[PositionKeys.jump],
            rest: numbers[MotionKeys.rest], park: numbers[PositionKeys.park],
            parkTolerance: numbers[PositionKeys.parkTolerance], hottest: numbers[MotorKeys.hottest], voltage: voltage,
            oldestMotion: numbers[SupplyKeys.motionAge], oldestTemperature: numbers[SupplyKeys.temperatureAge],
            oldestVoltage: numbers[SupplyKeys.voltageAge], motor: MotorHeat(numbers))
    }
}

extension MotorHeat {
    fileprivate init(_ numbers: SectionNumbers) {
        self.init(
            resistance: numbers[MotorKeys.resistance], windingCapacity: numbers[MotorKeys.windingCapacity],
            housingCapacity: numbers[MotorKeys.housingCapacity],
            windingToHousing: numbers[MotorKeys.windingToHousing],
            housingToAmbient: numbers[MotorKeys.housingToAmbient], ambient: numbers[MotorKeys.ambient],
            windingLimit: numbers[MotorKeys.windingLimit], leastTimeLeft: numbers[MotorKeys.leastTimeLeft])
    }
}

extension Drive {
    init(_ name: DriveName, _ numbers: SectionNumbers) {
        switch name {
        case .position: self = .position
        case .speed: self = .speed(following: numbers[DriveKeys.following])
        case .effort: self = .effort(stiffness: numbers[DriveKeys.stiffness], damping: numbers[DriveKeys.damping])
        }
    }
}
