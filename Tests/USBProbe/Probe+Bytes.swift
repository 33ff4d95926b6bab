import CAllocationCounter
import Ports

extension Probe {
    mutating func answerLink(_ words: [String]) throws(PortError) -> String {
        guard var link = link.take() else { return "no link" }
        do throws(PortError) {
            let answer = try Self.answer(&link, words)
            self.link = consume link
            return answer
        } catch {
            self.link = consume link
            throw error
        }
    }

    private static func answer(_ link: inout USBLink, _ words: [String]) throws(PortError) -> String {
        switch words[0] {
        case "event":
            var bytes = [UInt8](repeating: 0, count: 64)
            var room = bytes.mutableSpan
            let count = try link.readEvent(into: &room, by: deadline(words[1]))
            return hexadecimal(bytes.prefix(count))
        default: return try answer(stream: &link, words)
        }
    }

    mutating func open(serial: String, baud: String) throws(PortError) -> String {
        port = nil
        guard let identity = SerialIdentity(serial), let rate = UInt32(baud).flatMap({ BaudRate($0) }) else {
            throw .missing
        }
        port = try SerialPort(identity, baudRate: rate)
        return port?.path ?? "nothing"
    }

    mutating func answerPort(_ words: [String]) throws(PortError) -> String {
        guard var port = port.take() else { return "no port" }
        do throws(PortError) {
            var answer = "rate"
            if words[0] == "rate", let rate = UInt32(words[1]).flatMap({ BaudRate($0) }) {
                try port.setBaudRate(rate)
            } else {
                answer = try Self.answer(stream: &port, words)
            }
            self.port = consume port
            return answer
        } catch {
            self.port = consume port
            throw error
        }
    }

    static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// What any stream of bytes can be told.
    static func answer<Port: BytePort & ~Copyable>(stream port: inout Port, _ words: [String]) throws(PortError)
        -> String
    {
        switch words[0] {
        case "write":
            try port.write([UInt8](repeating: 0x5A, count: Int(words[1]) ?? 0).span, by: deadline(words[2]))
            return "written"
        case "read":
            var bytes = [UInt8](repeating: 0, count: 4_096)
            var room = bytes.mutableSpan
            let count = try port.read(into: &room, by: deadline(words[1]))
            return hexadecimal(bytes.prefix(count))
        case "exchange": return try exchange(Int(words[1]) ?? 0, size: Int(words[2]) ?? 0, through: &port)
        case "allocations": return try allocations(Int(words[1]) ?? 0, through: &port)
        case "last":
            port.setLastWords(LastWords([UInt8](repeating: 0x66, count: Int(words[1]) ?? 0).span))
            return "heeded"
        case "discard": return "\(try port.discardInput())"
        case "counters": return text(port.counters)
        default: return "what?"
        }
    }

    private static func text(_ counters: PortCounters) -> String {
        "in \(counters.bytesIn) out \(counters.bytesOut) time-outs \(counters.timeOuts) hang-ups \(counters.hangUps) "
            + "discarded \(counters.bytesDiscarded)"
    }

    /// Sends frames, up to four ahead of what has come back, and compares every byte of it.
    private static func exchange<Port: BytePort & ~Copyable>(
        _ count: Int, size: Int, through port: inout Port
    ) throws(PortError) -> String {
        let limit = MonotonicInstant.now() + .seconds(120)
        let frame = { (number: Int) in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number &* 13) } }
        var (good, sent) = (0, 0)
        while good < count {
            while sent < count, sent < good + 4 {
                try port.write(frame(sent).span, by: limit)
                sent += 1
            }
            var bytes = [UInt8](repeating: 0, count: size)
            var room = bytes.mutableSpan
            try port.read(filling: &room, by: limit)
            guard bytes == frame(good) else { return "frame \(good) came back as \(hexadecimal(bytes[...]))" }
            good += 1
        }
        return "exchanged \(good)"
    }

    /// How often one write and one read of a frame ask for memory.
    private static func allocations<Port: BytePort & ~Copyable>(
        _ count: Int, through port: inout Port
    ) throws(PortError) -> String {
        var frame = InlineArray<48, UInt8>(repeating: 0x55)
        let limit = MonotonicInstant.now() + .seconds(60)
        var start: UInt64 = 0
        for round in 0...count {
            // The first one may fill caches.
            if round == 1 { start = callocationcounter_of_this_thread() }
            try port.write(frame.span, by: limit)
            var room = frame.mutableSpan
            try port.read(filling: &room, by: limit)
        }
        return callocationcounter_counts() ? "\(callocationcounter_of_this_thread() - start)" : "not counted"
    }
}
