import Quantities

/// The commands that are allowed, narrowed rule by rule from the most important to the least.
///
/// A later rule can only narrow what earlier rules left. Where they disagree the earlier one wins, and each end remembers
/// the rule that put it where it is.
struct Corridor<Unit: LinearQuantity> {
    private(set) var low: Unit
    private(set) var high: Unit
    private var lowRule: Rule
    private var highRule: Rule

    init(_ low: Unit, _ high: Unit, by rule: Rule) {
        self.low = low
        self.high = high
        lowRule = rule
        highRule = rule
    }

    mutating func narrow(_ wantedLow: Unit, _ wantedHigh: Unit, by rule: Rule) {
        let newLow = max(low, min(wantedLow, high))
        let newHigh = min(high, max(wantedHigh, low))
        if newLow > low { lowRule = rule }
        if newHigh < high { highRule = rule }
        low = newLow
        high = newHigh
    }

    mutating func narrow(to center: Unit, within reach: Unit, by rule: Rule) {
        narrow(center - reach, center + reach, by: rule)
    }

    func admit(_ asked: Unit) -> (given: Unit, objection: Rule) {
        if asked < low { return (low, lowRule) }
        if asked > high { return (high, highRule) }
        return (asked, .none)
    }
}

/// What a joint on an effort drive meets at the ends of its range.
struct Wall {
    let stiffness: NewtonMetresPerRadian
    let damping: NewtonMetreSecondsPerRadian
}

/// One joint's command, as it leaves the envelope.
struct Shaped {
    var command = JointCommand.off
    var objection = Rule.none
    /// Where a position command would be if no joint had dragged it along.
    var meant = Radians.zero
}

/// What shaping needs to know about one joint at one tick.
struct Shaping {
    let limits: JointEnvelope
    let memory: JointMemory
    let reading: JointReading
    /// The shorter of the planned and the real time since the last command, so that a burst of ticks gains nothing.
    let span: Seconds
    let reaction: Seconds
    let band: Limit<Radians>?

    /// The command of the drive's own kind that is nearest to what is asked.
    func shape(_ asked: Float) -> Shaped {
        switch limits.drive {
        case .position: return shapePosition(Radians(asked))
        case .speed:
            let (given, objection) = speeds().admit(RadiansPerSecond(asked))
            return Shaped(command: .speed(given), objection: objection)
        case .effort(let stiffness, let damping):
            let (given, objection) = efforts(Wall(stiffness: stiffness, damping: damping)).admit(NewtonMetres(asked))
            return Shaped(command: .effort(given), objection: objection)
        }
    }

    /// Positions: the command itself is a motion that keeps the limits of speed and acceleration and can always still
    /// brake before the end of its range. Only a start outside that range is left as it is, and it cannot go further.
    /// To stay near a joint that does not follow comes before a smooth command.
    private func shapePosition(_ asked: Radians) -> Shaped {
        let sent = Radians(memory.sent.value)
        var corridor = reachable(from: sent)
        let wish = corridor.admit(asked).given - sent
        corridor.narrow(to: reading.position, within: limits.lead, by: .tracking)
        corridor.narrow(
            to: sent + memory.commandedSpeed * span, within: limits.acceleration * span * span, by: .acceleration)
        if let band { corridor.narrow(band.low, band.high, by: .tube) }
        let (given, objection) = corridor.admit(asked)
        return Shaped(command: .position(given), objection: objection, meant: meant(given, wish))
    }

    /// Where a command can be by the end of this tick, wherever its joint is.
    private func reachable(from sent: Radians) -> Corridor<Radians> {
        let (low, high) = limits.commanded
        let braking = Braking(deceleration: limits.stoppingDeceleration, reaction: span)
        var corridor = Corridor(min(low, sent), max(high, sent), by: .position)
        corridor.narrow(to: sent, within: limits.speed * span, by: .speed)
        corridor.narrow(
            sent - braking.speed(within: sent - low) * span, sent + braking.speed(within: high - sent) * span,
            by: .stopping)
        return corridor
    }

    /// A joint that moves by itself drags its command along by the lead, and would never be far from it. So what is meant
    /// goes with the command only as far as the learner wished on this tick, until the joint is back.
    private func meant(_ given: Radians, _ wish: Radians) -> Radians {
        let way = max(min(wish, .zero), min(given - memory.meant, max(wish, .zero)))
        let meant = memory.meant + way
        return (meant - reading.position).magnitude <= limits.lead ? given : meant
    }

    /// Speeds: braking before the end of the range comes before a smooth command.
    private func speeds() -> Corridor<RadiansPerSecond> {
        let (low, high) = limits.commanded
        let braking = Braking(deceleration: limits.stoppingDeceleration, reaction: reaction)
        var corridor = Corridor(-limits.speed, limits.speed, by: .speed)
        corridor.narrow(
            -braking.speed(within: reading.position - low), braking.speed(within: high - reading.position),
            by: .stopping)
        corridor.narrow(
            to: RadiansPerSecond(memory.sent.value), within: limits.acceleration * span, by: .acceleration)
        return corridor
    }

    /// Efforts: they fade out towards the ends of the range and towards the speed limit, and turn into braking beyond.
    private func efforts(_ wall: Wall) -> Corridor<NewtonMetres> {
        let (low, high) = limits.commanded
        let (position, speed) = (reading.position, reading.speed)
        var corridor = Corridor(-limits.effort, limits.effort, by: .effort)
        corridor.narrow(
            -barrier(position - low, approach: -speed, wall), barrier(high - position, approach: speed, wall),
            by: .stopping)
        corridor.narrow(-brakeOnSpeed(-speed), brakeOnSpeed(speed), by: .speed)
        corridor.narrow(to: NewtonMetres(memory.sent.value), within: limits.effortSlew * span, by: .effortSlew)
        return corridor
    }

    /// The highest effort towards an end of the range. It fades to nothing where the joint can just be stopped at that
    /// end, and over the softening behind it the wall takes over: the joint's own spring and damper.
    private func barrier(_ distance: Radians, approach: RadiansPerSecond, _ wall: Wall) -> NewtonMetres {
        let approach = max(approach, .zero)
        let braking = Braking(deceleration: limits.stoppingDeceleration, reaction: reaction)
        let room = distance - braking.distance(from: approach)
        let push = wall.stiffness * max(-distance, .zero) + wall.damping * approach
        return max(fade(room / limits.softening), -push)
    }

    private func brakeOnSpeed(_ speed: RadiansPerSecond) -> NewtonMetres {
        fade((limits.speed - speed) / (limits.overspeed - limits.speed))
    }

    /// Not bounded here: the corridor begins with the effort limit, and nothing widens it.
    private func fade(_ fraction: Float) -> NewtonMetres { limits.effort * fraction }
}
