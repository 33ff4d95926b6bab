import CAllocationCounter
import LedgerSamples
import Quantities
import Supervision
import Testing

@testable import Episodes

@Suite("Plans and dossiers")
struct PlanTests {
    @Test("a plan that makes no sense cannot be made")
    func plans() throws {
        let base = try Samples.plan()
        func plan(start: [JointStart]? = nil, horizon: Int32 = 1, cost: Cost = .zero) throws -> EpisodePlan {
            try EpisodePlan(
                robot: base.robot, task: base.task, envelope: base.envelope, calibration: base.calibration,
                policy: base.policy, noise: base.noise, start: start ?? base.start, horizon: Ticks(horizon), cost: cost)
        }
        #expect(try plan().horizon == Ticks(1))
        #expect(throws: PlanDefect.horizon(.zero)) { try plan(horizon: 0) }
        #expect(throws: PlanDefect.jointCount(0)) { try plan(start: []) }
        #expect(throws: PlanDefect.jointCount(17)) { try plan(start: Array(repeating: base.start[0], count: 17)) }
        let nowhere = JointStart(position: Radians(.nan), speed: RadiansPerSecond(0))
        #expect(throws: PlanDefect.notFinite) { try plan(start: [nowhere]) }
        let gift = Cost(heat: Millijoules(-1))
        #expect(throws: PlanDefect.negativeCost(gift)) { try plan(cost: gift) }
        #expect(PolicyPayload(format: base.policy.format, bytes: []) == nil)
        let longest = [UInt8](repeating: 0, count: PolicyPayload.longest + 1)
        #expect(PolicyPayload(format: base.policy.format, bytes: longest) == nil)
    }

    @Test("a dossier that contradicts itself or its plan cannot be made")
    func dossiers() throws {
        #expect(throws: PlanDefect.notFinite) { try Samples.dossier(margin: .infinity) }
        #expect(throws: PlanDefect.worstPastLast(64, of: 64)) { try Samples.dossier(crossings: 65) }
        #expect(throws: PlanDefect.negative(-1)) {
            try Samples.dossier(distance: PolicyDistance(from: .zero, value: -1))
        }
        let base = try Samples.dossier()
        #expect(throws: PlanDefect.jointCount(1)) {
            try Dossier(
                band: base.band, joints: [base.joints[0]], nearest: base.nearest, worst: base.worst, distance: nil,
                thermal: base.thermal, wear: base.wear)
        }
        #expect(throws: PlanDefect.jointCount(1)) {
            try Samples.dossier(widening: BandWidening(most: [Radians(1)], flights: 1, left: 0))
        }
        let two = [Radians(1), Radians(2)]
        #expect(throws: PlanDefect.leftMoreThanFlown(2, of: 1)) {
            try Samples.dossier(widening: BandWidening(most: two, flights: 1, left: 2))
        }
        #expect(throws: PlanDefect.notFinite) {
            try Samples.dossier(widening: BandWidening(most: [Radians(1), Radians(.nan)], flights: 1, left: 0))
        }
        #expect(throws: PlanDefect.negative(-1)) {
            try Samples.dossier(widening: BandWidening(most: [Radians(1), Radians(-1)], flights: 1, left: 0))
        }
        let third = NearestLimit(joint: try Samples.joint(2), rule: .speed, margin: 0)
        #expect(throws: PlanDefect.jointCount(3)) {
            try Dossier(
                band: base.band, joints: base.joints, nearest: third, worst: base.worst, distance: nil,
                thermal: base.thermal, wear: base.wear)
        }
        let joints = try #require(JointCount(2))
        let limits: [Limit<Radians>] = [try Samples.limit(-1, 1), try Samples.limit(-1, 1)]
        let short = try ApprovedBand(stride: Ticks(399), joints: joints, limits: limits)
        let dossier = try Dossier(
            band: short, joints: base.joints, nearest: base.nearest, worst: base.worst, distance: nil,
            thermal: base.thermal, wear: base.wear)
        #expect(throws: PlanDefect.bandTooShort(Ticks(399), horizon: Ticks(400))) {
            try Proposal(plan: Samples.plan(), dossier: dossier)
        }
        #expect(throws: PlanDefect.bandShape(values: 2, joints: 2, stride: .zero)) {
            try ApprovedBand(stride: .zero, joints: joints, limits: limits)
        }
        #expect(throws: PlanDefect.bandShape(values: 1, joints: 2, stride: Ticks(1))) {
            try ApprovedBand(stride: Ticks(1), joints: joints, limits: [limits[0]])
        }
    }

    @Test("the tube of a tick is the step of the approved band that the tick is in, and none past its end")
    func tube() throws {
        let band = try Samples.band()
        let (first, second) = (try Samples.joint(0), try Samples.joint(1))
        #expect(band.end == Ticks(500) && band.steps == 5)
        for (tick, step) in [(0, 0), (99, 0), (100, 1), (199, 1), (499, 4)] as [(Int32, Int)] {
            let tube = try #require(band.tube(at: Ticks(tick)))
            #expect(try tube[first] == Samples.limit(-0.5, 0.5 + Float(step) / 8))
            #expect(try tube[second] == Samples.limit(-1 - Float(step) / 4, 0))
        }
        #expect(band.tube(at: Ticks(500)) == nil && band.tube(at: Ticks(-1)) == nil)
        #expect(try band.hull(of: second) == Samples.limit(-2, 0))
    }

    @Test("to look the tube up allocates nothing", .enabled(if: callocationcounter_counts()))
    func allocations() throws {
        let band = try Samples.band()
        // The first use of a generic type makes room for what is known of it.
        _ = band.tube(at: .zero)
        let before = callocationcounter_of_this_thread()
        var found = 0
        for tick in 0..<500 where band.tube(at: Ticks(Int32(tick))) != nil { found += 1 }
        let after = callocationcounter_of_this_thread()
        #expect(found == 500 && after == before)
    }

    @Test("the supervisor's approval binds the identity, the envelope, the horizon and the tube")
    func approval() throws {
        let proposal = try Samples.proposal()
        let approval = proposal.approval(serial: 9)
        let expected = Approval(
            serial: 9, plan: proposal.digest, envelope: proposal.plan.envelope.digest, horizon: Ticks(400),
            demandsTube: true)
        #expect(approval == expected)
    }

    @Test("names are short and harmless", arguments: ["", "-a", ".a", "a b", "a/b", "ä", "a\n", "a\u{0}"])
    func names(text: String) throws {
        #expect(Name(text) == nil)
        #expect(Name(String(repeating: "a", count: 65)) == nil)
        #expect(Name(String(repeating: "a", count: 64)) != nil)
        #expect(Name("Arm-2.left_1:b")?.description == "Arm-2.left_1:b")
    }

    @Test("a digest is read as it is written")
    func digest() throws {
        let digest = Digest(of: "abc")
        #expect(Digest(text: digest.text) == digest && Digest(bytes: digest.bytes) == digest)
        for text in ["", String(digest.text.dropLast()), digest.text.uppercased(), digest.text + "0"] {
            #expect(Digest(text: text) == nil)
        }
        #expect(Digest(bytes: digest.bytes.dropLast()) == nil)
    }

    @Test("sums of costs stay at the ends of what can be counted")
    func costs() throws {
        let much = Cost(time: Milliseconds(.max), wear: Microlives(.min))
        let one = Cost(time: Milliseconds(1), wear: Microlives(-1))
        #expect((much + one) == much && (much - much).isCovered)
        #expect((Cost.zero - one) == Cost(time: Milliseconds(-1), wear: Microlives(1)))
        #expect((Cost(time: Milliseconds(.min)) - Cost(time: Milliseconds(1))).time == Milliseconds(.min))
        #expect((Cost(time: Milliseconds(5)) - Cost(time: Milliseconds(-3))).time == Milliseconds(8))
        #expect(!Cost(attention: Milliseconds(-1)).isCovered)
    }
}

@Suite("Moments of the calendar")
struct WallInstantTests {
    // Checked against GNU date: date -u -d @SECONDS.
    private static let known: [(milliseconds: Int64, text: String)] = [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_800_000, "2000-03-01T00:00:00.000Z"), (1_795_759_200_250, "2026-11-27T06:00:00.250Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (-2_208_988_800_000, "1900-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ]

    @Test("they are written and read as RFC 3339 says", arguments: known)
    func text(milliseconds: Int64, text: String) {
        #expect(WallInstant(milliseconds: milliseconds).description == text)
        #expect(WallInstant(text: text)?.milliseconds == milliseconds)
    }

    @Test("every day of four centuries comes back")
    func days() {
        for day in stride(from: Int64(-146_097), through: 146_097, by: 13) {
            let instant = WallInstant(milliseconds: day * WallInstant.day + 1)
            #expect(WallInstant(text: instant.description) == instant)
        }
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "2026-11-27", "2026-11-27T06:00:00", "2026-11-27 06:00:00Z", "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00.1Z",
            "2026-01-00T00:00:00Z",
        ])
    func refused(text: String) { #expect(WallInstant(text: text) == nil) }

    @Test("whole seconds need no fraction, and spans do not wrap around")
    func seconds() {
        #expect(WallInstant(text: "1970-01-01T00:00:01Z")?.milliseconds == 1_000)
        #expect(WallInstant(milliseconds: .max).advanced(by: 1).milliseconds == .max)
        #expect(WallInstant(milliseconds: .min).advanced(by: -1).description.hasSuffix(" ms"))
    }
}
