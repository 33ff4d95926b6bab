import BoardFirmware
import BoardLink
import Quantities
import Supervision
import Testing

@Suite struct BoardStartTests {
    private func settings() -> BoardSettings {
        BoardSettings(
            chip: ChipIdentifier(high: 1, middle: 2, low: 3), firmwareBuild: DoubleWord(7), joints: .two,
            torqueConstant: NewtonMetresPerAmpere(0.5))
    }

    private static let causes = (UInt8(0)...9).compactMap(ResetCause.init)

    @Test("a start says its cause; after a crash a person has to clear the board", arguments: causes)
    func starts(cause: ResetCause) throws {
        var board = BoardController(settings(), start: BoardStart(salt: 1, cause: cause))
        #expect(board.mode == (cause.isCrash ? .latched : .unconfigured))
        #expect(board.fault?.rawValue == (cause.isCrash ? Fault.deviceFault.rawValue : nil))
        var receiver = Receiver()
        let report = board.nextReport()
        let first = try #require(report)
        var heard: [Message] = []
        for place in 0..<first.count {
            if let packet = try receiver.receive(first[place]) { heard.append(packet.message) }
        }
        #expect(heard == [.event(Event(tick: Tick(0), kind: .started, joint: nil, detail: UInt32(cause.rawValue)))])
    }

    @Test("reports that nobody takes are lost and counted, and the board goes on")
    func lost() {
        var board = BoardController(settings(), start: BoardStart(salt: 1, cause: .powerOn))
        var sender = Sender()
        let frame = sender.frame(.identify(Identify(layout: .ofThisBuild())))
        for place in 0..<frame.count { _ = board.hear(frame[place], since: nil) }
        for _ in 0..<100 { board.tick(BoardMeasurement()) }
        #expect(board.lostReports == 89)
        #expect(board.tick == Tick(100))
    }
}
