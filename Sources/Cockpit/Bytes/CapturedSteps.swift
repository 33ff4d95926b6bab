import Actuators
import Ports
import Quantities
import Recordings

/// One step of what a recording keeps of a line.
enum CapturedStep: Equatable, Sendable {
    case clock(MonotonicInstant)
    case wrote([UInt8], PortError?)
    case read([UInt8], PortError?)
    case discarded(Int, PortError?)
    case slept(PortError?)
}

/// The text that `TapeReader` writes, read again.
struct CapturedSteps {
    let steps: [CapturedStep]

    /// Nil for a text that is none of those.
    init?(_ text: String) {
        var steps: [CapturedStep] = []
        var clock: Int64 = 0
        for word in text.utf8.split(separator: UInt8(ascii: " ")) {
            guard let step = Self.step(word, &clock) else { return nil }
            steps.append(step)
        }
        self.steps = steps
    }

    private static func step(_ word: Substring.UTF8View, _ clock: inout Int64) -> CapturedStep? {
        guard let mark = word.first else { return nil }
        let parts = word.dropFirst().split(separator: UInt8(ascii: "!"), omittingEmptySubsequences: false)
        guard parts.count <= 2, let body = parts.first, let error = Self.error(parts.dropFirst().first) else {
            return nil
        }
        switch mark {
        case UInt8(ascii: "@"):
            guard let now = number(body) else { return nil }
            clock = now
            return .clock(MonotonicInstant(nanoseconds: now))
        case UInt8(ascii: "+"):
            guard let span = number(body) else { return nil }
            clock &+= span
            return .clock(MonotonicInstant(nanoseconds: clock))
        case UInt8(ascii: ">"): return bytes(body).map { .wrote($0, error.error) }
        case UInt8(ascii: "<"): return bytes(body).map { .read($0, error.error) }
        case UInt8(ascii: "?"): return number(body).map { .discarded(Int(clamping: $0), error.error) }
        case UInt8(ascii: "~"): return body.isEmpty ? .slept(error.error) : nil
        default: return nil
        }
    }

    private static func number(_ digits: Substring.UTF8View) -> Int64? { Int64(Substring(digits)) }

    private static func bytes(_ digits: Substring.UTF8View) -> [UInt8]? {
        guard digits.count % 2 == 0 else { return nil }
        var (bytes, high) = ([UInt8](), UInt8?.none)
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue.map({ UInt8($0) }) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    /// Nil for what is no error; one without an error for no text.
    private static func error(_ text: Substring.UTF8View?) -> (error: PortError?, Void)? {
        guard let text else { return (nil, ()) }
        guard let letter = text.first, let count = number(text.dropFirst()).map({ Int(clamping: $0) }) else {
            return nil
        }
        switch letter {
        case UInt8(ascii: "t"): return (.timedOut(transferred: count), ())
        case UInt8(ascii: "h"): return (.hungUp(transferred: count), ())
        case UInt8(ascii: "x"): return (.missing, ())
        default: return nil
        }
    }
}

extension BusRecord {
    /// Nil for a text that is none, or for a goal that is no number where the bus was told one.
    var jointGoals: PerJoint<JointGoal>? {
        var made = PerJoint<JointGoal>(repeating: .effort(.zero))
        for (place, word) in goals.split(separator: " ").enumerated() {
            guard let joint = JointIndex(UInt8(clamping: place)), let value = Float(word.dropFirst()) else {
                return nil
            }
            switch word.first {
            case "p": made[joint] = .position(Radians(value))
            case "s": made[joint] = .speed(RadiansPerSecond(value))
            case "e": made[joint] = .effort(NewtonMetres(value))
            default: return nil
            }
        }
        return made
    }
}
