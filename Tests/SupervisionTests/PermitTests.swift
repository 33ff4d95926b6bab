import Quantities
import Testing

@testable import Supervision

@Suite struct PermitTests {
    /// What `grant` answers to this approval on a robot that is watched and healthy.
    func refusal(_ approval: Approval, for plan: Digest = approvedPlan, latestSerial: UInt64 = 0) -> Refusal? {
        var rig = Rig(latestSerial: latestSerial)
        rig.observe()
        do throws(Refusal) {
            _ = try rig.supervisor.grant(approval, for: plan)
            #expect(rig.supervisor.mode == .permitted(age: .zero))
            return nil
        } catch {
            #expect(rig.supervisor.mode == .observing)
            return error
        }
    }

    @Test("an approval of this plan and this envelope becomes a permit")
    func grants() throws {
        #expect(refusal(.sample()) == nil)
        var rig = Rig()
        rig.observe()
        let permit = try rig.supervisor.grant(.sample(serial: 9, tube: true), for: approvedPlan)
        #expect(permit.approval == .sample(serial: 9, tube: true))
    }

    @Test("an approval of another plan is refused, whichever bit differs")
    func otherPlan() {
        for plan in [Digest(4, 6, 7, 8), Digest(5, 7, 7, 8), Digest(5, 6, 6, 8), Digest(5, 6, 7, 9)] {
            #expect(refusal(.sample(), for: plan) == .planDiffers)
        }
    }

    @Test("an approval for limits that were edited since is refused")
    func otherEnvelope() { #expect(refusal(.sample(envelope: approvedPlan)) == .envelopeDiffers) }

    @Test("an approval that was used or passed over never comes back")
    func usedSerial() {
        #expect(refusal(.sample(serial: 7), latestSerial: 7) == .serialUsed(7, latest: 7))
        #expect(refusal(.sample(serial: 6), latestSerial: 7) == .serialUsed(6, latest: 7))
        #expect(refusal(.sample(serial: 8), latestSerial: 7) == nil)
    }

    @Test("the horizon must lie within the envelope's", arguments: [-1, 0, 1, 999, 1000, 1001] as [Int32])
    func horizon(asked: Int32) {
        let expected: Refusal? =
            (1...1000).contains(asked) ? nil : .horizonOutside(Ticks(asked), longest: Ticks(1000))
        #expect(refusal(.sample(horizon: asked)) == expected)
    }

    @Test("no permit is given before the robot is watched")
    func notObserving() {
        var rig = Rig()
        #expect(throws: Refusal.notObserving) { try grant(&rig) }
        rig.observe()
        #expect(throws: Never.self) { try grant(&rig) }
        #expect(throws: Refusal.notObserving) { try grant(&rig, serial: 2) }
    }

    @Test("no permit is given before a healthy tick, nor right after an unhealthy one")
    func notHealthy() {
        var rig = Rig()
        for event in [Event.identified, .verified, .observe] { _ = rig.supervisor.handle(event) }
        #expect(throws: Refusal.notHealthy(nil)) { try grant(&rig) }
        rig[0].position = Radians(3)
        rig.tick()
        #expect(throws: Refusal.notHealthy(.positionOutside)) { try grant(&rig) }
        rig[0].position = .zero
        rig.elapsed = Seconds(1)
        rig.tick()
        #expect(throws: Never.self) { try grant(&rig) }
    }

    func grant(_ rig: inout Rig, serial: UInt64 = 1) throws {
        _ = try rig.supervisor.grant(.sample(serial: serial), for: approvedPlan)
    }

    @Test("a permit starts the episode that was approved")
    func begins() throws {
        var rig = Rig()
        try rig.start(.sample(horizon: 77))
        #expect(rig.supervisor.mode == .running(Run(horizon: Ticks(77), demandsTube: false)))
    }

    @Test("a permit that was not used in time is void")
    func expired() throws {
        var rig = Rig()
        rig.observe()
        let permit = try rig.supervisor.grant(.sample(), for: approvedPlan)
        for _ in 0..<4 { #expect(rig.tick().action == .none) }
        #expect(rig.tick().action == .expire)
        let refusal = refusal(of: permit, &rig)
        #expect(refusal == .permitVoid(1))
        #expect(rig.supervisor.mode == .observing)
    }

    @Test("an old permit does not start a later approval's episode")
    func oldPermit() throws {
        var rig = Rig()
        rig.observe()
        let old = try rig.supervisor.grant(.sample(serial: 1), for: approvedPlan)
        for _ in 0..<5 { rig.tick() }
        let new = try rig.supervisor.grant(.sample(serial: 2), for: approvedPlan)
        let refusal = refusal(of: old, &rig)
        #expect(refusal == .permitVoid(1))
        try rig.supervisor.begin(new)
    }

    @Test("a permit for other limits is void on this robot")
    func foreignPermit() throws {
        var rig = Rig()
        rig.observe()
        _ = try rig.supervisor.grant(.sample(), for: approvedPlan)
        let foreign = EpisodePermit(approval: .sample(envelope: approvedPlan))
        let refusal = refusal(of: foreign, &rig)
        #expect(refusal == .permitVoid(1))
    }

    func refusal(of permit: consuming EpisodePermit, _ rig: inout Rig) -> Refusal? {
        do throws(Refusal) {
            try rig.supervisor.begin(permit)
            return nil
        } catch { return error }
    }

    @Test("a permit is withdrawn by any fault before it is used")
    func withdrawn() throws {
        var rig = Rig()
        rig.observe()
        let permit = try rig.supervisor.grant(.sample(), for: approvedPlan)
        #expect(rig.supervisor.handle(.fault(.operatorStop)) == .none)
        let refusal = refusal(of: permit, &rig)
        #expect(refusal == .permitVoid(1))
    }

    @Test("two identities are equal only in all of their bits")
    func digests() {
        let all = [one, Digest(0, 2, 3, 4), Digest(1, 0, 3, 4), Digest(1, 2, 0, 4), Digest(1, 2, 3, 0)]
        for (left, first) in all.enumerated() {
            for (right, second) in all.enumerated() { #expect((first == second) == (left == right)) }
        }
    }
}
