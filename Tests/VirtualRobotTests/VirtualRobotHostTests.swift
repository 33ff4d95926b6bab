import Actuators
import Glibc
import Ports
import Quantities
import Testing

@testable import VirtualRobot

@Suite("the thread that runs a virtual bus")
struct VirtualRobotHostTests {
    private func soon() -> MonotonicInstant { .now() + .seconds(60) }

    @Test("a master at the other end of a socket is answered, and the bus is there when the host has stopped")
    func answers() throws {
        var far: SocketLink?
        let near = try SocketLink(pairedWith: &far)
        guard var master = far.take() else { throw PortError.missing }
        let host = try VirtualRobotHost(bench(count: 2), on: SocketPort(near))
        let ping = try packet { try $0.ping(.one(id(2))) }
        try master.write(ping.span, by: soon())
        var answer = [UInt8](repeating: 0, count: 14)
        var room = answer.mutableSpan
        try master.read(filling: &room, by: soon())
        #expect(answer.prefix(8) == bytes("FF FF FD 00 02 07 00 55")[...])
        let outcome = host.stop()
        #expect(outcome.bus.line.bytesFromSlaves == 14)
        #expect(outcome.pacing.deliveries == 1)
    }
}
