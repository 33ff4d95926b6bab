/// What the sensors said and what was commanded in one real episode, tick by tick: what models are held against.
public struct Trace: Equatable, Sendable {
    /// How many numbers are measured in a tick, and how many joints are commanded.
    public let measured: Int
    public let joints: Int
    /// Tick by tick.
    public private(set) var measurements: [Float] = []
    /// What the supervisor let through: what drove the robot, and so what has to drive its model.
    public private(set) var commands: [Float] = []

    public init(measured: Int, joints: Int) {
        (self.measured, self.joints) = (measured, joints)
    }

    public var ticks: Int { commands.count / max(joints, 1) }

    public mutating func append(_ measurement: [Float], _ command: [Float]) {
        guard measurement.count == measured, command.count == joints else {
            preconditionFailure("a tick of another robot")
        }
        measurements += measurement
        commands += command
    }

    init(measured: Int, joints: Int, measurements: [Float], commands: [Float]) {
        self.init(measured: measured, joints: joints)
        (self.measurements, self.commands) = (measurements, commands)
    }
}
