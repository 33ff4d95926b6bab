import Quantities
import Testing

#if canImport(Glibc)
    import Glibc
#endif
@testable import Supervision

/// How much of the long campaigns to run: `mutants` for next to nothing, `proof` for all of it.
enum Campaign {
    static let name = unsafe getenv("UNDERSTUDY_CAMPAIGN").map { unsafe String(cString: $0) } ?? ""

    /// Ticks of all worlds together.
    static var ticks: Int {
        switch name {
        case "mutants": 64 * 2_000
        case "proof": 1_000_000_000
        default: 1_000_000
        }
    }
}

@Suite struct PropertyTests {
    static let seeds = Array(0..<64 as Range<UInt64>)

    /// No policy, delay, noise or late tick may bring the joint past a limit that its physics could keep.
    @Test("no limit is crossed that physics allowed to keep", arguments: seeds)
    func keepsLimits(seed: UInt64) {
        var world = World(seed: seed)
        let ticks = Campaign.ticks / Self.seeds.count
        world.run(ticks: ticks)
        let limits = world.limits
        #expect(world.worstPosition <= limits.position.high.value, "seed \(seed), \(limits.drive)")
        #expect(world.worstSpeed <= limits.overspeed.value, "seed \(seed), \(limits.drive)")
        // A world that only stops would keep every limit: it must have run for a tenth of its time at the least.
        #expect(world.runningTicks * 10 > ticks, "seed \(seed) hardly ran: \(world.runningTicks) of \(ticks)")
    }

    /// A world without a supervisor crosses every limit, or the property above would say nothing.
    @Test("the same worlds cross their limits without a supervisor")
    func crossesWithout() {
        var crossed = 0
        for seed in Self.seeds {
            var world = World(seed: seed)
            for tick in 0..<500 {
                let command = WildPolicy.towardsLimit.command(world.limits.drive, tick: tick, &world.chance)
                world.joint.move(command, for: World.period)
            }
            if world.joint.position.magnitude > 2 { crossed += 1 }
        }
        #expect(crossed == Self.seeds.count)
    }

    /// Readings and commands of every kind of nonsense; whatever comes, what goes out is inside the envelope.
    @Test("whatever goes in, what comes out is inside the envelope", arguments: seeds)
    func staysInside(seed: UInt64) {
        var chance = SplitMix64(seed: seed &+ 1_000)
        let drives: [Drive] = [.position, .sampleSpeed, .sampleEffort]
        let limits = JointEnvelope.sample(drives[chance.below(3)])
        var rig = Rig([limits])
        var serial: UInt64 = 0
        for tick in 0..<Campaign.ticks / 1_000 {
            serial += 1
            for event in [Event.clear(by: alice), .identified, .verified, .observe] { _ = rig.supervisor.handle(event) }
            if let permit = try? rig.supervisor.grant(.sample(serial: serial), for: approvedPlan) {
                try? rig.supervisor.begin(permit)
            }
            rig[0] = nonsense(&chance)
            rig.elapsed = Seconds(chance.once(in: 30) ? chance.uniform(-1, 1) : 1 / 128)
            let value = chance.once(in: 30) ? Float.nan : chance.uniform(-30, 30)
            let verdict = rig.tick(command(of: limits.drive, value))
            let given = verdict[0]
            #expect(isInside(given, limits), "seed \(seed), tick \(tick): \(given)")
            #expect(given == .off || rig.supervisor.mode.isPowered, "seed \(seed), tick \(tick)")
        }
    }

    func command(of drive: Drive, _ value: Float) -> JointCommand {
        switch drive {
        case .position: .position(Radians(value))
        case .speed: .speed(RadiansPerSecond(value))
        case .effort: .effort(NewtonMetres(value))
        }
    }

    /// Now and then a healthy reading, or the robot would hardly ever run.
    func nonsense(_ chance: inout SplitMix64) -> JointReading {
        var reading = JointReading.at(chance.uniform(-0.1, 0.1), speed: chance.uniform(-1, 1))
        if chance.once(in: 20) { reading.position = Radians(chance.uniform(-3, 3)) }
        if chance.once(in: 40) { reading.speed = RadiansPerSecond(chance.uniform(-20, 20)) }
        if chance.once(in: 60) { reading.temperature = Celsius(chance.uniform(-20, 90)) }
        if chance.once(in: 80) { reading.motionAge = Seconds(chance.uniform(0, 0.2)) }
        if chance.once(in: 100) { reading.position = Radians(.nan) }
        return reading
    }

    func isInside(_ command: JointCommand, _ limits: JointEnvelope) -> Bool {
        switch command {
        case .off: true
        // An episode that starts outside the commanded range is left there; measured limits hold it anyway.
        case .position(let position): limits.position.contains(position)
        case .speed(let speed): speed.magnitude <= limits.speed
        case .effort(let effort): effort.magnitude <= limits.effort
        }
    }
}
