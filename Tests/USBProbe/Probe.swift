import Glibc
import Ports

/// Talks with a test, line by line, about ports of the machine that it sees. It runs where that machine is emulated.
@main struct Probe: ~Copyable {
    var link: USBLink?
    var watch: USBWatch?
    var deadMan: DeadMan?
    var port: SerialPort?
    var board: BoardProbe?
    /// The start of the made-up time in which the dead-man switch is judged.
    let start = MonotonicInstant.now()

    static func main() {
        var probe = Probe()
        while let line = readLine() {
            let words = line.split(separator: " ").map { String($0) }
            var answer: String
            do throws(PortError) {
                answer = try probe.answer(to: words)
            } catch {
                answer = "error \(error)"
            }
            answer += "\n"
            let bytes = Array(answer.utf8)
            // SAFETY: the bytes are only read.
            _ = unsafe Glibc.write(1, bytes, bytes.count)
        }
    }

    mutating func answer(to words: [String]) throws(PortError) -> String {
        let words = words + ["", "", "", ""]
        switch words[0] {
        case "devices": return USBDevices.all().map(Self.text).joined(separator: "; ")
        case "ports": return try SerialPorts.all().map(Self.text).joined(separator: "; ")
        case "serial": return try open(serial: words[1], baud: words[2])
        case "pedal": return try openPedal(words)
        case "held": return answerPedal(words)
        case "watch", "next": return try answerWatch(words)
        case "open":
            link = nil
            link = try USBLink(Self.identity(words[1]))
            return Self.place(link?.device) + (link?.hasEvents == true ? " events" : "")
        case "board":
            board = nil
            board = try BoardProbe(words)
            return "board"
        case _ where words[0].hasPrefix("board-"): return board?.answer(to: words) ?? "no board"
        case "close":
            // What belongs to the process is freed here, not at its end.
            link = nil
            port = nil
            deadMan = nil
            board = nil
            return "closed"
        default: return try port == nil ? answerLink(words) : answerPort(words)
        }
    }

    static func identity(_ text: String) throws(PortError) -> USBIdentity {
        guard let identity = USBIdentity(text) else { throw .missing }
        return identity
    }

    static func place(_ device: USBDeviceInfo?) -> String { device.map { "\($0.socket) \($0.address)" } ?? "nothing" }

    static func text(_ device: USBDeviceInfo) -> String {
        let permission = (device.permission.canRead ? "r" : "-") + (device.permission.canWrite ? "w" : "-")
        return "\(device.identity) \(device.usb.maker ?? "-") \(device.usb.model ?? "-") \(place(device)) \(permission)"
    }

    static func text(_ port: SerialPortInfo) -> String {
        "\(port.path) \(port.identity.map { "\($0)" } ?? "-") \(port.usb?.model ?? "-")"
    }

    static func deadline(_ milliseconds: String) -> MonotonicInstant {
        Int(milliseconds).map { .now() + .milliseconds($0) } ?? .past
    }

    // MARK: Switches and plugs

    private mutating func openPedal(_ words: [String]) throws(PortError) -> String {
        let settings = DeadMan.Settings(
            try Self.identity(words[1]), byte: UInt8(words[2]) ?? 0, bit: UInt8(words[3]) ?? 0,
            longestSilence: .milliseconds(200))
        guard let settings else { throw .unsuitable }
        deadMan = nil
        deadMan = try DeadMan(settings)
        return deadMan?.repeatsReports == true ? "repeats" : "does not repeat"
    }

    private mutating func answerPedal(_ words: [String]) -> String {
        guard let state = deadMan?.state(at: start + .milliseconds(Int(words[1]) ?? 0)) else { return "no pedal" }
        switch state {
        case .held: return "held"
        case .released(let reason): return "\(reason)"
        }
    }

    private mutating func answerWatch(_ words: [String]) throws(PortError) -> String {
        if words[0] == "watch" {
            watch = nil
            watch = try USBWatch(Self.identity(words[1]))
            return Self.place(watch?.present)
        }
        switch try watch?.next(by: Self.deadline(words[1])) {
        case .arrived(let device): return "arrived \(Self.place(device))"
        case .left(let device): return "left \(Self.place(device))"
        case nil: return "no watch"
        }
    }
}
