import Episodes
import Foundation
import Glibc
import GuardSamples
import Ledger
import Supervision
import Synchronization
import TestSupport
import Testing
import USBEmulator

/// A foot on an emulated pedal, which tells its state again and again as long as it tells anything.
private final class Foot: Sendable {
    enum Does: UInt8, AtomicRepresentable { case letsGo, holds, isSilent, isGone }

    private let does = Atomic(Does.letsGo)
    private let device: EmulatedUSBDevice

    init(on device: EmulatedUSBDevice) {
        self.device = device
        Thread { [self] in
            while true {
                switch does.load(ordering: .acquiring) {
                case .letsGo: device.send([0, 0, 0, 0], on: 0x81)
                case .holds: device.send([0, 0b100, 0, 0], on: 0x81)
                case .isSilent: break
                case .isGone: return
                }
                usleep(15_000)
            }
        }.start()
    }

    func now(_ does: Does) { self.does.store(does, ordering: .releasing) }
}

@Suite(
    "A guard of a robot with a dead-man switch", .enabled(if: getuid() == 0, "only root can become others"),
    .enabled(if: EmulatedMachine.isAvailable))
struct DeadManGuardTests {
    @Test("nothing flies before it is held; to let go, silence and a plug that is pulled stop what flies")
    func stops() throws {
        let machine = try EmulatedMachine()
        let device = EmulatedUSBDevice(.pedal("P1"), QuietFunction(), socket: "1-1", on: machine)
        try device.plug()
        let foot = Foot(on: device)
        defer { foot.now(.isGone) }
        let words = machine.environment.filter { $0.key != "PATH" }.map { "\($0.key)=\($0.value)" }
        let house = try Household(before: "env \(words.joined(separator: " "))") { text in
            text.replacing("format: 1,", with: "format: 1, dead_man: \"usb:1209:0002:P1@1.2\",", maxReplacements: 1)
        }
        defer { try? house.end() }
        var learner = try house.client()
        try learner.wait(for: ["observing"])
        try house.grant()
        var hashes: [String] = []
        for (number, end) in zip(UInt32(1)..., [Foot.Does.letsGo, .isSilent, .isGone]) {
            let hash = try learner.approved(number, horizon: 5_000, in: house)
            hashes.append(hash)
            if number == 1 {
                let looked = try house.operate("resume pendulum")
                #expect(looked.output.contains("is not held"), "\(looked)")
                #expect(try learner.state(of: hash) == "approved")
            }
            foot.now(.holds)
            try learner.wait(for: ["running"], of: hash)
            foot.now(end)
            if end == .isGone { device.unplug() }
            try learner.wait(for: ["stopped", "failed", "finished"], of: hash)
        }
        #expect(try house.dismiss().status == 0)
        let reader = try LedgerReader(at: house.state)
        for hash in hashes {
            let digest = try #require(Digest(text: hash))
            let story = try #require(try reader.history.story(of: digest))
            #expect(story.episode?.step == .stopped && story.episode?.fault == .deadManReleased, "\(story)")
        }
        #expect(try reader.verify().isSound)
    }
}
