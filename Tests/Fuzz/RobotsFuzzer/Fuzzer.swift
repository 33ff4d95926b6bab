import FuzzDriver
import Robots

// Any bytes are a value or one error inside the text; a value written out is read as the same value.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = unsafe input(start, count)
    do throws(JSON5Error) {
        let value = try JSON5.parse(bytes)
        expectRoundTrip(value)
    } catch {
        expect(isInside(error.position, bytes), "\(error.position) is no place of the text")
        expect(!error.problem.text.isEmpty, "an error without words")
    }
    expectEnvelope(bytes)
    expectRobot(bytes)
    return 0
}

func expectRoundTrip(_ value: JSON5Value) {
    let written = spelled(value)
    guard written.utf8.count <= JSON5.sizeLimit else { return }
    do throws(JSON5Error) {
        let again = spelled(try JSON5.parse(Array(written.utf8)))
        expect(again == written, "\(written) is read as \(again)")
    } catch {
        expect(false, "\(written) cannot be read: \(error.problem.text)")
    }
}

/// Any bytes are an envelope or a list of problems inside the text that a person can read.
func expectEnvelope(_ bytes: [UInt8]) {
    do throws(FileProblems) {
        let file = try EnvelopeFile(parsing: bytes)
        expect(!file.joints.isEmpty, "an envelope of no joints")
    } catch {
        expect(!error.all.isEmpty, "refused without a problem")
        for problem in error.all {
            expect(isInside(problem.position, bytes), "\(problem.position) is no place of the text")
            expect(!problem.problem.isEmpty, "a problem without words")
        }
    }
}

/// Any bytes are a robot or a list of problems inside the text that a person can read; a robot that fits no envelope is
/// told so at places of its own text.
func expectRobot(_ bytes: [UInt8]) {
    do throws(FileProblems) {
        let file = try RobotFile(parsing: bytes)
        expect(!file.joints.isEmpty && file.task.commands.count == file.joints.count, "a joint without a command")
        expect(file.starts.count == file.joints.count && !file.models.isEmpty, "a robot without a start or a model")
        if let envelope = anEnvelope { _ = try Robot(file, within: envelope) }
    } catch {
        expect(!error.all.isEmpty, "refused without a problem")
        for problem in error.all {
            expect(isInside(problem.position, bytes), "\(problem.position) is no place of the text")
            let words = [problem.problem, problem.expected, problem.nextStep]
            expect(words.allSatisfy { !$0.isEmpty }, "a problem without words: \(problem)")
        }
    }
}

/// One that a robot might fit by chance: the smallest that is valid.
private let anEnvelope = try? EnvelopeFile(parsing: Array(smallEnvelope.utf8))

private let smallEnvelope = """
    { format: 1, robot: "arm", period_s: 0.01, deadline_s: 0.02, reaction_s: 0.03, horizon_s: 20, power_limit_w: 5,
    energy_burst_j: 2, energy_sustained_w: 1, command_step_ranges: 0.1, command_burst_ranges: 1,
    command_sustained_ranges_s: 3, tube_hysteresis_rad: 0.02, park_speed_rad_s: 0.5,
    every_joint: { drive: "position", position_low_rad: -1.5, position_high_rad: 2.5, softening_rad: 0.25,
    command_lead_rad: 0.2, tracking_limit_rad: 0.4, jump_allowance_rad: 0.03, park_position_rad: 0.5,
    park_tolerance_rad: 0.05, speed_limit_rad_s: 3, overspeed_rad_s: 4, acceleration_limit_rad_s2: 20,
    stopping_deceleration_rad_s2: 10, rest_speed_rad_s: 0.06, effort_limit_nm: 1, over_effort_nm: 1.6,
    effort_slew_nm_s: 30, voltage_low_v: 11, voltage_high_v: 12.5, motion_age_s: 0.035, temperature_age_s: 2,
    voltage_age_s: 3, temperature_limit_c: 55, winding_resistance_ohm: 4.4, winding_capacity_j_k: 5,
    housing_capacity_j_k: 45, winding_to_housing_k_w: 6, housing_to_ambient_k_w: 12, ambient_c: 35,
    winding_limit_c: 90, least_time_left_s: 8 }, joints: [{ name: "hip" }, { name: "knee" }] }
    """

/// A line has at most as many columns as the text has bytes, and one behind the last; the same holds for the lines.
func isInside(_ position: TextPosition, _ bytes: [UInt8]) -> Bool {
    (1...bytes.count + 1).contains(position.line) && (1...bytes.count + 1).contains(position.column)
}

func spelled(_ value: JSON5Value) -> String {
    switch value.content {
    case .null: "null"
    case .boolean(let truth): "\(truth)"
    case .number(let number): spelled(number)
    case .text(let text): quoted(text)
    case .list(let elements): "[" + elements.map(spelled).joined(separator: ",") + "]"
    case .object(let members):
        "{" + members.map { quoted($0.key) + ":" + spelled($0.value) }.joined(separator: ",") + "}"
    }
}

func spelled(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return "\(number)"
}

/// Every UTF-16 unit as an escape, so that nothing depends on which characters a text may hold as they are.
func quoted(_ text: String) -> String {
    "\"" + text.utf16.map { "\\u" + String(0x1_0000 + Int($0), radix: 16).dropFirst() }.joined() + "\""
}
