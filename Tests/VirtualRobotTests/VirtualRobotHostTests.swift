import Actuators
import Foundation
import Ports
import Quantities
import Synchronization
import Testing

@testable import VirtualRobot
import Simulator

@Suite("the thread that runs a virtual bus", .serialized)
struct VirtualRobotHostTests {
    private func soon() -> MonotonicInstant { .now() + .seconds(60) }

    private func exchange(
        _ master: inout some BytePort & ~Copyable, _ request: [UInt8], expecting count: Int
    ) throws -> [UInt8] {
        try master.write(request.span, by: soon())
        var answer = [UInt8](repeating: 0, count: count)
        var room = answer.mutableSpan
        try master.read(filling: &room, by: soon())
        return answer
    }

    @Test("a master at the other end of a socket is answered, and the bus is there when the host has stopped")
    func answers() throws {
        var far: SocketLink?
        let near = try SocketLink(pairedWith: &far)
        guard var master = far.take() else { throw PortError.missing }
        let host = try VirtualRobotHost(bench(count: 2), on: SocketPort(near))
        let answer = try exchange(&master, packet { try $0.ping(.one(id(2))) }, expecting: 14)
        #expect(answer.prefix(8) == bytes("FF FF FD 00 02 07 00 55")[...])
        let outcome = host.stop()
        #expect(outcome.bus.line.bytesFromSlaves == 14)
        #expect(outcome.pacing.deliveries == 1)
    }

    @Test("answers never leave before their time, and half of them about as soon after it as this machine wakes up")
    func pacing() throws {
        var far: SocketLink?
        let near = try SocketLink(pairedWith: &far)
        guard var master = far.take() else { throw PortError.missing }
        // Slow enough that the time of the bytes outweighs that of a build without optimisation.
        let servo = DynamixelServo(.xl330M288, id: id(1), bitsPerSecond: 57_600, returnDelay: 250)
        let bus = DynamixelBus(
            wire: DynamixelWire([servo]), body: .xl330(1), line: LineSettings(rate: BaudRate(57_600)))
        let host = try VirtualRobotHost(bus, on: SocketPort(near))
        let ping = try packet { try $0.ping(.one(id(1))) }
        let least = Duration.nanoseconds(240 * 1_000_000_000 / 57_600 + 500_000)
        var lateWakeUps: [Duration] = []
        for _ in 0..<30 {
            lateWakeUps.append(lateWakeUp())
            let asked = MonotonicInstant.now()
            _ = try exchange(&master, ping, expecting: 14)
            #expect(MonotonicInstant.now() - asked >= least)
        }
        let pacing = host.stop().pacing
        #expect(pacing.deliveries == 30)
        #expect(try #require(pacing.lateness(share: 0)) >= .zero)
        // What the machine does to every thread is no fault of this one's.
        let usual = lateWakeUps.sorted()[15]
        #expect(try #require(pacing.lateness(share: 0.5)) < .milliseconds(5) + usual * 4)
    }

    /// How much later than asked this thread goes on after a short sleep.
    private func lateWakeUp() -> Duration {
        let wanted = MonotonicInstant.now() + .milliseconds(1)
        sleep(until: wanted)
        return MonotonicInstant.now() - wanted
    }

    @Test("time goes on while nobody talks")
    func realTime() throws {
        var far: SocketLink?
        let near = try SocketLink(pairedWith: &far)
        guard var master = far.take() else { throw PortError.missing }
        let host = try VirtualRobotHost(bench(), on: SocketPort(near))
        let ping = try packet { try $0.ping(.one(id(1))) }
        let begun = MonotonicInstant.now()
        _ = try exchange(&master, ping, expecting: 14)
        while MonotonicInstant.now() - begun < .milliseconds(50) {}
        _ = try exchange(&master, ping, expecting: 14)
        let outcome = host.stop()
        #expect(Duration.nanoseconds(outcome.bus.now.nanoseconds) + outcome.pacing.standstill >= .milliseconds(45))
    }

    @Test("an adapter that is pulled out hangs up, and comes back under its name")
    func unplug() throws {
        let link = "/tmp/virtual-\(UUID().uuidString.prefix(8))"
        do {
            var port = try TerminalPort(link: link)
            #expect(port.path == link)
            let first = try FileManager.default.destinationOfSymbolicLink(atPath: link)
            let master = try FileHandle(forUpdating: URL(filePath: first))
            port.unplug()
            // Ends with an error or with nothing, when the other side hangs up and not before.
            let end = try? master.read(upToCount: 1)
            #expect(end == nil || end == Data())
            #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == nil)
            port.plug()
            let second = try FileManager.default.destinationOfSymbolicLink(atPath: link)
            #expect(second.hasPrefix("/dev/pts/"))
            #expect(try FileHandle(forUpdating: URL(filePath: second)).fileDescriptor >= 0)
        }
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == nil)
    }

    @Test("a fault pulls the adapter out")
    func unplugFault() throws {
        var far: SocketLink?
        let near = try SocketLink(pairedWith: &far)
        guard var master = far.take() else { throw PortError.missing }
        let host = try VirtualRobotHost(bench(faults: "unplug@20ms"), on: SocketPort(near))
        #expect(error(of: &master) == .hungUp(transferred: 0))
        #expect(!host.stop().bus.isPlugged)
    }

    @Test("a fault that ends puts the adapter back")
    func replugFault() throws {
        let plugs = Plugs()
        let host = try VirtualRobotHost(bench(faults: "unplug@1ms+20ms"), on: CountingPort(plugs: plugs))
        let limit = soon()
        while plugs.pluggedIn.load(ordering: .acquiring) == 0 {
            try #require(MonotonicInstant.now() < limit)
            sleep(until: .now() + .milliseconds(1))
        }
        #expect(plugs.pulledOut.load(ordering: .acquiring) == 1)
        #expect(host.stop().bus.isPlugged)
    }

    @Test("a bus whose machine does not keep up is slow, and not later and later")
    func standstill() throws {
        // Its master's side keeps it from going on, longer than it may be behind.
        let plugs = Plugs()
        let host = try VirtualRobotHost(bench(), on: CountingPort(plugs: plugs, pause: .milliseconds(250)))
        let limit = soon()
        while plugs.turns.load(ordering: .acquiring) < 3 { try #require(MonotonicInstant.now() < limit) }
        let outcome = host.stop()
        #expect(outcome.pacing.standstill >= .milliseconds(240))
        #expect(outcome.bus.now < instant(200))
    }

    /// What became of an adapter.
    private final class Plugs: Sendable {
        let pulledOut = Atomic(0)
        let pluggedIn = Atomic(0)
        let turns = Atomic(0)
    }

    /// An adapter with nobody behind it.
    private struct CountingPort: HostPort, ~Copyable {
        let plugs: Plugs
        var pause = Duration.milliseconds(1)
        var path: String? { nil }

        func masterRate() -> BaudRate? { nil }

        mutating func receive(into buffer: inout MutableSpan<UInt8>, by deadline: MonotonicInstant) -> Int {
            sleep(until: .now() + pause)
            plugs.turns.add(1, ordering: .releasing)
            return 0
        }

        mutating func deliver(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) -> Bool { true }

        mutating func unplug() { plugs.pulledOut.add(1, ordering: .releasing) }

        mutating func plug() { plugs.pluggedIn.add(1, ordering: .releasing) }
    }

    private func error(of master: inout SocketLink) -> PortError? {
        var answer = [UInt8](repeating: 0, count: 1)
        var room = answer.mutableSpan
        do throws(PortError) { _ = try master.read(into: &room, by: soon()) } catch { return error }
        return nil
    }

    @Test("a host that is let go of ends by itself")
    func letGo() throws {
        var far: SocketLink?
        let near = try SocketLink(pairedWith: &far)
        guard var master = far.take() else { throw PortError.missing }
        do {
            let host = try VirtualRobotHost(bench(), on: SocketPort(near))
            #expect(host.path == nil)
        }
        #expect(error(of: &master) == .hungUp(transferred: 0))
    }
}
