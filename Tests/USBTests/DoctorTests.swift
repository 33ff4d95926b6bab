import Foundation
import TestSupport
import Testing
import USBEmulator

/// The program itself with an unchanged libusb and an emulated pedal.
@Suite(.enabled(if: EmulatedMachine.isAvailable)) struct DoctorTests {
    private func finding(_ machine: EmulatedMachine) throws -> String {
        let run = try ProcessRun.shell(
            "./understudy doctor --json --state / --dead-man usb:1209:0002:P1@1.2", environment: machine.environment)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let findings = try #require(report["findings"] as? [[String: Any]])
        let finding = try #require(findings.last { $0["subject"] as? String == "dead-man switch" })
        return "\(finding["status"] ?? "-"): \(finding["found"] ?? "-")"
    }

    @Test("the doctor sees a pedal that is held, one that is not, and that none is there")
    func pedal() throws {
        let machine = try EmulatedMachine()
        try expect(finding(machine), "fail: 'usb:1209:0002:P1' is not there")
        let device = try machine.pedal()
        device.send([0, 0b100, 0, 0], on: 0x81)
        try expect(finding(machine), "ok: 'pedal': held, and it goes on saying so")
        device.send([0, 0, 0, 0], on: 0x81)
        try expect(finding(machine), "ok: 'pedal': let go, and it goes on saying so")
        #expect(device.driver(of: 0) == "usbhid")
    }

    @Test("a pedal that only says what changes is no dead-man switch to rely on")
    func quiet() throws {
        let machine = try EmulatedMachine()
        let device = try machine.pedal(QuietFunction(takesRequests: false))
        device.send([0, 0b100, 0, 0], on: 0x81)
        try expect(finding(machine), "warn: 'pedal': held, and it says so only when that changes")
    }
}
