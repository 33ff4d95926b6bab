import Ports
import Robots

/// A dead-man switch as it was named: `usb:VENDOR:PRODUCT[:SERIAL]@BYTE.BIT`.
struct DeadManLook: Equatable, Sendable {
    let settings: DeadMan.Settings

    static let words = "usb:VENDOR:PRODUCT[:SERIAL]@BYTE.BIT, like usb:1209:0002@1.2"

    static let reason =
        "a person who lets go of it stops the robot, and whoever is not heard counts as having let go"

    /// How old a report may be: what the guard allows.
    static let longestSilence = Duration.milliseconds(200)

    init?(_ text: String) {
        guard let at = text.lastIndex(of: "@"), let identity = USBIdentity(String(text[..<at])) else { return nil }
        let place = text[text.index(after: at)...].split(separator: ".", omittingEmptySubsequences: false)
        guard place.count == 2, let byte = UInt8(place[0]), let bit = UInt8(place[1]),
            let settings = DeadMan.Settings(identity, byte: byte, bit: bit, longestSilence: Self.longestSilence)
        else { return nil }
        self.settings = settings
    }
}

/// What a dead-man switch did while it was looked at.
struct DeadManFacts: Equatable, Sendable {
    /// What the device calls itself.
    var name: String
    var repeatsReports: Bool
    /// What held at the end; released and not heard when no report came.
    var state: DeadMan.State

    /// Until when a switch must have been heard of.
    private static let patience = Duration.seconds(1)

    /// Opens it, listens until it says something, and gives it back.
    static func measured(_ settings: DeadMan.Settings) -> Result<DeadManFacts, PortError> {
        do throws(PortError) {
            var deadMan = try DeadMan(settings)
            let end = MonotonicInstant.now() + patience
            var state = deadMan.state(at: .now())
            while state == .released(.notHeard), MonotonicInstant.now() < end {
                pause(milliseconds: 10)
                state = deadMan.state(at: .now())
            }
            let name = deadMan.device.usb.model ?? "\(settings.identity)"
            return .success(DeadManFacts(name: name, repeatsReports: deadMan.repeatsReports, state: state))
        } catch {
            return .failure(error)
        }
    }
}

extension DeadManLook {
    func finding(in surroundings: Surroundings) -> DoctorFinding {
        let reason = Self.reason
        let name = quoted("\(settings.identity)")
        switch surroundings.devices.deadMan(settings) {
        case .failure(let error):
            return DoctorFinding(
                "dead-man switch", .fail, "\(name) \(error.textOfSwitch)", because: reason, fix: fix(error))
        case .success(let facts):
            let (status, text, fix) = facts.verdict
            return DoctorFinding(
                "dead-man switch", status, "\(quoted(facts.name)): \(text)", because: reason, fix: fix)
        }
    }

    private func fix(_ error: PortError) -> String {
        guard case .notPermitted = error else { return error.nextStepOfSwitch }
        let identity = "\(settings.identity)".split(separator: ":")
        let rule =
            #"SUBSYSTEM=="usb", ATTR{idVendor}=="\#(identity[1])", ATTR{idProduct}=="\#(identity[2])", "#
            + #"GROUP="plugdev", MODE="0660""#
        return "echo '\(rule)' | sudo tee /etc/udev/rules.d/60-understudy-dead-man.rules "
            + "&& sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=usb"
    }
}

extension DeadManFacts {
    fileprivate var verdict: (DoctorFinding.Status, String, fix: String?) {
        switch state {
        case .held where repeatsReports: (.ok, "held, and it goes on saying so", nil)
        case .released(.letGo) where repeatsReports: (.ok, "let go, and it goes on saying so", nil)
        case .held, .released(.letGo):
            (
                .warn, "\(state.isHeld ? "held" : "let go"), and it says so only when that changes",
                "use one that reports all the time: this one counts as let go after 200 ms, however long it is held"
            )
        case .released(.notHeard):
            (.warn, "it is there, and said nothing within a second", "press it while 'understudy doctor' looks")
        case .released(.silent): (.warn, "it fell silent", "press it while 'understudy doctor' looks")
        case .released(.malformed(let length)):
            (
                .fail, "a report of \(length) bytes has no such byte",
                "find the byte that changes: sudo usbhid-dump --entity=stream"
            )
        case .released(.unplugged): (.fail, "it was pulled out while it was looked at", "check its plug")
        case .released(.failed(let error)): (.fail, "it \(error.textOfSwitch)", error.nextStepOfSwitch)
        }
    }
}

extension PortError {
    var textOfSwitch: String {
        switch self {
        case .unsuitable: "has no reports of a button or a pedal"
        case .ambiguous(let count): "is the name of \(count) devices"
        case .hungUp: "is gone: it was pulled out"
        default: text
        }
    }

    var nextStepOfSwitch: String {
        switch self {
        case .missing: "plug it in; 'lsusb' shows the numbers of its maker and product"
        case .ambiguous: "add its serial number: usb:VENDOR:PRODUCT:SERIAL; 'lsusb -v' shows it"
        case .unsuitable: "use a foot pedal or a button that is a USB HID device"
        case .busy: "end the other program that reads it"
        default: "pull it out and put it back"
        }
    }
}
