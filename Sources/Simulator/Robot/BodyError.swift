/// Why there is no body.
public enum BodyError: Error, Equatable, Sendable {
    /// MuJoCo's own words, and the line of the MJCF when it names one.
    case notLoaded(text: String, line: Int?)
    /// MuJoCo stopped in the middle of its work.
    case failed(text: String)
    /// Only hinges and slides can be stepped here; the index is that of the joint in the MJCF.
    case neitherHingeNorSlide(joint: Int)
    /// The MJCF has actuators of its own.
    case hasActuators(Int)
    /// The MJCF has more joints than a body may have.
    case tooManyJoints(Int, most: Int)
    /// The joint of this place in the settings is not in the MJCF, which has these.
    case noSuchJoint(String, known: [String])
    /// A servo on a joint that slides.
    case notAHinge(String)
    /// Two servos on one joint.
    case twice(String)
    case noSuchBody(String, known: [String])
    /// The joint of this name has a parameter that is out of its range.
    case outOfRange(joint: String, MetalParameter, value: Float)
    /// Voltage, resistance, ambient, spread, gear, start or push that is no number, or below zero where that cannot be.
    case notANumber(BodySetting)
    /// So stiff a gear on so light a link swings faster than the smallest step of the body can follow.
    case gearTooStiff(joint: String)
}

/// The settings that are not of one servo's metal.
public enum BodySetting: Equatable, Sendable {
    case supplyVoltage
    case supplyResistance
    case ambient
    case spread
    case gear(joint: String)
    case start(joint: String)
    case push(Int)
}
