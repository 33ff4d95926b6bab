import Quantities
import Testing

@testable import Simulator
import Simulator

@Suite("a robot body keeps its energy")
struct EnergyTests {
    @Test("scratch")
    func scratch() throws {
        for (settings, seconds) in [(try Workshop.pendulum(.ideal), 60.0), (try Workshop.reacher(.ideal), 10)] {
            var settings = settings
            for joint in settings.joints.indices { settings.joints[joint].start = Radians(1) }
            var body = try RobotBody(settings)
            let start = body.energy()
            print(start)
            let clock = ContinuousClock()
            for _ in 0..<6 {
                let time = clock.measure { body.run(.off, seconds: seconds / 6) }
                let e = body.energy()
                print(time, e, e.total.value - start.total.value, body.metal(of: 0).output, body.end as Any)
            }
        }
        var body = try RobotBody(try Workshop.leg())
        for _ in 0..<10 {
            body.run(.off, seconds: 0.1)
            print(body.motion(ofJoint: "boom") as Any, body.motion(ofJoint: "hip") as Any, body.motion(ofJoint: "knee") as Any,  body.contacts(), body.end as Any)
        }
    }
}
