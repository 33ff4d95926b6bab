import Hashing
import LedgerSamples
import Quantities
import Supervision
import Testing

@testable import Episodes

@Suite("Canonical bytes")
struct CanonicalTests {
    /// One plan for every field, which differs from the sample in that field only.
    private static func variants() throws -> [(field: String, plan: EpisodePlan)] {
        let base = try Samples.plan()
        func plan(
            robot: String? = nil, task: Reference? = nil, envelope: Reference? = nil, calibration: Reference? = nil,
            policy: PolicyPayload? = nil, noise: NoiseKey? = nil, start: [JointStart]? = nil, horizon: Int32? = nil,
            cost: Cost? = nil
        ) throws -> EpisodePlan {
            try EpisodePlan(
                robot: robot.map(Samples.name) ?? base.robot, task: task ?? base.task,
                envelope: envelope ?? base.envelope, calibration: calibration ?? base.calibration,
                policy: policy ?? base.policy, noise: noise ?? base.noise, start: start ?? base.start,
                horizon: horizon.map(Ticks.init) ?? base.horizon, cost: cost ?? base.cost)
        }
        func renamed(_ reference: Reference) throws -> Reference {
            Reference(name: try Samples.name("other"), digest: reference.digest)
        }
        func rehashed(_ reference: Reference) -> Reference {
            Reference(name: reference.name, digest: Digest(of: "other"))
        }
        func moved(_ index: Int, position: Float = 0, speed: Float = 0) -> [JointStart] {
            var start = base.start
            start[index] = JointStart(
                position: Radians(start[index].position.value + position),
                speed: RadiansPerSecond(start[index].speed.value + speed))
            return start
        }
        let format = try #require(PolicyPayload(format: Samples.name("other"), bytes: base.policy.bytes))
        return [
            ("robot", try plan(robot: "leg")), ("task", try plan(task: renamed(base.task))),
            ("task hash", try plan(task: rehashed(base.task))),
            ("envelope", try plan(envelope: renamed(base.envelope))),
            ("envelope hash", try plan(envelope: rehashed(base.envelope))),
            ("calibration", try plan(calibration: renamed(base.calibration))),
            ("calibration hash", try plan(calibration: rehashed(base.calibration))),
            ("policy", try plan(policy: Samples.policy(1))), ("policy format", try plan(policy: format)),
            ("run", try plan(noise: NoiseKey(run: 8, iteration: 0, episode: 0))),
            ("iteration", try plan(noise: NoiseKey(run: 7, iteration: 1, episode: 0))),
            ("episode", try plan(noise: NoiseKey(run: 7, iteration: 0, episode: 1))),
            ("first position", try plan(start: moved(0, position: 0.125))),
            ("second position", try plan(start: moved(1, position: 0.125))),
            ("first speed", try plan(start: moved(0, speed: 0.125))),
            ("second speed", try plan(start: moved(1, speed: 0.125))), ("horizon", try plan(horizon: 399)),
            ("time", try plan(cost: base.cost + Cost(time: Milliseconds(1)))),
            ("wear", try plan(cost: base.cost + Cost(wear: Microlives(1)))),
            ("heat", try plan(cost: base.cost + Cost(heat: Millijoules(1)))),
            ("attention", try plan(cost: base.cost + Cost(attention: Milliseconds(1)))),
        ]
    }

    @Test("a change of any field of a plan changes its hash, and the identity of the proposal")
    func planFields() throws {
        let base = try Samples.plan()
        let dossier = try Samples.dossier()
        var plans: Set<String> = [base.digest.text]
        var proposals: Set<String> = [try Proposal(plan: base, dossier: dossier).digest.text]
        for (field, plan) in try Self.variants() {
            #expect(plans.insert(plan.digest.text).inserted, "\(field)")
            #expect(proposals.insert(try Proposal(plan: plan, dossier: dossier).digest.text).inserted, "\(field)")
            #expect(try EpisodePlan(canonical: plan.canonicalBytes) == plan, "\(field)")
        }
        #expect(plans.count == 22)
    }

    @Test("a change of any field of a dossier changes the identity of the proposal")
    func dossierFields() throws {
        let plan = try Samples.plan()
        let base = try Samples.dossier()
        let cooler = JointForecast(
            speed: try Samples.limit(-2, 2), effort: try Samples.limit(-0.5, 0.75),
            temperature: try Samples.limit(25, 47))
        let faster = JointForecast(
            speed: try Samples.limit(-2, 3), effort: try Samples.limit(-0.5, 0.75),
            temperature: try Samples.limit(25, 48))
        let stronger = JointForecast(
            speed: try Samples.limit(-2, 2), effort: try Samples.limit(-0.75, 0.75),
            temperature: try Samples.limit(25, 48))
        let joints = try #require(JointCount(2))
        let wide = try ApprovedBand(
            stride: Ticks(400), joints: joints, limits: [Samples.limit(-1, 1), Samples.limit(-2, 0)])
        func dossier(
            band: ApprovedBand? = nil, first: JointForecast? = nil, nearest: NearestLimit? = nil,
            worst: WorstRollout? = nil, distance: PolicyDistance? = nil, thermal: ThermalForecast? = nil,
            wear: Int64? = nil
        ) throws -> Dossier {
            try Dossier(
                band: band ?? base.band, joints: [first ?? base.joints[0], base.joints[1]],
                nearest: nearest ?? base.nearest, worst: worst ?? base.worst, distance: distance ?? base.distance,
                thermal: thermal ?? base.thermal, wear: wear.map(Microlives.init) ?? base.wear)
        }
        let (near, worst) = (base.nearest, base.worst)
        let variants = [
            base, try dossier(band: wide), try dossier(first: cooler), try dossier(first: faster),
            try dossier(first: stronger),
            try dossier(nearest: NearestLimit(joint: Samples.joint(0), rule: near.rule, margin: near.margin)),
            try dossier(nearest: NearestLimit(joint: near.joint, rule: .speed, margin: near.margin)),
            try dossier(nearest: NearestLimit(joint: near.joint, rule: near.rule, margin: near.margin.nextUp)),
            try dossier(worst: WorstRollout(rollouts: 65, index: 17, nearest: worst.nearest, crossings: 0)),
            try dossier(worst: WorstRollout(rollouts: 64, index: 18, nearest: worst.nearest, crossings: 0)),
            try dossier(worst: WorstRollout(rollouts: 64, index: 17, nearest: near, crossings: 0)),
            try dossier(worst: WorstRollout(rollouts: 64, index: 17, nearest: worst.nearest, crossings: 1)),
            try dossier(distance: PolicyDistance(from: Digest(of: "a"), value: 0)),
            try dossier(distance: PolicyDistance(from: Digest(of: "a"), value: 0.5)),
            try dossier(distance: PolicyDistance(from: Digest(of: "b"), value: 0.5)),
            try dossier(thermal: ThermalForecast(joint: Samples.joint(0), peak: Celsius(61), timeLeft: Seconds(90))),
            try dossier(thermal: ThermalForecast(joint: Samples.joint(1), peak: Celsius(62), timeLeft: Seconds(90))),
            try dossier(thermal: ThermalForecast(joint: Samples.joint(1), peak: Celsius(61), timeLeft: Seconds(91))),
            try dossier(wear: 4),
        ]
        let proposals = try variants.map { try Proposal(plan: plan, dossier: $0) }
        #expect(Set(proposals.map(\.digest.text)).count == variants.count)
        for proposal in proposals { #expect(try Proposal(canonical: proposal.canonicalBytes) == proposal) }
    }

    @Test("a change of any bit is refused or is another proposal with another hash")
    func everyBit() throws {
        let proposal = try Samples.proposal(distance: PolicyDistance(from: Digest(of: "a"), value: 0.5))
        let bytes = proposal.canonicalBytes
        var (refused, others) = (0, 0)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                do throws(CanonicalError) {
                    let other = try Proposal(canonical: changed)
                    #expect(other.canonicalBytes == changed)
                    // The hash is worth its time for some of them only; that it differs follows from the bytes.
                    if bit == 0 { #expect(other.digest != proposal.digest) }
                    others += 1
                } catch {
                    #expect((0...bytes.count).contains(error.position))
                    refused += 1
                }
            }
        }
        #expect(refused > 1_000 && others > 1_000)
    }

    @Test("no part of the bytes is enough, and nothing may follow")
    func length() throws {
        let bytes = try Samples.proposal().canonicalBytes
        for count in bytes.indices {
            #expect(throws: CanonicalError.self) { try Proposal(canonical: Array(bytes[..<count])) }
        }
        let error = CanonicalError(position: bytes.count, problem: .trailing(1))
        #expect(throws: error) { try Proposal(canonical: bytes + [0]) }
    }

    @Test("the bytes are the ones that ledgers in the field hold")
    func frozen() throws {
        let proposal = try Samples.proposal(3, distance: PolicyDistance(from: Digest(of: "a"), value: 0.5))
        let text = proposal.digest.text
        #expect(text == "83874412d842c7ab2d395e6858866fc609473ab28770b6ced6fd0dae3082a3dc")
        #expect(proposal.canonicalBytes.count == 605)
    }

    @Test("another kind, another version and a wild count are refused by name")
    func headers() throws {
        let plan = try Samples.plan().canonicalBytes
        #expect(throws: CanonicalError(position: 0, problem: .otherKind)) { try Dossier(canonical: plan) }
        var later = plan
        later[4 + EpisodePlan.kind.utf8.count] = 2
        #expect(throws: CanonicalError(position: 19, problem: .otherVersion(2, known: 1))) {
            try EpisodePlan(canonical: later)
        }
        var reader = CanonicalReader([255, 255, 255, 255, 1])
        #expect(throws: CanonicalError(position: 0, problem: .tooLong(4_294_967_295, most: 16))) {
            try reader.list(of: JointStart.self, atMost: 16)
        }
    }

    @Test("numbers, texts and optionals come back, and what is none of them is refused")
    func pieces() throws {
        var writer = CanonicalWriter()
        writer.append(UInt64(0x0102_0304_0506_0708))
        writer.append(Int32(-2))
        writer.append("Ünder")
        writer.append(Optional<NoiseKey>.none)
        #expect(writer.bytes.prefix(8) == [8, 7, 6, 5, 4, 3, 2, 1])
        var reader = CanonicalReader(writer.bytes)
        #expect(try reader.integer(UInt64.self) == 0x0102_0304_0506_0708)
        #expect(try reader.integer(Int32.self) == -2)
        #expect(try reader.text(atMost: 6) == "Ünder")
        #expect(try reader.optional(NoiseKey.self) == nil && reader.isAtEnd)
        var torn = CanonicalReader([2, 0, 0, 0, 0xC3, 0x28])
        #expect(throws: CanonicalError(position: 0, problem: .notText)) { try torn.text(atMost: 8) }
        var infinite = CanonicalReader([0, 0, 0x80, 0x7F])
        #expect(throws: CanonicalError(position: 0, problem: .notFinite)) { try infinite.float() }
        var neither = CanonicalReader([2])
        #expect(throws: CanonicalError(position: 0, problem: .noChoice(2))) { try neither.truth() }
    }

    @Test("arbitrary bytes are refused or are written again as they were", arguments: [1, 2, 3] as [UInt64])
    func arbitrary(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let bytes = try Samples.proposal().canonicalBytes
        var read = 0
        for _ in 0..<1_500 {
            var mutated = bytes
            for _ in 0...Int(random.next() % 3) {
                let place = Int(random.next() % UInt64(mutated.count))
                switch random.next() % 3 {
                case 0: mutated[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: mutated.remove(at: place)
                default: mutated.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
            }
            guard let proposal = try? Proposal(canonical: mutated) else { continue }
            #expect(proposal.canonicalBytes == mutated)
            read += 1
        }
        #expect(read > 50)
    }
}
