import BoardLink
import Quantities
import Testing
import VirtualRobot

/// A host that drives every joint into its limits: what the supervisor takes away there, both programs take away alike.
@Suite(.timeLimit(.minutes(10))) struct LimitTests {
    /// Beyond what the configuration allows, in every way to drive.
    static let drives: [Drive] = [
        .speed(RadiansPerSecond(7)), .effort(NewtonMetres(-4)), .position(Radians(2.4)),
    ]

    /// How a board answers such a host from the middle of the way: its every bit, and how far and fast a joint came.
    private func push(_ board: any BoardProgram, _ drive: Drive) throws -> (
        trace: FowlerNoll, far: Double, fast: Double
    ) {
        var host = try Host(armed: board)
        var (far, fast) = (0.0, 0.0)
        for tick in 0..<600 {
            if tick % 10 == 0 { host.command(drive) }
            host.tick()
            for place in 0..<4 {
                far = max(far, abs(host.joints[place].position))
                fast = max(fast, abs(host.joints[place].speed))
            }
        }
        return (host.trace, far, fast)
    }

    @Test(
        "a joint that is driven against its limits stops there, and the image brakes bit for bit like the host",
        arguments: drives)
    func limits(drive: Drive) throws {
        let compiled = try push(CompiledBoard(try Host.settings()), drive)
        // It came to its bound of 2 rad, and never beyond what a measurement may overshoot it by.
        #expect(compiled.far > 1.9 && compiled.far < 2.02)
        #expect(compiled.fast > 4 && compiled.fast < 6)
        let image = try push(Images.board(Images.usual), drive)
        #expect(image.trace == compiled.trace)
    }
}
