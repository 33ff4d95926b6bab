import Expressions
import Quantities
import Supervision

/// Turns the document into a robot and collects everything that is wrong on the way.
struct RobotReader {
    var problems: [FileProblem] = []
    /// The names of the joints, once all of them are known; expressions cannot be understood before.
    var joints: [RobotFile.Joint]?
    /// Joints whose drive could not be read: nothing can be said of the units of their commands.
    var undriven: Set<String> = []
    var sensors: [RobotFile.Sensor] = []
    var starts: [RobotFile.Start] = []
    var period = Seconds(0.01)

    struct Identity {
        let name: String
        let about: String?
        let envelope: String
        let period: Seconds
        let deadMan: String?
        let calibrationDays: Int
    }

    struct Settings {
        let body: RobotFile.Body
        let policy: RobotFile.Policy
        let learning: RobotFile.Learning
        let budget: RobotFile.Budget
    }

    mutating func append(_ problem: FileProblem) { problems.append(problem) }

    /// Nil only when a problem has been found.
    mutating func read(_ document: JSON5Value) -> RobotFile? {
        guard let top = section(of: document, .folder, label: "") else { return nil }
        let identity = identity(top)
        let bus = line(top)
        joints = mounts(top, bus?.driver)
        sensors = sensors(top, bus?.driver)
        let task = task(top)
        starts = starts(top)
        let reset = reset(top, task)
        let models = models(top, task)
        let settings = settings(top)
        guard problems.isEmpty, let identity, let bus, let joints, let task, let reset, let settings else { return nil }
        return RobotFile(
            identity: identity, bus: bus, joints: joints, sensors: sensors, task: task.task, starts: starts,
            reset: reset, models: models, settings: settings, places: FilePlaces(document))
    }

    private mutating func identity(_ top: Section) -> Identity? {
        let numbers = SectionNumbers(top, KeyTable.robot.rows(of: .folder), drive: nil, problems: &problems)
        if !numbers.isFaulty(FolderKeys.period.row) { period = numbers[FolderKeys.period] }
        let envelope = name(FolderKeys.envelope, top)
        let about = text(FolderKeys.about, top)?.text
        guard let name = name(FolderKeys.robot, top) else { return nil }
        let deadMan = text(FolderKeys.deadMan, top)?.text
        let days = numbers.isFaulty(FolderKeys.calibrationDays) ? 0 : numbers.count(FolderKeys.calibrationDays)
        return Identity(
            name: name, about: about, envelope: envelope ?? name, period: period, deadMan: deadMan,
            calibrationDays: days)
    }

    /// All numbers of an object of this kind.
    mutating func numbers(_ section: Section, _ scope: KeyRow.Scope) -> SectionNumbers {
        SectionNumbers(section, KeyTable.robot.rows(of: scope), drive: nil, problems: &problems)
    }

    private mutating func settings(_ top: Section) -> Settings? {
        let body = body(top)
        let policy = policy(top)
        let learning = learning(top)
        guard let body, let policy, let learning, let budget = budget(top) else { return nil }
        return Settings(body: body, policy: policy, learning: learning, budget: budget)
    }

    /// An object whose names are those of joints: what it says for each, in the order of the joints.
    mutating func byJoint(_ row: KeyRow, _ section: Section, _ scope: KeyRow.Scope) -> [String: Section] {
        let named = named(row, section, scope)
        guard let joints else { return [:] }
        var found: [String: Section] = [:]
        for entry in named {
            if joints.contains(where: { $0.name == entry.name }) {
                found[entry.name] = entry.section
            } else {
                append(unknownJoint(entry.name, at: entry.position, "\(section.label)\(row.name).\(entry.name)"))
            }
        }
        return found
    }

    func unknownJoint(_ name: String, at position: TextPosition, _ path: String) -> FileProblem {
        let nearest = nearest(to: name, among: (joints ?? []).map(\.name))
        return FileProblem(position, path, .robot(.unknownJoint(name, nearest: nearest)))
    }
}
