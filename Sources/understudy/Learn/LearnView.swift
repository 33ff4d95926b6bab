import Guard
import GuardCalls
import Learner
import Learning
import Quantities
import Robots
import Supervision

/// What a person sees of a learner: a line for what is decided, a plot that grows, and what it waits for.
struct LearnView {
    private let identity: RunIdentity
    private let asJSON: Bool
    private let tick: Seconds
    private let surroundings: Surroundings
    /// Of each robot, with the socket of its guard.
    private let places: [RobotPlace]
    private var worths: [Double]
    /// Of each robot's plan.
    private var states: [String]
    private var plan: PlanFacts?
    /// The learner's own work and the robot's time, since this process began.
    private var work = Duration.zero
    private var ticks = 0
    /// Lines that will be drawn over.
    private var drawn = 0

    private var style: Style { surroundings.errors }

    init(
        _ identity: RunIdentity, _ session: borrowing LearnerSession, at places: [RobotPlace], asJSON: Bool,
        tick: Seconds, in surroundings: Surroundings
    ) throws(LearnerTrouble) {
        self.identity = identity
        self.asJSON = asJSON
        self.tick = tick
        self.surroundings = surroundings
        self.places = places
        worths = try session.worths()
        states = Array(repeating: "", count: identity.robots)
        let robots = identity.robots > 1 ? " with \(identity.robots) robots" : ""
        let begun = worths.isEmpty ? "begins" : "goes on after \(worths.count) episodes"
        say(
            "\(style.bold("learning \(shown(identity.robot))"))\(robots): \(identity.method.word)\(Self.words(of: identity.way)), seed \(identity.seed), \(begun)"
        )
    }

    /// What is not as usual.
    static func words(of way: RunIdentity.Way) -> String {
        zip(way.words, RunIdentity.Way().words).filter { $0.0 != $0.1 }.map { ", \($0.0.name) \($0.0.value)" }.joined()
    }

    mutating func tell(_ event: LearnerEvent) {
        switch event {
        case .proposes(let facts):
            plan = facts
            states[facts.robot] = "proposed"
        case .standing(let standing, let robot): stands(standing, robot)
        case .gone(_, let robot):
            states[robot] = Self.gone
            say("  \(place(of: robot)): its guard does not answer at \(quoted(places[robot].socket)); it is looked for")
            say("    next\(host(of: robot)): systemctl status understudy-guard@\(shown(identity.robot))")
        case .took(let facts, let work): take(facts, work)
        case .learnt(let notes, _):
            for note in notes {
                say("  after \(note.episodes) episodes, \(decimal(note.worth, 3)) a tick: \(note.event.words)")
            }
            told(notes)
        }
        draw()
    }

    private static let gone = "its guard does not answer"

    private mutating func stands(_ standing: PlanStanding, _ robot: Int) {
        let waits = standing.state.isFinal ? [] : standing.waitsFor
        let line =
            ([standing.state.rawValue] + (waits.isEmpty ? [] : ["waits for \(waits.joined(separator: ", "))"]))
            .joined(separator: "; ")
        guard line != states[robot] else { return }
        if states[robot] == Self.gone { say("  \(place(of: robot)): its guard answers again") }
        if !waits.isEmpty, !surroundings.devices.isWatched {
            say("  \(name(of: robot))plan \(standing.plan.start): \(shown(line))")
        }
        for number in waits.compactMap({ $0.wholeMatch(of: /fault ([0-9]+)/)?.1 }) {
            say("  \(place(of: robot)) waits for a person; understudy explain fault \(number) says why and what to do")
            say("    next\(host(of: robot)): \(resume(robot)) --clear \(number) --why TEXT")
        }
        if waits.contains("resume") {
            say("  \(place(of: robot)) was stopped by a person; what was allowed before waits until it may go on")
            say("    next\(host(of: robot)): \(resume(robot))")
        }
        states[robot] = line
    }

    /// For whoever has to go there.
    private func place(of robot: Int) -> String {
        guard states.count > 1 else { return "the robot" }
        let place = places[robot]
        return "robot \(place.number) (rank \(place.rank), \(place.rank == 0 ? "here" : "on \(shown(place.host))"))"
    }

    private func host(of robot: Int) -> String { places[robot].rank == 0 ? "" : ", on \(shown(places[robot].host))" }

    private func resume(_ robot: Int) -> String {
        let (socket, usual) = (places[robot].socket, GuardInterface.socket(of: identity.robot))
        return "understudy resume \(shown(identity.robot))" + (socket == usual ? "" : " --socket \(shown(socket))")
    }

    /// Where there are several.
    private func name(of robot: Int) -> String { states.count > 1 ? "robot \(robot + 1): " : "" }

    private mutating func take(_ facts: EpisodeFacts, _ spent: Duration) {
        worths.append(facts.worth)
        work += spent
        ticks += facts.ticks
        let ending = facts.isSuccess ? ", success" : facts.isLoss ? ", lost" : ""
        if !surroundings.devices.isWatched {
            say(
                "  \(name(of: facts.robot))episode \(facts.number): \(decimal(facts.worth, 3)) a tick\(ending); \(share)"
            )
        }
        if asJSON {
            let robot = states.count > 1 ? ", \"robot\": \(facts.robot + 1)" : ""
            surroundings.say(
                "{\"kind\": \"episode\", \"episode\": \(facts.number), \"worth\": \(facts.worth), "
                    + "\"success\": \(facts.isSuccess), \"loss\": \(facts.isLoss), \"work_s\": \(spent.seconds)\(robot)}\n"
            )
        }
    }

    private func told(_ notes: [Course.Note]) {
        guard asJSON else { return }
        for note in notes {
            surroundings.say(
                "{\"kind\": \"note\", \"episodes\": \(note.episodes), \"worth\": \(note.worth), "
                    + "\"text\": \"\(note.event.words)\"}\n")
        }
    }

    /// How much of the robot's time its own work takes.
    private var share: String {
        let robot = Double(ticks) * Double(tick.value)
        guard robot > 0 else { return "" }
        let percent = work.seconds / robot * 100
        return
            "own work \(decimal(work.seconds, 1)) s for \(decimal(robot, 1)) s of the robot (\(decimal(percent, 1)) %)"
    }

    // MARK: The terminal

    /// Something beside learning did not work: it is said, and learning goes on.
    mutating func complain(_ refusal: Outcome.Refusal) { say(refusal.outcome(style).errors) }

    private mutating func say(_ line: String) {
        erase()
        surroundings.devices.tell("\(line)\n")
    }

    private mutating func erase() {
        guard drawn > 0 else { return }
        surroundings.devices.tell("\u{1B}[\(drawn)A\u{1B}[J")
        drawn = 0
    }

    private mutating func draw() {
        guard surroundings.devices.isWatched else { return }
        erase()
        let state = states.enumerated().map { "\(name(of: $0))\($1)" }.joined(separator: "; ")
        let phase = plan.map { "\($0.phase)" } ?? ""
        let plot = LearnPlot(worths: worths).lines(style)
        let last = worths.last.map { "last \(decimal($0, 3)) a tick; " } ?? ""
        let lines =
            plot + [
                style.faint("  episode \(worths.count + 1) of at most \(identity.episodes), \(phase): \(shown(state))"),
                style.faint("  \(last)\(share)"),
            ]
        surroundings.devices.tell(lines.joined(separator: "\n") + "\n")
        drawn = lines.count
    }

    mutating func close(_ course: Course, isOver: Bool, at folder: String) -> Outcome {
        let newest = worths.suffix(8)
        let mean = newest.reduce(0, +) / Double(max(newest.count, 1))
        let end = isOver ? "over" : "stopped; the same command goes on"
        say("\(style.bold(end)): \(worths.count) episodes, the newest \(newest.count) worth \(decimal(mean, 3)) a tick")
        let next = "understudy report \(shown(folder))"
        if !asJSON { return Outcome(output: "\(shown(folder))\n", errors: "  next: \(next)\n") }
        return Outcome(
            output: "{\"kind\": \"end\", \"over\": \(isOver), \"episodes\": \(worths.count), \"worth\": \(mean)}\n")
    }
}
