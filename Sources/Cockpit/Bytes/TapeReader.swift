import Actuators
import Recordings
import Threads

/// Puts the pieces of a tape together again, call by call, as a recording keeps them.
struct TapeReader: ~Copyable {
    private var pieces: RingConsumer<TapePiece>
    private var record: BusRecord?
    private var steps: [UInt8] = []
    private var bytes: [UInt8] = []
    /// The reading of the clock before; nil before the first of a call.
    private var clock: Int64?
    private var number: UInt32 = 0
    private var unsaid: UInt64 = 0
    /// How many pieces could not be kept so far.
    private(set) var lost: UInt64 = 0

    init(_ pieces: consuming RingConsumer<TapePiece>) { self.pieces = pieces }

    /// The next call that is complete; nil when there is none yet.
    mutating func next() -> BusRecord? {
        while let piece = pieces.next() {
            if let record = take(piece) { return record }
        }
        return nil
    }

    private mutating func take(_ piece: TapePiece) -> BusRecord? {
        switch piece.kind {
        case .begins: begin(piece)
        case .clock: saw(piece.number)
        case .bytes: for place in 0..<Int(piece.count) { bytes.append(piece.bytes[place]) }
        case .goals: add(goals: piece)
        case .wrote: add(">", bytes, piece)
        case .read: add("<", bytes, piece)
        case .slept: add("~", [], piece)
        case .discarded: add("?\(piece.second)", [], piece)
        case .lost:
            record = nil
            lost += UInt64(clamping: piece.number)
            unsaid += UInt64(clamping: piece.number)
        case .ends: return end()
        }
        return nil
    }

    private mutating func begin(_ piece: TapePiece) {
        number &+= 1
        record = BusRecord(
            number: number, verb: "\(piece.verb)", hostTime: Timestamp(nanoseconds: UInt64(clamping: piece.second)),
            deadline: piece.number, rotation: piece.rotation, lost: unsaid)
        unsaid = 0
        clock = nil
        steps.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func end() -> BusRecord? {
        record?.steps = String(decoding: steps, as: UTF8.self)
        return record.take()
    }

    private mutating func saw(_ now: Int64) {
        let text = clock.map { now >= $0 ? "+\(now - $0)" : "@\(now)" } ?? "@\(now)"
        clock = now
        separate()
        steps.append(contentsOf: text.utf8)
    }

    private mutating func add(_ mark: String, _ bytes: [UInt8], _ piece: TapePiece) {
        separate()
        steps.append(contentsOf: mark.utf8)
        for byte in bytes {
            steps.append(Self.digits[Int(byte >> 4)])
            steps.append(Self.digits[Int(byte & 15)])
        }
        if piece.failure != .none { steps += Array("!\(piece.failure.letter)\(piece.number)".utf8) }
        self.bytes.removeAll(keepingCapacity: true)
    }

    private mutating func separate() { if !steps.isEmpty { steps.append(UInt8(ascii: " ")) } }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private mutating func add(goals piece: TapePiece) {
        var goals = record?.goals ?? ""
        for place in stride(from: 0, to: Int(piece.count), by: 5) {
            var bits: UInt32 = 0
            for byte in 0..<4 { bits |= UInt32(piece.bytes[place + 1 + byte]) << (8 * UInt32(byte)) }
            let kind = ["p", "s", "e"][Int(piece.bytes[place]) % 3]
            goals += "\(goals.isEmpty ? "" : " ")\(kind)\(Float(bitPattern: bits))"
        }
        record?.goals = goals
    }
}
