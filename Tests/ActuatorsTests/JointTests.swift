import Actuators
import Quantities
import Testing

@Suite struct JointTests {
    @Test("a set holds what was put in and nothing else")
    func sets() throws {
        let count = try #require(JointCount(16))
        var set = JointSet()
        #expect(set.isEmpty && set.first == nil)
        for position in UInt8(0)..<16 {
            let joint = try #require(JointIndex(position))
            #expect(!set.contains(joint))
            set.insert(joint)
            #expect(set.contains(joint) && set.count == Int(position) + 1)
        }
        #expect(set == JointSet(all: count))
        #expect(set.popFirst() == JointIndex(0))
        #expect(JointSet(all: count).subtracting(set) == JointSet(.first))
    }

    static let mountings = [
        JointMounting(torque: .perAmpere(NewtonMetres(0.4))),
        JointMounting(direction: .opposite, zero: Radians(3), torque: .perAmpere(NewtonMetres(1.8))),
        JointMounting(direction: .opposite, zero: Radians(-1), gear: 3, torque: .atFullDuty(NewtonMetres(2))),
    ]

    @Test("what goes into an actuator comes back out of it", arguments: mountings)
    func mounting(mounting: JointMounting?) throws {
        let mounting = try #require(mounting)
        for value in [Float(-2), 0, 0.5, 7] {
            #expect(abs(mounting.joint(mounting.actuator(Radians(value))).value - value) < 1e-5)
            let speed = mounting.joint(mounting.actuator(RadiansPerSecond(value)))
            #expect(abs(speed.value - value) < 1e-5)
            #expect(abs(mounting.effort(of: mounting.pull(for: NewtonMetres(value))).value - value) < 1e-5)
        }
    }

    @Test("power is the same on both sides of a gear")
    func power() throws {
        let mounting = try #require(
            JointMounting(direction: .opposite, zero: Radians(1), gear: 4, torque: .perAmpere(NewtonMetres(0.5))))
        let effort = mounting.effort(of: .current(Amperes(2)))
        let speed = mounting.joint(RadiansPerSecond(3))
        #expect(abs((effort * speed).value - 2 * 0.5 * 3) < 1e-5)
        #expect(mounting.joint(Radians(1)) == .zero)
    }

    @Test("a mounting that makes no sense does not exist")
    func senseless() {
        let torque = JointMounting.Torque.perAmpere(NewtonMetres(1))
        for gear in [Float(0), -1, .nan, .infinity] { #expect(JointMounting(gear: gear, torque: torque) == nil) }
        for scale in [Float(0), -1, .nan, .infinity] {
            #expect(JointMounting(torque: .atFullDuty(NewtonMetres(scale))) == nil)
        }
        #expect(JointMounting(zero: Radians(.nan), torque: torque) == nil)
    }
}
