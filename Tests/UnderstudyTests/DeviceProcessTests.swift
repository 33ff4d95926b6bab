import Actuators
import Ports
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

/// The built program at a pseudo terminal: what only a process shows. Everything else is tested in lockstep.
@Suite("The program at a terminal with servos")
struct DeviceProcessTests {
    /// Longer than any machine is away: how soon servos answer is not what these tests are about.
    private static let look = "--port PORT --family dynamixel --baud 1000000 --patience 60000"

    @Test("servos in another process are found, read and written")
    func scan() throws {
        let servos = try ServosInRealTime([.at(1), .at(2)])
        let run = try servos.understudy("scan \(Self.look) --ids 1-2")
        #expect(run.status == 0 && run.output.contains("2 servos"), "\(run.output)\(run.errors)")
        let write = try servos.understudy("servo 2 \(Self.look) write returnDelay 50")
        #expect(write.status == 0, "\(write.errors)")
        #expect(servos.stop().number(.returnDelay, of: 1) == 50)
    }

    @Test("a port that another program has is busy, with what to do")
    func busy() throws {
        let servos = try ServosInRealTime([.at(1)])
        let rate = try #require(BaudRate(1_000_000))
        let other = try TerminalLink(servos.path, baudRate: rate)
        let run = try servos.understudy("scan \(Self.look) --ids 1")
        #expect(run.status == 5 && run.errors.contains("is in use by another program"), "\(run.errors)")
        try other.close()
    }

    @Test("Ctrl-C, and a request to end, let a look end by itself", arguments: ["INT", "TERM"])
    func interrupted(signal: String) throws {
        let servos = try ServosInRealTime([.at(0)])
        let line = "./understudy scan --port \(servos.path) --family dynamixel --baud all --ids 1-252"
        // It is ended when it has said that it began, not after a time; it would go on for half a minute.
        let run = try ProcessRun.shell(
            """
            exec 3< <(\(line) 2>&1)
            scan=$!
            read -r first <&3
            kill -\(signal) $scan
            cat <&3
            wait $scan
            echo "ended with $?"
            """)
        #expect(run.output.contains("before it was stopped") && run.output.contains("ended with 1"), "\(run.output)")
    }
}
