import Foundation
import Quantities
import Testing

@testable import Simulator
import Simulator

@Suite("what is no body says why")
struct BodyErrorTests {
    private func error(_ change: (inout BodySettings) -> Void) throws -> BodyError? {
        var settings = try Workshop.reacher()
        change(&settings)
        do throws(BodyError) {
            _ = try RobotBody(settings)
            return nil
        } catch { return error }
    }

    @Test(
        "text that MuJoCo does not take comes back with its words and the line",
        arguments: [
            ("", nil, "size"), ("no XML at all", 1, "XML"),
            ("<mujoco>\n<worldbody>\n<bodi/>\n</worldbody></mujoco>", 3, "bodi"),
            ("<mujoco>\n<worldbody>\n<body>\n<joint type=\"wheel\"/></body></worldbody></mujoco>", 4, "wheel"),
            ("<mujoco>\n<worldbody><body>\n<joint/>\n</body></worldbody></mujoco>", 2, "mass"),
            ("<mujoco><include file=\"nowhere.xml\"/></mujoco>", 1, "nowhere.xml"),
            ("<mujoco>\n<worldbody>\n<body><joint/><geom size=\"nan\"/></body></worldbody></mujoco>", 3, "mass"),
        ] as [(String, Int?, String)])
    func badText(mjcf: String, line: Int?, word: String) throws {
        guard case .notLoaded(let text, let found) = try error({ $0.mjcf = mjcf }) else {
            Issue.record("it was taken")
            return
        }
        #expect(!text.isEmpty && text.contains(word))
        if let line { #expect(found == line, "\(text)") }
    }

    @Test("no byte of a body's text ends the process", arguments: [1, 2, 3] as [UInt64])
    func anyBytes(seed: UInt64) throws {
        let chance = Chance(seed: seed)
        let good = Array(try Workshop.text("Calibration/pendulum/body.xml").utf8)
        // The remarks at the head would take most of the blows.
        let start = try #require(String(decoding: good, as: UTF8.self).utf8.firstRange(of: "<mujoco".utf8))
        let head = String(decoding: good, as: UTF8.self).utf8.distance(
            from: String(decoding: good, as: UTF8.self).utf8.startIndex, to: start.lowerBound)
        var refused = 0
        for round in 0..<60 as Range<UInt64> {
            var bytes = Array(good[head...])
            for blow in 0..<3 as Range<UInt64> {
                let bits = chance.bits(round * 3 + blow)
                bytes[Int(bits % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: bits >> 40)
            }
            var settings = try Workshop.pendulum()
            settings.mjcf = String(decoding: bytes, as: UTF8.self)
            do throws(BodyError) {
                var body = try RobotBody(settings)
                body.run(.duty(Duty(0.2)), seconds: 0.02)
            } catch { refused += 1 }
        }
        #expect(refused > 10)
    }

    @Test("a body and joints that disagree say which")
    func joints() throws {
        let names = ["base", "shoulder", "elbow"]
        #expect(try error { $0.joints[1].name = "sholder" } == .noSuchJoint("sholder", known: names))
        #expect(try error { $0.joints[1].name = "" } == .noSuchJoint("", known: names))
        #expect(try error { $0.joints[1].name = "base" } == .twice("base"))
        let slide = try error {
            $0.mjcf = $0.mjcf.replacing("<joint name=\"base\"", with: "<joint name=\"base\" type=\"slide\"")
        }
        #expect(slide == .notAHinge("base"))
        let ball = try error {
            $0.mjcf = $0.mjcf.replacing(
                "<joint name=\"base\" axis=\"0 0 1\" range=\"-2 2\"/>", with: "<joint name=\"base\" type=\"ball\"/>")
        }
        #expect(ball == .neitherHingeNorSlide(joint: 0))
        let driven = try error {
            $0.mjcf = $0.mjcf.replacing("</mujoco>", with: "<actuator><motor joint=\"base\"/></actuator></mujoco>")
        }
        #expect(driven == .hasActuators(1))
        let chain = (0..<25).reduce("<geom size=\"1\"/>") { inner, _ in
            "<body pos=\"0 0 3\"><joint/><geom size=\"1\"/>\(inner)</body>"
        }
        let long = try error { $0.mjcf = "<mujoco><worldbody>\(chain)</worldbody></mujoco>" }
        #expect(long == .tooManyJoints(25, most: 24))
    }

    @Test("a number that cannot be says which")
    func numbers() throws {
        #expect(try error { $0.supply.voltage = Volts(.nan) } == .notANumber(.supplyVoltage))
        #expect(try error { $0.supply.resistance = Ohms(-1) } == .notANumber(.supplyResistance))
        #expect(try error { $0.supply.ambient = Celsius(.infinity) } == .notANumber(.ambient))
        #expect(try error { $0.spread = -1 } == .notANumber(.spread))
        #expect(try error { $0.joints[2].start = Radians(.nan) } == .notANumber(.start(joint: "elbow")))
        let push = Push(on: "plate", from: Seconds(0), for: Seconds(1), force: SIMD3(0, .nan, 0))
        #expect(try error { $0.pushes = [push] } == .notANumber(.push(0)))
        var lost = push
        lost.body = "plates"
        lost.force = .zero
        let known = ["plate", "upper", "elbow_servo", "lower"]
        #expect(try error { $0.pushes = [lost] } == .noSuchBody("plates", known: known))
    }

    @Test("a parameter out of its range says which", arguments: MetalParameter.allCases)
    func ranges(parameter: MetalParameter) throws {
        for value in [parameter.range.lowerBound - 1, parameter.range.upperBound * 1.01 + 0.01, .infinity] {
            let found = try error { $0.joints[1].metal[parameter] = value }
            #expect(found == .outOfRange(joint: "shoulder", parameter, value: value))
        }
        #expect(try error { $0.joints[1].metal[parameter] = .nan } != nil)
    }

    @Test("a gear that is too stiff for its rotor is refused")
    func stiff() throws {
        let found = try error { $0.joints[2].metal = .ideal.with([.gearStiffness: 2_000, .rotorInertia: 1e-6]) }
        #expect(found == .gearTooStiff(joint: "elbow"))
    }

    @Test("an error of MuJoCo in the middle of its work is a value, and the next body is none the worse")
    func failing() throws {
        let found = try error { $0.mjcf = $0.mjcf.replacing("nstack=\"32768\"", with: "nstack=\"10\"") }
        guard case .notLoaded(let text, _) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(text.contains("Stack overflow"))
        #expect(try error { _ in } == nil)
    }
}
