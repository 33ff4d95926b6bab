import Foundation
import Testing

@testable import Metrology

@Suite("Joints measured from their motion") struct JointTests {
    @Test("friction and load of a healthy joint are found as they are, with intervals that hold them")
    func friction() throws {
        var joint = PretendedJoint()
        let track = joint.swept(from: -1.2, to: 1.2, speeds: [0.2, 0.5])
        let sweep = try #require(FrictionSweep(joint: 0, track, slowest: 0.1))
        #expect(abs(sweep.dry.value - joint.dry) < max(sweep.dry.uncertainty, 0.002), "\(sweep.dry)")
        let viscous = try #require(sweep.viscous)
        #expect(abs(viscous.value - joint.viscous) < max(viscous.uncertainty, 0.004), "\(viscous)")
        #expect(abs(sweep.sine.value - joint.weight) < max(sweep.sine.uncertainty, 0.005), "\(sweep.sine)")
        #expect(abs(sweep.load(at: 0.7) - joint.weight * sin(0.7)) < 0.005)
        #expect(sweep.findings.isEmpty)
    }

    @Test("a sticky joint is named, with where it sticks")
    func sticky() throws {
        var joint = PretendedJoint()
        joint.sticky = (0.5, 6)
        let track = joint.swept(from: -1.2, to: 1.2, speeds: [0.3])
        let sweep = try #require(FrictionSweep(joint: 2, track, slowest: 0.1))
        guard case .sticky(2, let place, let times)? = sweep.findings.first else {
            Issue.record("\(sweep.findings)")
            return
        }
        #expect(abs(place - 0.5) < 0.2 && times > 2.5)
    }

    @Test("a motion that is too small, one-sided or too slow says nothing about friction")
    func tooLittle() {
        var joint = PretendedJoint()
        let track = joint.swept(from: -1, to: 1, speeds: [0.3])
        #expect(FrictionSweep(joint: 0, track, slowest: 1) == nil)
        #expect(FrictionSweep(joint: 0, track.only(0..<track.count / 3), slowest: 0.1) == nil)
        var holes = joint.swept(from: -1, to: 1, speeds: [0.3])
        for place in stride(from: 0, to: holes.count, by: 3) { holes.positions[place] = .nan }
        for place in stride(from: 1, to: holes.count, by: 3) { holes.commands[place] = .nan }
        #expect(FrictionSweep(joint: 0, holes, slowest: 0.1) != nil)
        #expect(Backlash(holes) == nil)
        let small = joint.swept(from: 0, to: 0.1, speeds: [0.3])
        #expect(FrictionSweep(joint: 0, small, slowest: 0.1) == nil)
    }

    @Test("the play of a gear is found", arguments: [0.0, 0.01, 0.05])
    func backlash(play: Double) throws {
        var joint = PretendedJoint()
        joint.play = play
        let found = try #require(Backlash(joint.swept(from: -1, to: 1, speeds: [0.3])))
        #expect(abs(found.width.value - play) < 0.001, "\(found)")
    }

    @Test("20 ms of extra delay are named, and an ordinary delay is measured to a millisecond", arguments: [0.0, 0.02])
    func delay(extra: Double) throws {
        var joint = PretendedJoint()
        joint.delay = 0.004 + extra
        var track = joint.pushed([0, 0.2, 0, -0.2, 0, 0.2, 0, -0.2, 0], each: 2)
        let found = try #require(CommandDelay(joint: 1, track, starts: track.pushes, most: 0.012))
        #expect(abs(found.delay.value - joint.delay) <= found.delay.uncertainty, "\(found)")
        #expect(found.delay.uncertainty <= PretendedJoint.period / 2 + 1e-9 && found.steps == 4, "\(found)")
        #expect(abs(try #require(found.motion).value - joint.delay) < 0.003, "\(found)")
        // Without a sensor of efforts it is known by the motion.
        track.efforts = track.efforts.map { _ in .nan }
        let moved = try #require(CommandDelay(joint: 1, track, starts: track.pushes, most: 0.012))
        #expect(moved.delay == found.motion && moved.findings.isEmpty == (extra == 0), "\(moved)")
        guard extra > 0 else { return #expect(found.findings.isEmpty) }
        #expect(found.findings == [.lateCommands(joint: 1, after: found.delay.value, most: 0.012)])
        #expect(abs(found.delay.value - joint.delay) < 0.003)
    }

    @Test("a command that grows over ticks hides no delay: what is not sure is only how much longer it takes")
    func growing() throws {
        func found(_ delay: Double) throws -> CommandDelay {
            var joint = PretendedJoint()
            joint.delay = delay
            var track = joint.pushed([0, 0.2, 0, -0.2, 0, 0.2, 0, -0.2, 0], each: 2)
            // Told by and by, over six ticks; the actuator does all of it at once.
            for start in track.pushes {
                for tick in 0..<6 {
                    let share = Double(tick) / 6
                    track.commands[start + tick] =
                        track.commands[start - 1] * (1 - share) + track.commands[start + 6] * share
                }
            }
            return try #require(CommandDelay(joint: 1, track, starts: track.pushes, most: 0.015))
        }
        let (prompt, late) = (try found(0.024), try found(0.044))
        #expect(prompt.delay.uncertainty > 0.006 && prompt.findings.isEmpty, "\(prompt)")
        #expect(late.findings == [.lateCommands(joint: 1, after: late.delay.value, most: 0.015)], "\(late)")
        #expect(abs(late.delay.value - prompt.delay.value - 0.02) < 0.001)
    }

    @Test("without a step a late actuator shows in all that it is told; what rests or does as it likes tells nothing")
    func following() throws {
        let (period, late) = (0.002, 0.022)
        let times = (0..<400).map { Double($0) * period }
        // A spring that swings, as its command says on each tick, and readings that are up to a tick old.
        func command(_ time: Double) -> Double { time < 0 ? 0 : sin(19 * (time / period).rounded(.down) * period) }
        let ages = times.indices.map { Double($0 % 3) * 0.000_6 }
        func track(_ told: [Double], _ given: [Double]) -> JointTrack {
            JointTrack(times: times, commands: told, positions: told, speeds: told, efforts: given)
        }
        let told = times.map(command)
        let given = zip(times, ages).map { 1.02 * command($0 - $1 - late) }
        let found = try #require(CommandDelay(joint: 1, following: track(told, given), ages: ages, most: 0.005))
        #expect(abs(found.delay.value - late) <= found.delay.uncertainty && found.delay.uncertainty < 0.003, "\(found)")
        #expect(found.findings == [.lateCommands(joint: 1, after: found.delay.value, most: 0.005)])
        #expect(found.steps == 0 && found.motion == nil)
        let prompt = zip(times, ages).map { command($0 - $1 - 0.003) }
        let soon = try #require(CommandDelay(joint: 1, following: track(told, prompt), ages: ages, most: 0.005))
        #expect(soon.findings.isEmpty && abs(soon.delay.value - 0.003) <= soon.delay.uncertainty, "\(soon)")

        let still = times.map { _ in 0.4 }
        let own = times.map { sin(31 * $0 * $0) }
        for (told, given) in [(still, still), (told, own), (told, times.map { _ in Double.nan })] {
            #expect(CommandDelay(joint: 1, following: track(told, given), ages: ages, most: 0.005) == nil)
        }
    }

    @Test("how a joint rings is found, and one that only comes to rest rings nowhere")
    func resonance() throws {
        func rest(_ frequency: Double, _ damping: Double, _ size: Double) -> JointTrack {
            let times = (0..<200).map { Double($0) * 0.005 }
            let rate = 2 * Double.pi * frequency
            let natural = rate / (1 - damping * damping).squareRoot()
            let positions = times.map { 0.3 + size * exp(-damping * natural * $0) * cos(rate * $0) }
            let zeros = times.map { _ in 0.0 }
            return JointTrack(times: times, commands: zeros, positions: positions, speeds: zeros, efforts: zeros)
        }
        let found = try #require(
            Resonance([rest(6, 0.1, 0.05), rest(6, 0.1, -0.05), rest(6, 0.1, 0.04)], floor: 0.002))
        #expect(abs(found.frequency.value - 6) < 0.4 && abs(found.damping - 0.1) < 0.03, "\(found)")
        #expect(Resonance([rest(6, 0.9, 0.05), rest(6, 0.9, 0.05)], floor: 0.002) == nil)
        #expect(Resonance([rest(6, 0.1, 0.001), rest(6, 0.1, 0.001)], floor: 0.002) == nil)
        #expect(RangeSweep.wrap(joint: 1, in: [3, .nan, 3.1, -3.1, -3]) == .wrapInside(joint: 1, at: 3.1))
        #expect(RangeSweep.wrap(joint: 1, in: [3, 2, 1, 0]) == nil)
    }

    @Test(
        "the actuator of a joint that does not move obeys all the same; where no effort is measured there is no delay")
    func noDelay() throws {
        var joint = PretendedJoint()
        joint.dry = 10
        var track = joint.pushed([0, 0.2, 0], each: 0.5)
        let found = try #require(CommandDelay(joint: 0, track, starts: track.pushes, most: 0.01))
        #expect(found.motion == nil && abs(found.delay.value - joint.delay) <= found.delay.uncertainty)
        track.efforts = track.efforts.map { _ in .nan }
        #expect(CommandDelay(joint: 0, track, starts: track.pushes, most: 0.01) == nil)
    }

    @Test("the clock of a device that is too fast by 120 millionths is found beside jitter")
    func skew() throws {
        let host = (0..<2_000).map { 100 + Double($0) * 0.005 }
        let device = host.enumerated().map { place, time in
            (time - 100) * 1.000_12 + 7 + 0.000_05 * sin(Double(place) * 2.1)
        }
        let skew = try #require(ClockSkew(host: host, device: device))
        #expect(abs(skew.rate.value - 0.000_12) < 0.000_002 && skew.jitter < 0.000_1)
        #expect(ClockSkew(host: [1, 1, 1, 1], device: [0, 0, 0, 0]) == nil)
    }

    @Test("a scale from current to torque follows from a load that is known")
    func torqueScale() throws {
        // The servo believes in 0.42 N·m/A; in truth an ampere comes to 0.36, so its efforts say too much.
        var joint = PretendedJoint()
        var track = joint.swept(from: -1.2, to: 1.2, speeds: [0.3])
        track.efforts = track.efforts.map { $0 / 0.36 * 0.42 }
        let sweep = try #require(FrictionSweep(joint: 0, track, slowest: 0.1))
        let check = LoadCheck([.init(joint: 0, sweep, rest: [0])]) { pose in [0.3 * sin(pose[0])] }
        let share = try #require(check.scales[0])
        let scale = try #require(TorqueScale(share, believed: 0.42, doubt: 0.01))
        #expect(abs(scale.torque.value - 0.36) < max(0.004, scale.torque.uncertainty) && check.findings.isEmpty)
        // Seen in a mirror it swings and weighs the same: nothing inside of it says so.
        let mirrored = LoadCheck([.init(joint: 0, sweep, rest: [0])]) { pose in [-0.3 * sin(-pose[0])] }
        #expect(mirrored.findings.isEmpty && mirrored.scales == check.scales)
        #expect(TorqueScale(Measured(0.1, uncertainty: 0.2), believed: 0.42, doubt: 0) == nil)
    }

    @Test("repeatability is said in the encoder's own steps, and a joint that wanders is named")
    func repeatability() throws {
        let places = [0.500, 0.501, 0.499, 0.5005, 0.4995]
        let good = try #require(Repeatability(joint: 0, places, tolerance: 0.004))
        #expect(good.findings.isEmpty && abs(good.ticks(of: 2 * .pi / 4_096) - 0.52) < 0.02)
        let bad = try #require(Repeatability(joint: 0, places + [0.52], tolerance: 0.004))
        #expect(bad.findings == [.notRepeatable(joint: 0, spread: bad.spread)])
        #expect(Repeatability(joint: 0, [1, 1], tolerance: 1) == nil)
    }
}

extension JointTrack {
    /// On which ticks a push begins.
    fileprivate var pushes: [Int] { commands.indices.dropFirst().filter { commands[$0] != 0 && commands[$0 - 1] == 0 } }
}

@Suite("Directions, ranges and gears") struct DirectionTests {
    @Test("planted faults of small motions are each named, and a healthy robot has none")
    func nudges() {
        let told = 0.05
        func check(_ moved: [[Double]]) -> [JointFinding] {
            DirectionCheck(moved.enumerated().map { .init(joint: $0.offset, told: told, moved: $0.element) }).findings
        }
        #expect(check([[0.049, 0.001, 0], [0, 0.04, 0], [0, 0.002, 0.051]]) == [])
        #expect(check([[-0.049, 0.001, 0], [0, 0.04, 0], [0, 0, 0.05]]) == [.reversed(joint: 0)])
        #expect(
            check([[0, 0.05, 0], [0.05, 0, 0], [0, 0, 0.05]]) == [
                .swapped(joint: 0, with: 1), .swapped(joint: 1, with: 0),
            ])
        #expect(check([[0.05, 0, 0], [0, 0.002, 0], [0, 0, 0.05]]) == [.stuck(joint: 1)])
        let geared = check([[0.05, 0, 0], [0, 0.05, 0], [0, 0, 0.15]])
        #expect(
            geared.count == 1
                && geared.first.map { if case .wrongGear(2, let ratio) = $0 { abs(ratio - 3) < 1e-9 } else { false } }
                    == true
        )
        let slipped = DirectionCheck([.init(joint: 0, told: told, moved: [1.62 * told])], soft: [0])
        #expect(slipped.findings == [] && abs((slipped.ratios[0] ?? 0) - 1.62) < 1e-9)
    }

    private func sweep(
        _ low: Double, _ high: Double, _ stops: ClosedRange<Double> = -1.5...1.5,
        encoder: RangeSweep.Encoder? = nil
    ) -> RangeSweep {
        RangeSweep(joint: 0, low...high, .init(stops: stops, encoder: encoder, tolerance: 0.03))
    }

    @Test("ends that lie aside together are a zero that is off, and ends that are nearer or farther another gear")
    func ranges() throws {
        #expect(sweep(-1.5, 1.51).findings == [] && sweep(-1.52, 1.53).findings == [])
        guard case .wrongZero(0, let by)? = sweep(-1.3, 1.7).findings.first else { throw Unexpected() }
        #expect(abs(by - 0.2) < 1e-9)
        guard case .wrongZero(0, let back)? = sweep(-1.54, 1.46).findings.first else { throw Unexpected() }
        #expect(abs(back + 0.04) < 1e-9)
        guard case .wrongSpan(0, let ratio)? = sweep(-0.75, 0.75).findings.first else { throw Unexpected() }
        #expect(abs(ratio - 0.5) < 1e-9)
        // Something is in its way, or it was not taken to its end.
        guard case .wrongSpan(0, let share)? = sweep(-1.5, 1.4).findings.first else { throw Unexpected() }
        #expect(abs(share - 2.9 / 3) < 1e-9)
    }

    @Test("an encoder that begins anew inside the range is named with the place, and outside of it by its margin")
    func margin() throws {
        let turn = 2 * Double.pi
        let outside = sweep(-1.5, 1.5, encoder: .init(start: .pi, turn: turn))
        let room = try #require(outside.wrapMargin)
        #expect(abs(room - (.pi - 1.5)) < 1e-9 && outside.findings == [])
        #expect(sweep(-1.5, 1.5).wrapMargin == nil)
        for start in [1.2, 1.2 - turn, 1.2 + 3 * turn] {
            let inside = sweep(-1.5, 1.5, encoder: .init(start: start, turn: turn))
            guard case .wrapInside(0, let place)? = inside.findings.first else { throw Unexpected() }
            let margin = try #require(inside.wrapMargin)
            #expect(abs(place - 1.2) < 1e-9 && abs(margin + 0.3) < 1e-9)
        }
        // Behind a gear it begins anew more often than the joint goes round.
        #expect(sweep(-1.5, 1.5, encoder: .init(start: .pi, turn: turn / 4)).findings.count == 1)
    }

    private struct Unexpected: Error {}
}
