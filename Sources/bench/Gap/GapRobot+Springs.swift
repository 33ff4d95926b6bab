import Expressions
import Models
import Quantities
import Robots

extension GapRobot {
    /// The first model of a robot's file with the springs of its actions in it, so that what drives it is where they pull
    /// to; nil where commands are none of springs.
    ///
    /// Torques of springs that were recorded beside a body lead a model away that differs from it a little: in a second the
    /// two have nothing to do with each other any more. Nobody ever drives the body like that. A tick's pull holds until the
    /// next tick, as the body's does.
    static func withSprings(_ text: String, _ file: RobotFile, _ model: ReducedModel) -> ReducedModel? {
        guard let springs = Springs(file, model), let text = springs.added(to: text) else { return nil }
        do throws(FileProblems) {
            let other = try RobotFile(parsing: Array(text.utf8))
            do throws(ModelError) { return try other.models.first?.reduced(period: other.period) } catch {
                preconditionFailure("\(file.name) with springs: \(error)")
            }
        } catch {
            preconditionFailure("\(file.name) with springs: \(error.all)")
        }
    }
}

/// What the springs of a file's actions add to the text of its model.
private struct Springs {
    private var (parameters, states, equations) = ("", "", "")
    private var pulls: [(command: String, pull: String)] = []

    /// Nil where commands are none of springs, or no state says where they pull.
    init?(_ file: RobotFile, _ model: ReducedModel) {
        for (place, joint) in file.joints.enumerated() {
            guard case .spring(_, _, let stiffness, let damping) = file.task.commands[place],
                let position = Self.state("position.\(joint.name)", model),
                let speed = Self.state("speed.\(joint.name)", model)
            else { return nil }
            let most = GapCommands.most(of: joint)
            parameters += """
                spring_\(place): { value: \(stiffness.value), unit: "N*m/rad" }, turn_\(place): { value: 1, unit: "rad/(N*m)" },
                damper_\(place): { value: \(damping.value), unit: "N*m*s/rad" }, most_\(place): { value: \(most), unit: "N*m" },

                """
            let pull =
                "spring_\(place) * (command.\(joint.name) * turn_\(place) - \(position)) - damper_\(place) * \(speed)"
            states += "pulled_\(place): { unit: \"N*m\", start: \"0\" },\n"
            equations += """
                "pull_\(place) = if substep == 0 then clamp(\(pull), -most_\(place), most_\(place)) else pulled_\(place)",
                "pulled_\(place)+ = pull_\(place)",

                """
            pulls.append(("command.\(joint.name)", "pull_\(place)"))
        }
        states += "substep: { unit: \"1\", start: \"0\" },\n"
        equations += "\"substep+ = if substep > \(model.substeps - 2) then 0 else substep + 1\",\n"
    }

    /// From the end to the beginning, so that no place moves before it is needed.
    func added(to text: String) -> String? {
        var text = text
        for (command, pull) in pulls { text = text.replacing(command, with: pull) }
        guard let first = text.firstRange(of: "equations: ["),
            let end = text[..<first.lowerBound].lastIndex(of: "}"),
            let known = text.firstRange(of: "parameters: {"),
            let stateEnd = text[..<known.lowerBound].lastIndex(of: "}")
        else { return nil }
        text.insert(contentsOf: equations, at: first.upperBound)
        text.insert(contentsOf: parameters, at: end)
        text.insert(contentsOf: states, at: stateEnd)
        return text
    }

    /// The state that a sensor says.
    private static func state(_ name: String, _ model: ReducedModel) -> String? {
        let place = model.measurements.places(of: name).lowerBound
        return model.measurements.slot(place)?.name
    }
}
