public import Episodes
internal import Hashing
public import Learning
public import Models
public import Policies
internal import Quantities
internal import Robots
public import Supervision

/// Makes the plan that a course wants next, with a dossier of what its models expect.
///
/// Everything in it follows from the course, the anchor and the misses, so that the same checkpoint gives the same hash.
public struct PlanWriter: Sendable {
    public let pupil: Pupil
    public let envelope: Digest
    public let calibration: Digest
    /// How many rollouts a dossier is made of.
    public var rollouts = 64
    private let threads: Int
    /// Nats from which on distances are measured from the policy that was flown last: as far as a batch reaches.
    public static let anchorReach = 0.1
    /// What a joint endures in all, when its owner does not say it [ours]: 10⁶ rad are 160 000 turns of a gearbox.
    private static let ratedTravel = Radians(1e6)
    /// Ticks of a step of the band.
    private static let stride = 20

    public init(_ pupil: Pupil, envelope: Digest, calibration: Digest, threads: Int = 1) {
        self.threads = threads
        self.pupil = pupil
        self.envelope = envelope
        self.calibration = calibration
    }

    /// What is proposed, and what was foretold of its flight.
    public struct Planned: Equatable, Sendable {
        public let proposal: Proposal
        public let foretold: Foretold
    }

    /// Nil when the course is over, or wants nothing of this robot in the wave that is next.
    ///
    /// - Parameters:
    ///   - robot: its place among those of the run.
    ///   - misses: of this robot's flights so far.
    public func planned(
        _ course: Course, robot: Int = 0, anchor: Policy?, _ misses: Misses
    ) throws(PlanProblem) -> Planned? {
        let wave = course.wave
        guard wave.indices.contains(robot) else { return nil }
        let next = wave[robot]
        let forecast = Forecast(pupil, next.policy, parts(course, next.noise), threads: threads)
        let heat = HeatForecast(forecast)
        do throws(PlanDefect) {
            let plan = try plan(next.policy, next.noise, forecast, heat)
            let foretold = Foretold(forecast, stride: Self.stride, horizon: plan.horizon)
            let band = try foretold.band(rooms: misses.rooms, within: pupil.robot.envelope.envelope)
            let widening = BandWidening(
                most: foretold.widest(band), flights: UInt32(misses.count), left: UInt32(misses.left))
            let dossier = try dossier(next.policy, anchor, forecast, heat, band, widening)
            return Planned(proposal: try Proposal(plan: plan, dossier: dossier), foretold: foretold)
        } catch { throw .defect(error) }
    }

    /// The first is the episode itself as it is believed; the others have other parameters and starts, and every other
    /// one of them other noise.
    private func parts(_ course: Course, _ key: NoiseKey) -> [StagePart] {
        let starts = course.settings.starts
        let draws = starts.drawn(key)
        return (0..<rollouts).map { number in
            let own = NoiseKey(
                run: key.run, iteration: key.iteration,
                episode: Self.forecasting &+ key.episode &* UInt32(rollouts) &+ UInt32(number))
            let drawn = starts.part(own, parameters: course.belief.drawn(own, width: 2))
            let isItself = number == 0
            return StagePart(
                measured: isItself ? starts.middles : drawn.measured,
                commands: isItself ? starts.commanded.map { $0.map { starts.middles[$0] } ?? 0 } : drawn.commands,
                draws: draws, noise: number.isMultiple(of: 2) ? key : own,
                parameters: isItself ? course.belief.values : drawn.parameters)
        }
    }

    /// Episode numbers that neither real episodes nor rehearsals have.
    private static let forecasting: UInt32 = 0xA000_0000

    private func plan(
        _ policy: Policy, _ key: NoiseKey, _ forecast: Forecast, _ heat: HeatForecast
    ) throws(PlanDefect) -> EpisodePlan {
        let file = pupil.robot.file
        guard let payload = PolicyPayload(format: Self.format, bytes: policy.encoded) else {
            preconditionFailure("a policy has bytes, and fewer than a guard keeps")
        }
        let cost = Cost(
            time: Milliseconds(Int64(((file.task.horizon + file.reset.usualTime).value * 1_000).rounded(.up))),
            wear: wear(forecast), heat: Millijoules(Int64((heat.heat.value * 1_000).rounded(.up))),
            attention: Milliseconds(Int64((file.budget.operatorMinutes * 60_000).rounded(.up))))
        return try EpisodePlan(
            robot: Self.name(file.name), task: Reference(name: Self.name(file.name), digest: pupil.digest),
            envelope: Reference(name: Self.name(file.envelopeName), digest: envelope),
            calibration: Reference(name: Self.name("calibration"), digest: calibration), policy: payload, noise: key,
            start: file.starts.map { JointStart(position: $0.position, speed: .zero) }, horizon: file.horizon,
            cost: cost)
    }

    private func wear(_ forecast: Forecast) -> Microlives {
        let rated = pupil.robot.file.budget.limitTravel ?? Self.ratedTravel
        return Microlives(Int64((forecast.travel.value / rated.value * 1e6).rounded(.up)))
    }

    private func dossier(
        _ policy: Policy, _ anchor: Policy?, _ forecast: Forecast, _ heat: HeatForecast, _ band: ApprovedBand,
        _ widening: BandWidening
    ) throws(PlanDefect) -> Dossier {
        let found = forecast.paths.map { forecast.nearest($0) }
        let worst = found.indices.min { (found[$0].margin, $0) < (found[$1].margin, $1) } ?? 0
        return try Dossier(
            band: band,
            joints: (0..<forecast.joints).map { JointForecast($0, forecast, heat) }, nearest: NearestLimit(found[0]),
            worst: WorstRollout(
                rollouts: UInt32(found.count), index: UInt32(worst), nearest: NearestLimit(found[worst]),
                crossings: UInt32(found.count { $0.margin < 0 })),
            distance: anchor.map { anchor in
                let nats = PolicyChange.nats(from: anchor, to: policy, over: Array(forecast.performances.prefix(8)))
                return PolicyDistance(from: Digest(words: anchor.identity), value: Float(min(max(nats, 0), 1e6)))
            },
            thermal: ThermalForecast(
                joint: JointIndex(UInt8(clamping: heat.joint)) ?? .first, peak: heat.peak, timeLeft: heat.timeLeft),
            wear: wear(forecast), widening: widening)
    }

    /// From what a distance is measured after an episode of a policy.
    public static func anchor(_ anchor: Policy?, after policy: Policy, over performance: Performance) -> Policy {
        guard let anchor, anchor.shape == policy.shape else { return policy }
        return PolicyChange.nats(from: anchor, to: policy, over: [performance]) > anchorReach ? policy : anchor
    }

    private static var format: Name { name("gaussian-1") }

    private static func name(_ text: String) -> Name {
        guard let name = Name(text) ?? Name("robot") else { preconditionFailure("a name of letters and digits") }
        return name
    }
}

/// Why no plan could be made.
public enum PlanProblem: Error, Equatable, Sendable { case defect(PlanDefect) }

extension RobotFile.Reset {
    /// Half of the longest that it may take: what it takes is measured and charged by the guard.
    fileprivate var usualTime: Seconds {
        let all = steps.reduce(Float(0)) { sum, step in
            switch step {
            case .move(_, _, let time): sum + time.value / 2
            case .rest(_, let time): sum + time.value / 2
            case .hold(let time), .wait(let time): sum + time.value
            case .relax: sum
            }
        }
        return Seconds(all)
    }
}
