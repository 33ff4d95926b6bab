// What a person reads about a robot file; the same three sentences as for envelopes.
private func proposal(_ nearest: String?, _ otherwise: String) -> String {
    nearest.map { "\(otherwise); perhaps \(quoted($0))" } ?? otherwise
}

extension RobotComplaint {
    /// A number that was read as a smaller kind is written as that kind.
    private func short(_ number: Double) -> String {
        let kept = Float(number)
        return Double(kept) == number ? plain(kept) : plain(number)
    }

    /// Whatever it is about is called `name`.
    func problem(_ name: String) -> String {
        switch self {
        case .expression(let problem): "\(name): \(problem.text)"
        case .empty: "\(name) is empty"
        case .notALine(let found): found == .text ? "\(name) gives nothing a name" : "\(name) is \(found.text)"
        case .markedName(let text): "\(name) gives a value to \(quoted(text)), which is no name"
        case .sameName(let text, let first): "\(quoted(text)) is given again, as in line \(first.line)"
        case .sameID(let number, let first): "\(name) is \(number) again, as in line \(first.line)"
        case .badWord(let text), .badFileName(let text): "\(name) is \(quoted(text))"
        case .unknownJoint(let text, _): "\(quoted(text)) is no joint of this robot"
        case .noneForJoint(let joint): "\(name) says nothing of the joint \(quoted(joint))"
        case .otherDriver(let driver): "\(name) is given, and the driver '\(driver.rawValue)' has nothing like it"
        case .lineTooSlow(let needed, let baud, let period):
            "\(name) is \(plain(period)) s, and at \(baud) baud a tick takes \(rounded(needed)) s on the line"
        case .oneOf(let other): "\(name) is given beside \(quoted(other))"
        case .alone(let other): "\(name) is given without \(quoted(other))"
        case .inverted(let low, let high, let other): "\(name) is \(short(low)) and \(quoted(other)) is \(short(high))"
        case .outsideOwn(let value, _, _), .notPositive(let value): "\(name) is \(plain(value))"
        case .tooMany(let count, _): "\(name) has \(count) entries"
        case .uselessIn(let step): "\(name) means nothing in the step '\(step)'"
        case .noEquation(let state): "\(name) do not say what becomes of the state \(quoted(state))"
        case .equationOfNothing(let text, _): "\(quoted(text)) is no state of this model"
        case .unmeasured(let target): "the model does not say what \(quoted(target)) would measure"
        case .notMeasured(let text, _): "\(quoted(text)) is nothing that the robot measures"
        }
    }

    var expected: String {
        switch self {
        case .expression(let problem): problem.expected
        case .empty(let row), .tooMany(_, let row): row.allowed
        case .notALine: "a line: name = expression"
        case .markedName: "a name alone before the '='; rates belong to the equations of a model"
        case .sameName: "each name once"
        case .sameID: "a number of its own for each servo"
        case .badWord: KeyRow.allowed(.word)
        case .badFileName: KeyRow.allowed(.file)
        case .unknownJoint(_, let nearest): proposal(nearest, "the name of a joint")
        case .noneForJoint: "an entry for each joint"
        case .otherDriver: "only keys of this driver"
        case .lineTooSlow(let needed, _, _): "at least \(rounded(needed)) s, or a faster line"
        case .oneOf(let other): "one of the two: this or \(quoted(other))"
        case .alone(let other): "both or neither: \(quoted(other)) belongs to it"
        case .inverted(_, _, let other): "less than \(quoted(other))"
        case .outsideOwn(_, let low, let high): "from \(plain(low)) to \(plain(high)), as its own limits say"
        case .notPositive: "more than 0"
        case .uselessIn: "only keys that this step uses"
        case .noEquation(let state): "a line \(state)' = rate, or \(state)+ = next value"
        case .equationOfNothing(_, let nearest): proposal(nearest, "the name of a state")
        case .unmeasured(let target): "a line \(target) = expression in 'measured', or a state that starts as it"
        case .notMeasured(_, let nearest):
            proposal(nearest, "position, speed or effort of a joint, or a sensor")
        }
    }

    func nextStep(_ keyName: String) -> String {
        switch self {
        case .expression, .notALine, .markedName, .equationOfNothing, .notMeasured: "correct the line"
        case .sameName, .sameID, .unknownJoint: "correct one of the two, or remove it"
        case .otherDriver, .uselessIn, .oneOf: "remove the key"
        case .noneForJoint(let joint): "add it: \(joint): { … }"
        case .alone(let other): "add \(quoted(other)), or remove this"
        case .lineTooSlow: "raise 'baud' (and set it in the servos: 'understudy servo setup'), or 'period_s'"
        case .noEquation, .unmeasured: "add the line"
        case .empty, .badWord, .badFileName, .inverted, .outsideOwn, .notPositive, .tooMany:
            "run 'understudy explain \(keyName)' and correct the value"
        }
    }
}

extension FittingComplaint {
    func problem(_ name: String) -> String {
        switch self {
        case .otherEnvelope(let asked, let found): "the envelope \(quoted(asked)) is for the robot \(quoted(found))"
        case .otherPeriod(let period, let other): "\(name) is \(plain(period)) s, and in the envelope \(plain(other)) s"
        case .outsideEnvelope(let value, _, _, let symbol): "\(name) comes to \(plain(value)) \(symbol)"
        case .notInEnvelope(let joint, _): "the envelope has no joint \(quoted(joint))"
        case .lacksJoint(let joint): "the envelope has a joint \(quoted(joint)), and this file does not"
        case .otherOrder(let joint, _): "\(name) is \(quoted(joint)) here, and the envelope has another order"
        case .otherEnvelopeDrive(let own, let other):
            "\(name) is '\(own.rawValue)', and in the envelope '\(other.rawValue)'"
        case .stopInside(let stop, _, _): "\(name) is \(plain(stop)) rad, and the envelope lets the joint go further"
        case .notInBody(let joint, let file, _): "\(quoted(file)) has no joint \(quoted(joint))"
        case .brokenBody(let file, let reason): "\(quoted(file)) cannot be used: \(shown(reason))"
        case .otherLanguage(let model, let speaks, let bus):
            "\(quoted(model)) speaks \(speaks.rawValue), and the bus speaks \(bus.rawValue)"
        }
    }

    var expected: String {
        switch self {
        case .otherEnvelope: "an envelope that names this robot"
        case .otherPeriod(_, let other): "\(plain(other)) s in both files"
        case .outsideEnvelope(_, let low, let high, let symbol):
            "from \(rounded(low)) to \(rounded(high)) \(symbol): what the envelope allows"
        case .notInEnvelope(_, let nearest): proposal(nearest, "a joint of the envelope")
        case .lacksJoint: "the same joints in both files"
        case .otherOrder(_, let wanted): "\(quoted(wanted)): the same order in both files"
        case .otherEnvelopeDrive: "the same drive in both files"
        case .stopInside(_, let low, let high): "metal outside the envelope's \(rounded(low)) to \(rounded(high)) rad"
        case .notInBody(_, _, let nearest): proposal(nearest, "a joint of the body")
        case .brokenBody: "an MJCF file that loads"
        case .otherLanguage: "servos and a driver of one language"
        }
    }

    var nextStep: String {
        switch self {
        case .otherPeriod, .notInEnvelope, .lacksJoint, .otherOrder, .otherEnvelopeDrive, .outsideEnvelope, .stopInside:
            "run 'understudy explain envelope NAME' and correct one of the two files"
        case .otherEnvelope: "correct 'robot' in the envelope, or 'envelope' here"
        case .notInBody, .brokenBody: "correct the body, or the key"
        case .otherLanguage: "correct 'model', or 'driver' of the bus"
        }
    }
}
