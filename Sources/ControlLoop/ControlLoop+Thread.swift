internal import Actuators
public import Supervision
public import Threads

/// What a loop is made of, on its way to the thread that makes it.
private struct LoopParts<Robot: Bus & ~Copyable, Program: FlightProgram>: ~Copyable, Sendable {
    let robot: Robot
    let supervisor: Supervisor
    let settings: LoopSettings
    let channels: LoopEnd<Program>

    consuming func assemble() -> ControlLoop<Robot, Program> {
        ControlLoop(robot, under: supervisor, settings: settings, channels: channels)
    }
}

extension ControlLoop where Robot: ~Copyable {
    /// Makes a loop on a thread of its own and runs it there until it is told to quit. Nil when the system has no thread
    /// left; then the robot has been let go of, which switches it off.
    public static func start(
        _ robot: consuming Robot, under supervisor: consuming Supervisor, settings: LoopSettings,
        channels: consuming LoopEnd<Program>
    ) -> HostThread<Void>? {
        var parts: LoopParts<Robot, Program>? = LoopParts(
            robot: robot, supervisor: supervisor, settings: settings, channels: channels)
        return HostThread {
            let loop = parts.take()?.assemble()
            loop?.run()
        }
    }
}
