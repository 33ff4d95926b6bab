import Expressions
import Models
import Quantities
import Robots

extension GapRobot {
    /// The first model of a robot's file with the springs of its actions in it, so that what drives it is where they pull
    /// to; nil where commands are none of springs.
    ///
    /// Torques of springs that were recorded beside a body lead a model away that differs from it a little: in a second the
    /// two have nothing to do with each other any more. Nobody ever drives the body like that.
    static func withSprings(_ text: String, _ file: RobotFile, _ model: ReducedModel) -> ReducedModel? {
        var (text, numbers) = (text, "")
        for (place, joint) in file.joints.enumerated() {
            guard case .spring(_, _, let stiffness, let damping) = file.task.commands[place],
                let position = state("position.\(joint.name)", model), let speed = state("speed.\(joint.name)", model)
            else { return nil }
            let most = GapCommands.most(of: joint)
            numbers += """
                spring_\(place): { value: \(stiffness.value), unit: "N*m/rad" }, turn_\(place): { value: 1, unit: "rad/(N*m)" },
                damper_\(place): { value: \(damping.value), unit: "N*m*s/rad" }, most_\(place): { value: \(most), unit: "N*m" },

                """
            let pull =
                "spring_\(place) * (command.\(joint.name) * turn_\(place) - \(position)) - damper_\(place) * \(speed)"
            text = text.replacing(
                "command.\(joint.name)", with: "clamp(\(pull), -most_\(place), most_\(place))")
        }
        guard let equations = text.firstRange(of: "equations:"),
            let end = text[..<equations.lowerBound].lastIndex(of: "}")
        else { return nil }
        text.insert(contentsOf: numbers, at: end)
        do throws(FileProblems) {
            let other = try RobotFile(parsing: Array(text.utf8))
            do throws(ModelError) { return try other.models.first?.reduced(period: other.period) } catch {
                preconditionFailure("\(file.name) with springs: \(error)")
            }
        } catch {
            preconditionFailure("\(file.name) with springs: \(error.all)")
        }
    }

    /// The state that a sensor says.
    private static func state(_ name: String, _ model: ReducedModel) -> String? {
        let place = model.measurements.places(of: name).lowerBound
        return model.measurements.slot(place)?.name
    }
}
