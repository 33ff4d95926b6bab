import Actuators
import JSON
import Recordings
import Robots

/// The bytes of a run that `understudy virtual --record` kept, once more through the parsers of the drivers.
struct BusCapture {
    /// What one direction of a line held.
    struct Side: Equatable {
        var bytes = 0
        var packets: UInt64 = 0
        /// What began like a packet and was none, by reason.
        var refused: [String: UInt64] = [:]
    }

    /// The languages that a line is tried in; the one that understands most counts.
    enum Language: String, CaseIterable { case dynamixel, feetech, moteus }

    let robot: String
    let language: Language
    /// From the host to the robot, and back.
    let requests: Side
    let answers: Side
    /// What was wrong with the robot on purpose, in the order of its beginning.
    let faults: [String]
    let seconds: Double

    /// Nil when the bytes are no such run; the number of the line that is not.
    init?(_ bytes: [UInt8], badLine: inout Int) {
        var log = RunLines()
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard log.take(line, isFirst: number == 0) else {
                badLine = number + 1
                return nil
            }
        }
        guard let name = log.robot else { return nil }
        robot = name
        (faults, seconds) = (log.faults, Double(log.last) * 1e-9)
        let found = Language.allCases.map { ($0, $0.read(log.heard), $0.read(log.said)) }
        guard let best = found.max(by: { $0.1.packets + $0.2.packets < $1.1.packets + $1.2.packets }) else {
            return nil
        }
        (language, requests, answers) = best
    }
}

/// The lines of a run, as far as they tell of bytes and faults.
private struct RunLines {
    private(set) var robot: String?
    private(set) var heard: [UInt8] = []
    private(set) var said: [UInt8] = []
    private(set) var faults: [String] = []
    private(set) var last: Int64 = 0

    /// False for a line that is not what such a run holds.
    mutating func take(_ line: ArraySlice<UInt8>, isFirst: Bool) -> Bool {
        // Most lines are states of the metal, which are not looked at.
        guard isFirst || !Self.isState(line) else { return true }
        do throws(JSONError) {
            guard let object = try JSONValue(parsing: Array(line)).object else { return false }
            return isFirst ? begin(object) : take(object)
        } catch { return false }
    }

    private static func isState(_ line: ArraySlice<UInt8>) -> Bool {
        line.firstRange(of: Array(",\"state\":".utf8)).map { $0.lowerBound - line.startIndex < 32 } ?? false
    }

    private mutating func begin(_ object: JSONObject) -> Bool {
        guard object["understudy_virtual"]?.integer == 1, let name = object["robot"]?.text else { return false }
        robot = name
        return true
    }

    private mutating func take(_ object: JSONObject) -> Bool {
        if let instant = object["t"]?.integer { last = max(last, instant) }
        if let fault = object["begins"]?.text { faults.append(fault) }
        if let text = object["in"]?.text {
            guard let bytes = Self.bytes(text) else { return false }
            heard += bytes
        }
        if let text = object["out"]?.text {
            guard let bytes = Self.bytes(text) else { return false }
            said += bytes
        }
        return true
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
        }
        return bytes.count * 2 == digits.count ? bytes : nil
    }
}

extension BusCapture.Language {
    fileprivate func read(_ bytes: [UInt8]) -> BusCapture.Side {
        switch self {
        case .dynamixel: Self.dynamixel(bytes)
        case .feetech: Self.feetech(bytes)
        case .moteus: Self.moteus(bytes)
        }
    }

    private static func dynamixel(_ bytes: [UInt8]) -> BusCapture.Side {
        var parser = Dynamixel.Parser()
        var place = 0
        while place < bytes.count {
            place += parser.take(bytes.span.extracting(place..<bytes.count))
            while parser.next() != nil {}
        }
        while parser.next(afterSilence: true) != nil {}
        var side = BusCapture.Side(bytes: bytes.count, packets: parser.counters.packets)
        for refusal in Dynamixel.Refusal.allCases where parser.counters[refusal] > 0 {
            side.refused["\(refusal)"] = parser.counters[refusal]
        }
        return side
    }

    private static func feetech(_ bytes: [UInt8]) -> BusCapture.Side {
        var parser = Feetech.Parser()
        var place = 0
        while place < bytes.count {
            place += parser.take(bytes.span.extracting(place..<bytes.count))
            while parser.next() != nil {}
        }
        while parser.next(afterSilence: true) != nil {}
        var side = BusCapture.Side(bytes: bytes.count, packets: parser.counters.packets)
        for refusal in Feetech.Refusal.allCases where parser.counters[refusal] > 0 {
            side.refused["\(refusal)"] = parser.counters[refusal]
        }
        return side
    }

    private static func moteus(_ bytes: [UInt8]) -> BusCapture.Side {
        var parser = Moteus.LineParser(needsChecksum: false)
        var side = BusCapture.Side(bytes: bytes.count)
        var place = 0
        while place < bytes.count {
            place += parser.take(bytes.span.extracting(place..<bytes.count))
            while let event = parser.next() {
                if case .refused(let refusal) = event { side.refused["\(refusal)", default: 0] += 1 }
            }
        }
        side.packets = parser.counters.lines
        return side
    }
}
