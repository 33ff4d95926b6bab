import Foundation
import Quantities
import Simulator
import Testing

/// Where bodies come from, and how long they are driven.
enum Workshop {
    /// Of a file of this repository, by its path from the top.
    static func text(_ path: String) throws -> String {
        let top = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        return try String(contentsOf: top.appending(path: path), encoding: .utf8)
    }

    static func pendulum(_ metal: ServoMetal = ServoProduct.xl330M288.metal) throws -> BodySettings {
        BodySettings(
            mjcf: try text("Calibration/pendulum/body.xml"), joints: [BodyJoint("swing", metal)],
            supply: SupplySettings(voltage: Volts(5)))
    }

    static func reacher(_ metal: ServoMetal = ServoProduct.sts3215For12V.metal) throws -> BodySettings {
        BodySettings(
            mjcf: try text("Calibration/reacher/body.xml"),
            joints: ["base", "shoulder", "elbow"].map { BodyJoint($0, metal) },
            supply: SupplySettings(voltage: Volts(12)))
    }

    static func leg(_ metal: ServoMetal = ServoProduct.legMotor.metal) throws -> BodySettings {
        BodySettings(
            mjcf: try text("Calibration/leg/body.xml"), joints: ["hip", "knee"].map { BodyJoint($0, metal) },
            supply: SupplySettings(voltage: Volts(24), resistance: Ohms(0.02)))
    }

    /// A servo on a wheel: an axis without gravity, with this inertia on it.
    static func wheel(_ metal: ServoMetal, inertia: Double = 0.001, volts: Float = 5, drag: Double = 0) -> BodySettings
    {
        BodySettings(
            mjcf: """
                <mujoco><compiler angle="radian"/><option gravity="0 0 0"/><size njmax="8" nconmax="2" nstack="4096"/>
                <worldbody><body name="wheel"><joint name="axis" type="hinge" axis="0 0 1" damping="\(drag)"/>
                <inertial pos="0 0 0" mass="0.1" diaginertia="\(inertia) \(inertia) \(inertia)"/></body></worldbody></mujoco>
                """,
            joints: [BodyJoint("axis", metal)], supply: SupplySettings(voltage: Volts(volts), resistance: Ohms(0)))
    }

    /// A pendulum of MuJoCo's alone, for which there are closed forms.
    static func swing(mass: Double, length: Double) -> BodySettings {
        BodySettings(
            mjcf: """
                <mujoco><compiler angle="radian"/><worldbody><body name="bob">
                <joint name="axis" type="hinge" axis="0 1 0"/>
                <inertial pos="0 0 \(-length)" mass="\(mass)" diaginertia="1e-9 1e-9 1e-9"/>
                </body></worldbody></mujoco>
                """,
            joints: [BodyJoint("axis", .ideal)], supply: SupplySettings(voltage: Volts(12)))
    }
}

extension ServoMetal {
    /// Without friction, backlash, losses in the gear, noise and wear; everything else is as in an XL330.
    static var ideal: ServoMetal {
        var metal = ServoProduct.xl330M288.metal
        for parameter: MetalParameter in [
            .coulombFriction, .stribeckFriction, .viscousFriction, .motorLoadFriction, .outputLoadFriction, .backlash,
            .gearDamping, .encoderNoise, .speedNoise, .currentNoise, .encoderDelay, .speedFilter, .frictionWear,
            .backlashWear, .windingTemperatureCoefficient, .magnetTemperatureCoefficient,
        ] { metal[parameter] = 0 }
        return metal
    }

    func with(_ changes: [MetalParameter: Float]) -> ServoMetal {
        var metal = self
        for (parameter, value) in changes { metal[parameter] = value }
        return metal
    }
}

extension RobotBody {
    /// Every servo driven the same.
    mutating func run(_ drive: MotorDrive, seconds: Double) {
        let drives = [MotorDrive](repeating: drive, count: jointCount)
        for _ in 0..<Int((seconds * 1_000).rounded()) { advance(by: Seconds(0.001), drives: drives.span) }
    }
}
