import Testing

@testable import BoardLink

@Suite struct FramingTests {
    private func payload(of stream: [UInt8]) throws(LinkError) -> Payload? {
        var receiver = FrameReceiver()
        for byte in stream {
            if let payload = try receiver.receive(byte) { return payload }
        }
        return nil
    }

    private func error(of stream: [UInt8]) -> LinkError? {
        do throws(LinkError) {
            _ = try payload(of: stream)
            return nil
        } catch {
            return error
        }
    }

    @Test("a payload of any length and content comes back", arguments: 4...payloadCapacity)
    func roundTrip(length: Int) throws {
        var random = SplitMix64(seed: UInt64(length))
        for zeros in [1, 2, 8, 1_000] {
            let content = Payload((0..<length).map { _ in random.chance(zeros) ? 0 : random.byte() })
            let frame = frame(around: content)
            #expect(frame.count == length + 4)
            #expect(frame.array.firstIndex(of: 0) == length + 3)
            #expect(try payload(of: frame.array) == content)
        }
    }

    @Test("nothing between two zeros is no frame and no error") func emptyFrames() throws {
        var receiver = FrameReceiver()
        for _ in 0..<5 {
            let payload = try receiver.receive(0)
            #expect(payload == nil)
        }
        #expect(receiver.ended == 0)
    }

    @Test("a frame that is cut is refused", arguments: 1..<11)
    func cut(length: Int) {
        let whole = frame(around: Payload([1, 6, 3, 4, 0, 7, 0, 9])).array
        #expect(error(of: Array(whole.prefix(length)) + [0]) != nil)
    }

    @Test("the longest frame is taken, one byte more is not") func overflow() throws {
        let longest = frame(around: Payload((0..<120).map { UInt8($0 + 1) })).array
        #expect(longest.count == 124)
        #expect(try payload(of: longest)?.count == 120)
        #expect(error(of: [124] + [UInt8](repeating: 7, count: 123) + [0]) == .overflow)
        #expect(error(of: [UInt8](repeating: 255, count: 10_000) + [0]) == .overflow)
        #expect(error(of: [UInt8](repeating: 1, count: 124) + [0]) == .overflow)
    }

    @Test("a distance past the end of the frame is refused") func stuffing() {
        #expect(error(of: [9, 1, 2, 3, 4, 5, 6, 0]) == .stuffing)
        #expect(error(of: [7, 1, 2, 3, 4, 5, 6, 2, 0]) == .stuffing)
    }

    @Test("a frame without room for header and checksum is refused", arguments: 1...6)
    func truncated(length: Int) {
        let frame = [UInt8(length)] + [UInt8](repeating: 9, count: length - 1) + [0]
        #expect(error(of: frame) == .truncated)
    }

    @Test("a wrong checksum is refused") func checksum() {
        #expect(error(of: [7, 1, 6, 1, 1, 1, 1, 0]) == .checksum)
    }
}
