import Episodes
import Guard
import GuardCalls
import Ports
import Quantities
import Replay
import Robots
import Supervision

/// A calibration through the guard: proposes plans, waits until a person approves them, reads what was recorded.
///
/// Nothing of that is kept here. Plans are the same when they are proposed once more, and the guard knows which of them have
/// been flown: whoever is interrupted runs this again. Only where joints end, which no guard records, is in a file.
struct CalibrationRun {
    let options: CalibrateOptions
    let surroundings: Surroundings
    private let folder: RobotFolder
    private var style: Style { surroundings.errors }

    init(_ options: CalibrateOptions, in surroundings: Surroundings) throws(CalibrationStop) {
        self.options = options
        self.surroundings = surroundings
        folder = try RobotFolder(
            RobotSource(options.robot, robots: options.robots, envelopes: options.envelopes), in: surroundings)
    }

    func run() throws(CalibrationStop) -> Outcome {
        if let last = folder.latest, let words = folder.robot.file.passingOver(last.file, at: last.path) {
            surroundings.devices.tell(words)
        }
        let place = GuardPlace(socket: options.socket, state: options.state)
        var flights = CalibrationFlights(place, for: "calibration", folder.robot.file, surroundings)
        let known = try flights.robot()
        Interruption.hold()
        guard known.robot == folder.digest else {
            throw stop(
                .invalidConfiguration, "the guard guards \(quoted(known.name)) as another file has it",
                next: "end the guard and start it anew, so that it reads '\(shown(folder.path))'")
        }
        if !options.isCheck, let done = alreadyDone(known) { return done }
        let plans = CalibrationPlans(
            folder.robot, task: known.robot, calibration: known.calibration, session: UInt32(folder.measured.count + 1))
        if options.isCheck { return try check(plans, &flights) }
        var measured = MeasuredRobot(folder.robot, loads: BodyLoads(folder))
        if !options.isDryRun, !options.isWithoutEnds {
            try HandSweep(folder, known, flights, surroundings).take(into: &measured)
        }
        let list = try self.flights(plans, &flights)
        if options.isDryRun { return try dryRun(list) }
        // Whether joints turn the right way has to be known before they go far.
        try flights.fly(Array(list.prefix(1)), into: &measured)
        try flights.fly(Array(list.dropFirst()), into: &measured)
        if !options.isWithoutModel { try measured.identify(believing: folder.believed, style) }
        return try measured.recorded(known, options, folder, in: surroundings)
    }

    private func stop(_ status: ExitStatus, _ text: String, next: String) -> CalibrationStop {
        CalibrationStop(outcome: .failure(status, text, next: next, style))
    }

    /// A record that the guard has not read yet is not measured a second time.
    private func alreadyDone(_ known: GuardCalls.GuardedRobot) -> Outcome? {
        guard let last = folder.latest, last.file.session != nil, last.file.digest != known.calibration else {
            return nil
        }
        return Outcome(output: "\(shown(last.path)) is there\n\(Self.restart(known.name))")
    }

    static func restart(_ robot: String) -> String {
        "  next: the guard reads records when it starts: systemctl restart understudy-guard@\(robot)\n"
    }

    // MARK: What is flown

    private func flights(
        _ plans: CalibrationPlans, _ flights: inout CalibrationFlights
    ) throws(CalibrationStop) -> [PlannedFlight] {
        let starts = folder.robot.file.starts
        let positions = try flights.positions().enumerated().map { $1 ?? starts[$0].position }
        var list = [
            PlannedFlight(.directions, "check of directions") { number throws(CalibrationPlanProblem) in
                try plans.directions(from: positions, attempt: number)
            }
        ]
        for (place, joint) in folder.robot.file.joints.enumerated() {
            let parts = plans.parts(of: place).count
            for part in 0..<parts {
                let title = "joint \(shown(joint.name))" + (parts > 1 ? ", part \(part + 1) of \(parts)" : "")
                list.append(
                    PlannedFlight(.joint(place), title) { number throws(CalibrationPlanProblem) in
                        try plans.joint(place, part: part, attempt: number)
                    })
            }
        }
        if !options.isWithoutModel, let experiment = try experiment(plans) { list.append(experiment) }
        return list
    }

    private func experiment(_ plans: CalibrationPlans) throws(CalibrationStop) -> PlannedFlight? {
        surroundings.devices.tell("looking for a motion that tells much about the model\n")
        let found: CalibrationPlans.Experiments?
        do throws(CalibrationPlanProblem) { found = try plans.search() } catch {
            throw CalibrationStop(error, style)
        }
        guard let found else {
            surroundings.devices.tell("none was found that keeps the limits: the joints' own motions have to do\n")
            return nil
        }
        return PlannedFlight(.experiment, "all joints together") { number throws(CalibrationPlanProblem) in
            try plans.experiment(found, attempt: number)
        }
    }

    private func dryRun(_ list: [PlannedFlight]) throws(CalibrationStop) -> Outcome {
        let ends = options.isCheck || options.isWithoutEnds ? [] : HandSweep.places(of: folder.robot)
        let names = ends.map { shown(folder.robot.file.joints[$0].name) }.joined(separator: ", ")
        var lines = names.isEmpty ? [] : ["would have taken to their ends by hand, the robot stopped: \(names)"]
        lines.append("would propose to the guard, one after the other:")
        for flight in list {
            do throws(CalibrationPlanProblem) {
                let seconds = try flight.proposal(0).seconds(folder.robot.file.period)
                lines.append("  \(padded(flight.title, 24))\(decimal(seconds, 1)) s")
            } catch { throw CalibrationStop(error, style) }
        }
        return Outcome(output: lines.joined(separator: "\n") + "\n")
    }

    // MARK: The check

    private func check(
        _ plans: CalibrationPlans, _ flights: inout CalibrationFlights
    ) throws(CalibrationStop) -> Outcome {
        guard let last = folder.latest, last.file.session != nil else {
            throw stop(
                .invalidConfiguration, "there is no record of a calibration to check",
                next: "understudy calibrate \(options.robot)")
        }
        var measured = MeasuredRobot(folder.robot, loads: nil)
        let flight = PlannedFlight(.check, "check of the calibration") { number throws(CalibrationPlanProblem) in
            try plans.check(attempt: number)
        }
        if options.isDryRun { return try dryRun([flight]) }
        try flights.fly([flight], into: &measured, anew: true)
        return measured.compared(with: last, options, surroundings)
    }
}

extension Proposal {
    func seconds(_ period: Seconds) -> Double { Double(plan.horizon.rawValue) * Double(period.value) }
}
