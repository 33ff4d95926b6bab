import BoardFirmware
import BoardLink
import Quantities
import Testing

@Suite struct SimulationPortTests {
    private func again(_ request: SimulationRequest) throws -> SimulationRequest {
        let words = request.words(number: 77)
        #expect(words[0] == 77)
        return try #require(SimulationRequest(words))
    }

    @Test("what a board is comes over as it was")
    func begin() throws {
        var settings = BoardSettings(
            chip: ChipIdentifier(high: 1, middle: 2, low: 3), firmwareBuild: DoubleWord(0x0123_4567_89AB_CDEF),
            joints: .three, torqueConstant: NewtonMetresPerAmpere(0.147))
        settings.ticksBetweenStates = 5
        settings.inputs = .four
        settings.most.silence = Ticks(50)
        settings.most.supply = Volts(12)
        settings.most.braking = RadiansPerSecondSquared(77)
        guard case .begin(let read, 9) = try again(.begin(settings, salt: 9)) else {
            Issue.record("another request")
            return
        }
        #expect(read == settings)
    }

    @Test("what is measured comes over bit for bit, and unknown inputs stay unknown")
    func measured() throws {
        var measured = BoardMeasurement()
        for number in UInt8(0)..<4 {
            let joint = try #require(BoardJoint(number))
            measured.set(
                joint,
                to: JointMeasurement(
                    position: Radians(Float(number) + 0.1), speed: RadiansPerSecond(-.leastNonzeroMagnitude),
                    current: Amperes(.infinity), voltage: Volts(24), temperature: Celsius(25)))
        }
        let input = try #require(BoardInput(2))
        measured.set(input, to: -5)
        measured.isStageBroken = true
        guard case .tick(let read, Seconds(0.003)) = try again(.tick(measured, elapsed: Seconds(0.003))) else {
            Issue.record("another request")
            return
        }
        for number in UInt8(0)..<4 {
            let (joint, place) = (try #require(BoardJoint(number)), try #require(BoardInput(number)))
            #expect(read[joint] == measured[joint])
            #expect(read[place] == (number == 2 ? -5 : nil))
        }
        #expect(read.isStageBroken && !read.isStopPressed)
    }

    @Test("words that are no request and no answer are nothing", arguments: [UInt32(0), 6, 5])
    func foreign(kind: UInt32) {
        var words = SimulationWords()
        words[1] = kind
        if case .some = SimulationRequest(words) { Issue.record("a request") }
        words[1] = 200
        if case .some = SimulationAnswer(words) { Issue.record("an answer") }
    }

    @Test("an answer comes over as it was")
    func answer() throws {
        var answer = SimulationAnswer()
        answer.number = 5
        answer.cause = .stackExhausted
        answer.mode = .stopping
        answer.fault = FaultNumber(32)
        let joint = try #require(BoardJoint(1))
        answer.drives.set(joint, to: .current(Amperes(-1.5)))
        answer.hungTicks = 21
        let read = try #require(SimulationAnswer(answer.words))
        #expect(read.number == 5 && read.cause == .stackExhausted && read.mode == .stopping && read.hungTicks == 21)
        #expect(read.fault == FaultNumber(32))
        #expect(read.drives[joint] == .current(Amperes(-1.5)))
        #expect(try read.drives[#require(BoardJoint(0))] == .off)
    }
}
