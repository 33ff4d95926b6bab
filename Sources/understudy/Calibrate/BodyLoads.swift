import Embodiment
import Quantities
import Robots
import Simulator

/// What the joints of a robot carry by the weights of its links, which its body knows.
struct BodyLoads {
    private let robot: RobotFile
    private let mjcf: String
    /// Far enough that what a `Float` leaves out of the energy does not count.
    private static let step = 0.05

    /// Nil where a part of the body is moved by no joint, as a leg's boom: its ground carries as well.
    init?(_ folder: RobotFolder) {
        guard folder.robot.file.sensors.isEmpty else { return nil }
        (robot, mjcf) = (folder.robot.file, folder.mjcf)
    }

    /// Newton metres of every joint, as its actuator pushes to hold the pose: what lifting by a little costs.
    func efforts(_ pose: [Double]) -> [Double] {
        pose.indices.map { joint in
            let energies = [-Self.step, Self.step].map { step in
                var other = pose
                other[joint] += step
                return energy(other)
            }
            return (energies[1] - energies[0]) / (2 * Self.step)
        }
    }

    private func energy(_ pose: [Double]) -> Double {
        do throws(FileProblems) {
            let body = try robot.virtualBody(mjcf, seed: 1, spread: 0, starts: pose.map { Radians(Float($0)) })
            return Double(body.energy().potential.value)
        } catch { return 0 }
    }
}
