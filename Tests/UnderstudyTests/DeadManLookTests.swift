import Ports
import Testing

@testable import understudy

@Suite("The dead-man switch at the doctor's")
struct DeadManLookTests {
    @Test("a switch is a device and a bit of its report")
    func understood() throws {
        let look = try #require(DeadManLook("usb:1209:0002:P1@1.2"))
        #expect(look.settings.identity == USBIdentity(vendor: 0x1209, product: 2, serial: "P1"))
        #expect(look.settings.byte == 1 && look.settings.bit == 2)
        // A serial number may hold anything, also what separates.
        #expect(DeadManLook("usb:1209:0002:a@1.2@3.4")?.settings.identity.serial == "a@1.2")
    }

    @Test(
        "what is none is refused with what was expected",
        arguments: [
            "", "usb:1209:0002", "usb:1209:0002@", "usb:1209@1.2", "usb:1209:0002@1.8", "usb:1209:0002@1", "@1.2",
        ])
    func noSwitch(text: String) {
        #expect(DeadManLook(text) == nil)
        guard !text.isEmpty else { return }
        let run = Pretended().run(["doctor", "--dead-man", text])
        #expect(run.status == .usage && run.errors.contains("expected usb:VENDOR:PRODUCT"), "\(run.errors)")
    }

    private static let facts: [(Bool, DeadMan.State, DoctorFinding.Status, String)] = [
        (true, .held, .ok, "held, and it goes on saying so"),
        (true, .released(.letGo), .ok, "let go, and it goes on saying so"),
        (false, .held, .warn, "only when that changes"), (false, .released(.letGo), .warn, "only when that changes"),
        (true, .released(.notHeard), .warn, "said nothing within a second"),
        (true, .released(.silent(for: .seconds(1))), .warn, "fell silent"),
        (true, .released(.malformed(length: 1)), .fail, "a report of 1 bytes has no such byte"),
        (true, .released(.unplugged), .fail, "was pulled out"),
        (true, .released(.failed(.timedOut(transferred: 0))), .fail, "it does not take"),
    ]

    private func finding(_ facts: Result<DeadManFacts, PortError>) throws -> DoctorFinding {
        let look = try #require(DeadManLook("usb:1209:0002@1.2"))
        return look.finding(in: Pretended(deadMan: facts).surroundings)
    }

    @Test("each thing that it can do is judged, with what mends it", arguments: facts)
    func judged(repeats: Bool, state: DeadMan.State, status: DoctorFinding.Status, words: String) throws {
        let finding = try finding(.success(DeadManFacts(name: "pedal", repeatsReports: repeats, state: state)))
        #expect(finding.status == status && finding.found.contains(words), "\(finding)")
        #expect((finding.fix == nil) == (status == .ok))
    }

    @Test(
        "one that cannot be opened fails, with the next step",
        arguments: [
            (.missing, "lsusb"), (.ambiguous(count: 2), "serial number"), (.unsuitable, "HID"),
            (.busy, "end the other"),
            (.notPermitted, #"ATTR{idVendor}=="1209", ATTR{idProduct}=="0002""#), (.replaced, "put it back"),
        ] as [(PortError, String)])
    func refused(error: PortError, fix: String) throws {
        let finding = try finding(.failure(error))
        #expect(finding.status == .fail && finding.fix?.contains(fix) == true, "\(finding)")
    }

    @Test("the doctor lists it among what it looked at")
    func listed() {
        let facts = DeadManFacts(name: "pedal", repeatsReports: true, state: .held)
        let run = Pretended(deadMan: .success(facts)).run("doctor --dead-man usb:1209:0002@1.2")
        #expect(run.status == .done && run.output.contains("'pedal': held"), "\(run.output)")
        #expect(Pretended().run("doctor --dead-man usb:1209:0002@1.2").status == .deviceFault)
    }
}
