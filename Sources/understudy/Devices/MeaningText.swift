import Actuators
import Ports
import Quantities
import Robots

// What numbers in registers stand for, in words.

extension RegisterMeaning {
    var text: String {
        switch self {
        case .angle(let angle): "\(rounded(angle.value * 180 / .pi))°"
        case .speed(let speed): "\(rounded(speed.value)) rad/s"
        case .acceleration(let acceleration): "\(rounded(acceleration.value)) rad/s²"
        case .current(let current): "\(rounded(current.value)) A"
        case .torque(let torque): "\(rounded(torque.value)) N·m"
        case .duty(let duty): "\(rounded(duty.value * 100)) %"
        case .voltage(let voltage): "\(rounded(voltage.value)) V"
        case .temperature(let temperature): "\(rounded(temperature.value)) °C"
        case .time(let time): time.value < 0.001 ? "\(rounded(time.value * 1e6)) µs" : "\(rounded(time.value)) s"
        case .rate(let rate): "\(rate)"
        case .flag(let isSet): isSet ? "yes" : "no"
        case .word(let word): word
        case .alarms(let names): names.isEmpty ? "none" : names.joined(separator: ", ")
        }
    }

    /// The value and its unit, for programs.
    var json: JSONText {
        func number(_ value: Float, _ unit: String) -> JSONText {
            .object([("value", .number(value)), ("unit", .text(unit))])
        }
        return switch self {
        case .angle(let angle): number(angle.value, "rad")
        case .speed(let speed): number(speed.value, "rad/s")
        case .acceleration(let acceleration): number(acceleration.value, "rad/s²")
        case .current(let current): number(current.value, "A")
        case .torque(let torque): number(torque.value, "N·m")
        case .duty(let duty): number(duty.value, "1")
        case .voltage(let voltage): number(voltage.value, "V")
        case .temperature(let temperature): number(temperature.value, "°C")
        case .time(let time): number(time.value, "s")
        case .rate(let rate): .object([("value", .integer(Int(rate.bitsPerSecond))), ("unit", .text("baud"))])
        case .flag(let isSet): .boolean(isSet)
        case .word(let word): .text(word)
        case .alarms(let names): .texts(names)
        }
    }
}

/// Bytes as people write them.
func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
}

extension Duration {
    /// As long as people care: µs, ms or s.
    var text: String {
        let (seconds, attoseconds) = components
        let whole = Float(seconds) + Float(attoseconds) * 1e-18
        return whole < 0.001
            ? "\(rounded(whole * 1e6)) µs" : whole < 1 ? "\(rounded(whole * 1e3)) ms" : "\(rounded(whole)) s"
    }
}
