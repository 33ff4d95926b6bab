import Ports
import Quantities
import Simulator
import VirtualRobot

/// A virtual robot as a person sees it: the body from the side, its joints in numbers, what is wrong with it.
struct RobotPicture {
    let snapshot: RobotSnapshot
    /// The last line but one: what is being typed, or what the last command came to.
    var message = ""
    var style = Style.plain

    static let keys = "space e-stop   d dead-man   f fault   m mend all   q quit"

    /// Exactly as many lines as fit, none longer than fits; the drawing gets what the words leave.
    func lines(in size: Console.Size) -> [String] {
        let words = table + [faults(width: size.columns), fitted(message, size.columns), style.faint(Self.keys)]
        let drawn = size.rows - 1 - words.count
        let picture = drawn >= 3 ? drawing(columns: size.columns, rows: drawn) : []
        let shown = [head] + picture + words
        return Array(shown.suffix(max(size.rows, 1)))
    }

    /// For an output that is no terminal: everything in one line.
    var line: String {
        let joints = snapshot.states.enumerated().map { number, state in
            "\(number + 1): \(Self.degrees(state.position)) \(Self.speed(state.speed)) \(Self.current(state.current)) "
                + Self.temperature(state.temperature)
        }
        let faults = snapshot.faults.map(\.shortText).joined(separator: ", ")
        return ([Self.seconds(snapshot.instant)] + joints + (faults.isEmpty ? [] : [faults])).joined(separator: "  ")
    }

    private var head: String {
        let stop = snapshot.isEmergencyStopped ? style.red("E-STOP PRESSED") : "e-stop released"
        let held = snapshot.isDeadManHeld ? "dead-man held" : style.red("DEAD-MAN RELEASED")
        let plug = snapshot.isPlugged ? "" : "   " + style.red("UNPLUGGED")
        return "\(style.bold("t = \(Self.seconds(snapshot.instant))"))   \(stop)   \(held)\(plug)"
    }

    private var table: [String] {
        let head = style.faint("joint   position        speed     current       temp   drive")
        return [head] + snapshot.states.indices.map(row)
    }

    private func row(_ joint: Int) -> String {
        let state = snapshot.states[joint]
        let drive = joint < snapshot.drives.count ? Self.text(snapshot.drives[joint]) : ""
        let cells = [
            (Self.degrees(state.position), 11), (Self.speed(state.speed), 13), (Self.current(state.current), 12),
            (Self.temperature(state.temperature), 11),
        ]
        let numbers = cells.map { Self.leading($0.0, $0.1) }.joined()
        return style.paint(Self.leading("\(joint + 1)", 5), as: joint) + numbers + "   " + drive
    }

    private func faults(width: Int) -> String {
        guard !snapshot.faults.isEmpty else { return "faults: none" }
        return style.yellow(fitted("faults: " + snapshot.faults.map(\.shortText).joined(separator: ", "), width))
    }

    private func fitted(_ text: String, _ width: Int) -> String {
        text.count <= width ? text : String(text.prefix(max(width - 1, 0))) + "…"
    }

    private func drawing(columns: Int, rows: Int) -> [String] {
        snapshot.outline.lines(columns: columns, rows: rows, style)
    }
}

extension BodyOutline {
    /// The body from the side, as large as fits.
    func lines(columns: Int, rows: Int, _ style: Style) -> [String] {
        var canvas = BrailleCanvas(columns: columns, rows: rows)
        let (across, up) = (max(high.x - low.x, 1e-6), max(high.z - low.z, 1e-6))
        let scale = min(Float(canvas.width - 3) / across, Float(canvas.height - 3) / up)
        let left = (Float(canvas.width) - across * scale) / 2
        let bottom = (Float(canvas.height) + up * scale) / 2
        func place(_ point: BodyOutline.Point) -> (x: Int, y: Int)? {
            let (x, y) = (left + (point.x - low.x) * scale, bottom - (point.z - low.z) * scale)
            guard x.magnitude < 1e6, y.magnitude < 1e6 else { return nil }
            return (Int(x.rounded()), Int(y.rounded()))
        }
        for segment in segments {
            guard let from = place(segment.from), let to = place(segment.to) else { continue }
            canvas.line(from: from, to: to, of: segment.joint)
            if segment.joint != nil { canvas.ring(x: from.x, y: from.y, of: segment.joint) }
        }
        return canvas.lines(style)
    }
}

// Numbers for people: as many places as an eye follows.
extension RobotPicture {
    private static func leading(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func seconds(_ instant: BusInstant) -> String {
        let milliseconds = instant.nanoseconds / 1_000_000
        let rest = "\(milliseconds % 1_000)"
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest + " s"
    }

    private static func degrees(_ angle: Radians) -> String { fixed(angle.value * 180 / .pi, 1) + "°" }
    private static func speed(_ speed: RadiansPerSecond) -> String { fixed(speed.value, 2) + " rad/s" }
    private static func current(_ current: Amperes) -> String { fixed(current.value, 3) + " A" }
    private static func temperature(_ temperature: Celsius) -> String { fixed(temperature.value, 1) + " °C" }

    private static func text(_ drive: MotorDrive) -> String {
        switch drive {
        case .off: "off"
        case .current(let current): "current \(fixed(current.value, 3)) A"
        case .duty(let duty): "duty \(fixed(duty.value * 100, 0)) %"
        }
    }

    /// So many places behind the point.
    private static func fixed(_ number: Float, _ places: Int) -> String {
        guard number.isFinite, number.magnitude < 1e9 else { return "?" }
        let scale = [1, 10, 100, 1_000][places]
        let whole = Int((Double(number) * Double(scale)).rounded())
        let (front, back) = (whole.magnitude / UInt(scale), "\(whole.magnitude % UInt(scale))")
        let sign = whole < 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(front)" }
        return "\(sign)\(front)." + String(repeating: "0", count: places - back.count) + back
    }
}
