import Hashing
import Learner
import Learning
import Models
import Policies
import Robots

/// One robot's whole way with one way of learning.
struct LearnRun {
    /// What each real episode was worth a tick, in the order of their purchase.
    private(set) var curve: [Double] = []
    /// What the course noted, for whoever wants to know why.
    private(set) var notes: [Course.Note] = []
    /// What the policy is worth on the robot that the course keeps, by how many real episodes had been bought.
    private(set) var kept: [Int: Double] = [:]
    private(set) var work = LearnWork()
    private let robot: LearnRobot
    private let gap: LearnGap
    private let seed: UInt64
    private var troupe: LearnTroupe

    init(_ described: GapRobot, _ gap: LearnGap, _ method: LearnMethod, seed: UInt64, _ plan: LearnPlan) {
        robot = LearnRobot(described, seed: seed, spread: 1)
        (self.gap, self.seed) = (gap, seed)
        troupe = LearnTroupe(soloist: Soloist(robot.stage), isContrary: gap == .contrary)
        do throws(PolicyError) {
            switch method {
            case .real: try follow(.real, plan)
            case .released: try follow(.released, plan)
            case .unbiased: try follow(.unbiased, plan)
            case .usual: try follow(.rehearse, plan)
            case .zeroShot, .identified: try believe(plan, method.batches ?? 0, refining: method == .identified)
            }
        } catch {
            preconditionFailure("\(method), seed \(seed): \(error)")
        }
    }

    private mutating func follow(_ method: Course.Settings.Method, _ plan: LearnPlan) throws(PolicyError) {
        var course = try course(method, plan)
        while let next = course.next {
            let (performance, trace) = robot.perform(next.policy, next.noise)
            curve.append(course.settings.objective.perTick(performance))
            let (phase, begun) = (course.phase, Stopwatch.nanoseconds())
            course.take(performance, trace)
            try course.advance(with: &troupe)
            work.add(
                own: Stopwatch.nanoseconds() - begun, ticks: performance.ticks, of: robot.robot.file.period,
                isStep: phase == .climb && course.phase == .climb)
            guard plan.audit > 0, LearnTable.marks.contains(course.episodes) else { continue }
            kept[course.episodes] = audited(course, plan.audit)
        }
        notes = course.notes
    }

    /// Flown beside the course, which learns nothing of it and pays nothing for it: the same starts and noise whichever
    /// policy it is.
    private func audited(_ course: Course, _ count: Int) -> Double {
        let worths = (0..<UInt32(count)).map { number in
            let key = NoiseKey(run: seed, iteration: .max, episode: number)
            return course.settings.objective.perTick(robot.perform(course.kept, key).0)
        }
        return worths.reduce(0, +) / Double(count)
    }

    /// Does what the model says, whatever the robot says about it; in the one case the model learns from the robot.
    private mutating func believe(_ plan: LearnPlan, _ batches: Int, refining: Bool) throws(PolicyError) {
        let course = try course(.rehearse, plan)
        var (policy, critic, belief) = (course.incumbent, course.critic, course.belief)
        var traces: [Trace] = []
        let batch = course.settings.look
        for iteration in 0..<UInt32(batches) {
            if refining ? iteration > 0 : iteration == 0 {
                let key = NoiseKey(run: seed, iteration: iteration, episode: 1 << 31)
                if refining {
                    belief = Refinement().refine(belief, from: course.belief, of: robot.stage, by: traces, key).belief
                }
                var proximal = Proximal(policy, critic: critic, .init(discount: course.settings.objective.discount))
                try proximal.improve(
                    rounds: course.settings.rehearsals, course.settings.starts,
                    anywhere: course.settings.rehearsedStarts, belief, course.settings.objective, key, with: &troupe)
                (policy, critic) = (proximal.policy, proximal.critic)
            }
            for number in 0..<UInt32(batch) where curve.count < plan.episodes {
                let key = NoiseKey(run: seed, iteration: iteration, episode: number)
                let (performance, trace) = robot.perform(policy, key)
                curve.append(course.settings.objective.perTick(performance))
                traces = Array((traces + [trace]).suffix(24))
            }
        }
    }

    private func course(_ method: Course.Settings.Method, _ plan: LearnPlan) throws(PolicyError) -> Course {
        var settings = robot.pupil.settings(method, seed: seed, episodes: plan.episodes)
        if let rate = plan.rate { settings.rate = rate }
        if let limit = plan.limit { settings.longestStep = limit }
        settings.stepRule = plan.steps
        (settings.reuse, settings.models) = (plan.reuse, plan.models)
        return try robot.pupil.course(settings, believing: gap.belief(robot.pupil.model))
    }
}
