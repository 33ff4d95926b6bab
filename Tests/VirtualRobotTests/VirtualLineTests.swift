import Actuators
import Ports
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("the wire")
struct VirtualLineTests {
    private func ping(_ servo: UInt8) throws -> [UInt8] { try packet { try $0.ping(.one(id(servo))) } }

    @Test("ten bits a byte both ways", arguments: [UInt32(9_600), 57_600, 1_000_000, 3_000_000, 4_000_000])
    func pacing(rate: UInt32) throws {
        let servo = DynamixelServo(.xl330M288, id: id(1), bitsPerSecond: rate, returnDelay: 0)
        var bus = DynamixelBus(
            wire: DynamixelWire([servo]), body: .xl330(1), line: LineSettings(rate: BaudRate(rate)))
        let answer = bus.ask(try ping(1))
        let exact = 24 * 10 * 1e9 / Double(rate)
        #expect(abs(Double(try #require(answer.first).instant.nanoseconds) - exact) <= 2)
    }

    @Test("what is handed over while the line is busy waits for its end")
    func queue() throws {
        var bus = try bench()
        let write = try packet { try $0.write(.everyone, at: 65, [1].span) }
        bus.send(write, at: .start)
        bus.send(write, at: .start)
        let answer = bus.ask(try ping(1))
        #expect(answer.map(\.instant) == [instant(0.01 * Double(2 * write.count + 10 + 14))])
        #expect(bus.line.collisions == 0)
    }

    @Test("servos answer one after another, each after its own delay")
    func delays() throws {
        let servos = (1...3).map {
            DynamixelServo(.xl330M288, id: id($0), bitsPerSecond: 1_000_000, returnDelay: $0 * 10)
        }
        var bus = DynamixelBus(
            wire: DynamixelWire(servos), body: .xl330(3), line: LineSettings(rate: BaudRate(1_000_000)))
        let answer = bus.ask(try packet { try $0.ping(.everyone) })
        #expect(answer.map(\.instant) == [instant(0.26), instant(0.44), instant(0.64)])
    }

    @Test("a servo at another rate hears nothing, one within two percent hears all")
    func deafness() throws {
        var bus = try bench()
        for (rate, hears) in [(1_000_000, true), (985_000, true), (2_000_000, false), (57_600, false)] {
            bus.line.masterRate = BaudRate(UInt32(rate))
            #expect(try bus.ask(ping(1)).isEmpty != hears, "at \(rate)")
        }
    }

    @Test("a servo that is told another rate answers at the old one and then hears the new one")
    func changeOfRate() throws {
        var bus = try bench()
        #expect(try bus.write(.baudCode, 6) == nil)
        #expect(try bus.ask(ping(1)).isEmpty)
        bus.line.masterRate = BaudRate(4_000_000)
        #expect(try bus.ask(ping(1)).count == 1)
    }

    @Test("who talks into an answer destroys it and is not heard")
    func collision() throws {
        var bus = try bench(count: 2)
        bus.send(try ping(1), at: .start)
        bus.send(try ping(2), at: instant(0.15))
        let heard = bus.listen(10)
        #expect(bus.line.collisions == 1)
        #expect(answers(in: heard).isEmpty)
        #expect(heard.flatMap(\.bytes).count == 14)
    }

    @Test("where both talk on wires of their own, nothing collides")
    func fullDuplex() throws {
        var bus = try bench(count: 2) { $0.isShared = false }
        bus.send(try ping(1), at: .start)
        bus.send(try ping(2), at: instant(0.15))
        #expect(answers(in: bus.listen(10)).map(\.id) == [1, 2])
    }

    @Test("an adapter with an echo returns the master's bytes when they have left")
    func echo() throws {
        var bus = try bench { $0.hasEcho = true }
        let answer = bus.ask(try ping(1))
        #expect(answer.map(\.bytes.count) == [10, 14])
        #expect(answer.map(\.instant) == [instant(0.1), instant(0.24)])
    }

    @Test("an adapter with a latency timer keeps short answers until its next tick")
    func latency() throws {
        var bus = try bench { $0.latencyTimer = .milliseconds(16) }
        #expect(try bus.ask(ping(1)).map(\.instant) == [instant(16)])
        _ = bus.listen(3)
        // The timer runs on by itself: how long an answer waits is a matter of luck.
        #expect(try bus.ask(ping(1)).map(\.instant) == [instant(64)])
    }

    @Test("an adapter with a latency timer passes on full packets at once")
    func fullPackets() {
        var adapter = Adapter(timer: 16 * millisecond)
        let bytes = (0..<130).map { UInt8($0) }
        #expect(adapter.receive(Array(bytes[..<61]), at: instant(1)) == [])
        #expect(adapter.receive(Array(bytes[61...]), at: instant(2)) == Array(bytes[..<124]))
        #expect(adapter.due == instant(18))
        #expect(adapter.release(at: instant(18)) == Array(bytes[124...]))
        #expect(adapter.due == .never)
    }

    @Test("a packet that lost its end does not swallow the next one")
    func silence() throws {
        var bus = try bench()
        #expect(bus.ask(Array(try ping(1).dropLast(3))).isEmpty)
        #expect(try bus.ask(ping(1)).count == 1)
        // Also without a pause: a header inside a packet ends it.
        let said = answers(in: bus.ask(Array(try ping(1).dropLast(3)) + (try ping(1))))
        #expect(said.map(\.failure) == [nil])
    }

    @Test("what is under way when the adapter is pulled out arrives nowhere")
    func unplugged() throws {
        var bus = try bench(faults: "unplug@1ms+1ms")
        bus.send(try ping(1), at: instant(0.7))
        #expect(bus.listen(0.99).map(\.instant) == [instant(0.94)])
        bus = try bench(faults: "unplug@1ms+1ms")
        bus.send(try ping(1), at: instant(0.8))
        #expect(bus.listen(10).isEmpty)
        #expect(bus.line.bytesToSlaves == 10)
        #expect(try bus.ask(ping(1)).count == 1)
    }

    @Test("garbage before, between and after packets is passed over")
    func garbage() throws {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<200 {
            var bus = try bench()
            let noise = (0..<generator.below(40)).map { _ in [0xFF, 0xFF, 0xFD, 0x00, 0x01, 0x55][generator.below(6)] }
            _ = bus.ask(noise.map { UInt8($0) })
            #expect(try bus.ask(ping(1)).contains { $0.bytes.count == 14 }, "after \(noise)")
        }
    }

    @Test("servos with the same number answer at the same time, and nobody can read it")
    func sameNumber() throws {
        var servos = DynamixelServo.set(.xl330M288, count: 2)
        servos[1].id = id(1)
        servos[1].model = .xl330M077
        var bus = DynamixelBus(
            wire: DynamixelWire(servos), body: .xl330(2), line: LineSettings(rate: BaudRate(1_000_000)))
        let heard = bus.ask(try ping(1))
        #expect(heard.map(\.bytes.count) == [14])
        #expect(answers(in: heard).isEmpty)
    }

    @Test("the same bytes at the same instants give the same run")
    func determinism() throws {
        func run() throws -> ([Delivery], MotorState) {
            var bus = try bench(count: 2, faults: "bit-flips:0.2 late-reply@50ms+100ms:3", seed: 9)
            var heard: [Delivery] = []
            for step in 0..<100 {
                let goal = try #require(Dynamixel.Model.xl330M288.register(.goalPosition)?.bytes(of: Int64(step) * 20))
                heard += bus.ask(try packet { try $0.write(.one(id(1)), at: 64, [1].span) }, within: 2)
                heard += bus.ask(try packet { try $0.write(.one(id(1)), at: 116, goal.span) }, within: 2)
            }
            return (heard, bus.body.state(of: 0))
        }
        let (first, second) = (try run(), try run())
        #expect(first == second)
        #expect(first.1.position != .zero)
    }
}
