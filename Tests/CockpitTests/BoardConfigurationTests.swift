import Actuators
import BoardLink
import Guard
import GuardSamples
import Quantities
import Robots
import Supervision
import Testing

@testable import Cockpit

@Suite("What a board is told of the envelope") struct BoardConfigurationTests {
    private func configuration(_ sample: RobotSample) throws -> Configure {
        try BusMaker(sample.robot).board.configuration
    }

    @Test(
        "the leg's board brakes each joint by itself as quickly as the envelope says, and no other way under its name")
    func braking() throws {
        let leg = try RobotSample("leg")
        let told = try configuration(leg)
        for number in UInt8(0)..<2 {
            let (place, joint) = (try #require(BoardJoint(number)), try #require(JointIndex(number)))
            #expect(told[place].joint == joint)
            #expect(told[place].braking == leg.facts.envelope.joints[joint].stoppingDeceleration)
            #expect(told[place].braking == RadiansPerSecondSquared(150))
        }
        // An approval and a challenge name the envelope: one that brakes otherwise has another name.
        let softer = try configuration(
            RobotSample(
                "leg",
                limits: {
                    $0.replacing("stopping_deceleration_rad_s2: 150", with: "stopping_deceleration_rad_s2: 149")
                }))
        #expect(try softer[#require(BoardJoint(0))].braking == RadiansPerSecondSquared(149))
        #expect(softer.envelope != told.envelope)
    }

    @Test("an envelope that promises more than a board can be told has no seat")
    func impossible() throws {
        let leg = try RobotSample(
            "leg",
            limits: {
                $0.replacing("stopping_deceleration_rad_s2: 150", with: "stopping_deceleration_rad_s2: 1100")
                    .replacing("acceleration_limit_rad_s2: 600", with: "acceleration_limit_rad_s2: 1200")
            })
        #expect(throws: SeatProblem.self) { try configuration(leg) }
    }
}
