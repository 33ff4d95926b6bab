internal import Episodes
import Metrology
import Quantities
import Recordings
import Robots
import Supervision

/// A recording beside the script that it is of: which ticks belong to which step.
struct ScriptReading {
    enum Kind { case sweep, steps }

    private let episode: FlownEpisode
    private let script: MotionScript
    private let robot: RobotFile
    /// By step: places in the log.
    private let places: [Range<Int>]
    /// By tick of the script, then by joint: where the script wants a joint; nil while it is pushed.
    private var course: [[Double?]] = []
    private var bases: [[Double?]] = []

    init(_ episode: FlownEpisode, _ script: MotionScript, _ robot: RobotFile) {
        self.episode = episode
        self.script = script
        self.robot = robot
        var (first, places): (Int, [Range<Int>]) = (0, [])
        for step in script.steps {
            let end = min(first + Int(step.ticks.rawValue), episode.acts.count)
            places.append(min(first, end)..<end)
            first += Int(step.ticks.rawValue)
        }
        self.places = places
        var positions = episode.plan.start.map { Optional(Double($0.position.value)) }
        for step in script.steps {
            bases.append(positions)
            for joint in positions.indices {
                let base = positions[joint].map { Radians(Float($0)) }
                positions[joint] = step.end(of: joint, from: base).map { Double($0.value) }
            }
            for tick in 0..<step.ticks.rawValue {
                course.append(
                    bases[bases.count - 1].indices.map { joint in
                        let base = bases[bases.count - 1][joint].map { Radians(Float($0)) }
                        let point = step.point(of: joint, at: Ticks(tick), from: base, period: robot.period)
                        if case .position(let position)? = point { return Double(position.value) }
                        return nil
                    })
            }
        }
    }

    private func row(_ act: Int, _ joint: Int) -> JointTick {
        let index = JointIndex(UInt8(clamping: joint)) ?? .first
        return episode.log.ticks[episode.acts[act]].joints[index]
    }

    private func time(_ act: Int) -> Double {
        let first = episode.log.ticks[episode.acts[0]].hostTime.nanoseconds
        return Double(episode.log.ticks[episode.acts[act]].hostTime.nanoseconds &- first) * 1e-9
    }

    /// The steps in which this joint moves slowly, or suddenly and what follows that.
    private func steps(of joint: Int, _ kind: Kind) -> [Int] {
        script.steps.indices.filter { number in
            let ticks = script.steps[number].ticks
            switch script.steps[number].motions[joint] {
            // From where a push has left a joint, nobody knows its course.
            case .move: return kind == .sweep ? isSlow(ticks) && bases[number][joint] != nil : ticks == Ticks(1)
            case .push(_, let waves): return kind == .steps && waves.isEmpty
            case .hold:
                guard kind == .steps, number + 1 < script.steps.count else { return false }
                // The rest before a step, and that behind it.
                return isSudden(number + 1, joint) || (number > 0 && isSudden(number - 1, joint))
            case .swing, .follow: return false
            }
        }
    }

    private func isSlow(_ ticks: Ticks) -> Bool { Double(ticks.rawValue) * Double(robot.period.value) > 0.4 }

    private func isSudden(_ number: Int, _ joint: Int) -> Bool {
        switch script.steps[number].motions[joint] {
        case .move: script.steps[number].ticks == Ticks(1)
        case .push(_, let waves): waves.isEmpty
        case .hold, .swing, .follow: false
        }
    }

    func track(of joint: Int, _ kind: Kind) -> JointTrack {
        track(of: joint, kind, steps(of: joint, kind))
    }

    /// The joint around sudden steps, and where in that it is told something else. What lets go of it is no step: it goes
    /// already.
    func sudden(_ joint: Int) -> (track: JointTrack, starts: [Int]) {
        let numbers = steps(of: joint, .steps)
        var (starts, first): ([Int], Int) = ([], 0)
        for number in numbers {
            if isSudden(number, joint), script.steps[number].motions[joint] != .push(.zero, []) { starts.append(first) }
            first += places[number].count
        }
        return (track(of: joint, .steps, numbers), starts)
    }

    /// By sudden steps; without any, a joint that is told efforts shows it in all that it does.
    func delay(of joint: Int, _ tolerances: JointReport.Tolerances) -> CommandDelay? {
        let steps = sudden(joint)
        let isFelt = steps.track.efforts.contains(where: \.isFinite)
        let found = CommandDelay(
            joint: joint, steps.track, starts: steps.starts,
            most: isFelt ? tolerances.delay : tolerances.motionDelay)
        guard found == nil, robot.joints[joint].drive == .effort else { return found }
        return CommandDelay(
            joint: joint, following: track(of: joint, .steps, Array(script.steps.indices)),
            ages: places.flatMap { $0.map { Double(row($0, joint).age.value) } }, most: tolerances.delay)
    }

    /// The joint in each rest behind a sudden step, held or let go.
    func rests(of joint: Int) -> [JointTrack] {
        script.steps.indices.dropFirst().filter { number in
            let isLetGo = script.steps[number].motions[joint] == .push(.zero, [])
            guard isLetGo || script.steps[number].motions[joint] == .hold, !places[number].isEmpty else { return false }
            return isSudden(number - 1, joint) && script.steps[number - 1].motions[joint] != .push(.zero, [])
        }.map { track(of: joint, .steps, [$0]) }
    }

    private func track(of joint: Int, _ kind: Kind, _ steps: [Int]) -> JointTrack {
        let acts = steps.flatMap { Array(places[$0]) }
        let rows = acts.map { row($0, joint) }
        let isEffort = robot.joints[joint].drive == .effort
        return JointTrack(
            times: acts.map(time),
            commands: acts.indices.map { place in
                if kind == .steps { return Double(rows[place].supervised.value) }
                return course[acts[place]][joint] ?? .nan
            },
            positions: rows.map { Double($0.position.value) }, speeds: rows.map { Double($0.speed.value) },
            // At a slow and steady speed what it is told is cleaner; how soon it obeys shows only in what it measures.
            efforts: rows.map { Double(isEffort && kind == .sweep ? $0.supervised.value : $0.effort.value) })
    }

    /// Where the joint stood at the end of every rest for which it had come back to its start.
    func returns(of joint: Int) -> [Double] {
        script.steps.indices.compactMap { number in
            guard number > 0, case .hold = script.steps[number].motions[joint], isSlow(script.steps[number].ticks),
                case .move(let target) = script.steps[number - 1].motions[joint],
                target == episode.plan.start[joint].position, places[number].count > 20
            else { return nil }
            let last = places[number].suffix(10)
            return last.reduce(0) { $0 + Double(row($1, joint).position.value) } / Double(last.count)
        }
    }

    /// Every move of a single joint, with what all joints did meanwhile and in the rest behind it.
    var nudges: [DirectionCheck.Nudge] {
        var seen: Set<Int> = []
        return script.steps.indices.compactMap { number in
            let moving = script.steps[number].motions.indices.filter { joint in
                if case .move = script.steps[number].motions[joint] { true } else { false }
            }
            guard moving.count == 1, let joint = moving.first, !seen.contains(joint), !places[number].isEmpty,
                case .move(let target) = script.steps[number].motions[joint], let base = bases[number][joint]
            else { return nil }
            let told = Double(target.value) - base
            guard abs(told) > 0.04 else { return nil }
            seen.insert(joint)
            let rest = number + 1 < places.count && !places[number + 1].isEmpty ? places[number + 1] : places[number]
            let (start, end) = (places[number].lowerBound, rest.upperBound - 1)
            let moved = robot.joints.indices.map { other in
                Double((row(end, other).position - row(start, other).position).value)
            }
            return DirectionCheck.Nudge(joint: joint, told: told, moved: moved)
        }
    }
}
