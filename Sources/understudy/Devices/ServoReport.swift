import Actuators
import Ports
import Robots

/// What was done with one servo, for people and for programs. Lines of text and members of JSON say the same.
struct ServoReport {
    var lines: [String] = []
    var members: [(key: String, value: JSONText)] = []

    mutating func say(_ line: String) { lines.append(line) }

    mutating func add(_ key: String, _ value: JSONText) { members.append((key, value)) }

    func output(asJSON: Bool) -> String {
        asJSON ? "\(JSONText.object(members))\n" : lines.map { "\($0)\n" }.joined()
    }
}

/// The words for one family's numbers.
struct RegisterWords {
    let facts: FamilyFacts
    /// nil while nobody was asked.
    let model: UInt32?

    /// The number and, where that is known, what it stands for.
    func value(_ number: Int64, _ register: BenchRegister) -> String {
        facts.meaning(number, register, model).map { "\(number) (\($0.text))" } ?? "\(number)"
    }

    func json(_ number: Int64, _ register: BenchRegister) -> JSONText {
        .object([
            ("register", .text(register.name)), ("address", .integer(Int(register.address))),
            ("raw", .integer(Int(number))), ("meaning", facts.meaning(number, register, model)?.json ?? .null),
        ])
    }

    /// What a step asks for.
    func text(_ step: BenchStep) -> String {
        switch step.act {
        case .reboot: "start servo \(step.id) again"
        case .write(let number, let register):
            "write \(value(number, register)) to \(register.name), register \(register.address) of servo \(step.id)"
        }
    }

    func json(_ step: BenchStep) -> JSONText {
        .object([
            ("servo", .integer(Int(step.id))), ("bytes", .text(hexadecimal(step.bytes))),
            ("meaning", .text(text(step))),
        ])
    }
}

extension WriteObjection {
    /// Why it is not done, and what would do it.
    func refusal(of what: String, servo id: UInt8) -> Outcome.Refusal {
        let next: String
        let text: String
        switch self {
        case .readOnly: (text, next) = ("can only be read", "leave out the value: read")
        case .outOfRange(let range):
            (text, next) = ("takes \(range.lowerBound) to \(range.upperBound)", "give a value inside that")
        case .hasItsOwnVerb:
            (text, next) = ("has a word of its own that looks first whether it is safe", "use set-id or set-baud")
        case .never: (text, next) = ("takes 0 and 1 here and nothing else", "use 0 or 1")
        case .isDriven:
            (text, next) = (
                "stays closed while the motor of servo \(id) is driven, and then it would move",
                "write 0 to torqueEnable first; what the joint holds up falls"
            )
        case .moves(let motion):
            (text, next) = (motion.text, "clear the robot's surroundings and say --may-move")
        }
        let status: ExitStatus =
            switch self {
            case .readOnly, .outOfRange, .hasItsOwnVerb, .never: .usage
            case .isDriven, .moves: .refused
            }
        return Outcome.Refusal(status: status, text: "\(what) \(text)", next: next)
    }
}

extension WriteObjection.Motion {
    fileprivate var text: String {
        switch self {
        case .switchesOn: "would switch the motor on, and it can move"
        case .isGoal: "is a goal: the joint can move there at once"
        case .whileDriven: "would change how the motor is driven, while it is driven"
        case .afterStart: "would let the motor be switched on when the servo starts"
        case .letsGo: "would let the joint go while it is driven: what it holds up falls"
        }
    }
}

extension BenchFailure {
    /// As the end of a sentence that begins with the servo.
    func refusal(of servo: String, _ facts: FamilyFacts, at address: DeviceAddress) -> Outcome.Refusal {
        switch self {
        case .port(let error): .port(address, error)
        case .silent:
            Outcome.Refusal(
                status: .deviceFault, text: "\(servo) does not answer",
                next: "look for it: understudy scan --port \(shown(address.description))")
        case .garbled:
            Outcome.Refusal(
                status: .deviceFault,
                text: "\(servo) answers, and never intact: two servos with this number, or a bad wire",
                next: "leave one servo plugged in and try again")
        case .refused(let code):
            Outcome.Refusal(
                status: .deviceFault,
                text: "\(servo) refused: \(facts.refusalName(code) ?? "a reason without a name") (\(code))",
                next: "read its registers: the value may be outside of a limit that is set in the servo")
        case .unrepresentable:
            Outcome.Refusal(
                status: .usage, text: "\(servo) has no number for that", next: "read the register to see what it holds")
        }
    }
}
