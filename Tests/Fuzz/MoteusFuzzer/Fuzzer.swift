import Actuators
import FuzzDriver

@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let all = unsafe input(start, count)
    let steps = Step.all(in: all)
    let stream =
        [UInt8](repeating: 0x0A, count: lead(of: all))
        + steps.flatMap { $0.isPacket ? line(of: $0.content) : $0.content }
    for needsChecksum in [false, true] {
        let whole = Wire.heard(in: [stream], needsChecksum: needsChecksum)
        let cut = Wire.heard(in: pieces(stream), needsChecksum: needsChecksum)
        expect(whole == cut, "in one piece: \(whole), in many: \(cut)")
        expect(whole.count == linesWithWords(stream), "\(linesWithWords(stream)) lines, heard: \(whole)")
    }
    for step in steps { expectPayload(step.content) }
    return 0
}

struct Wire: ~Copyable {
    private var parser: Moteus.LineParser
    private let needsChecksum: Bool
    private var heard: [Moteus.LineParser.Event] = []

    init(needsChecksum: Bool) {
        parser = Moteus.LineParser(needsChecksum: needsChecksum)
        self.needsChecksum = needsChecksum
    }

    static func heard(in chunks: [[UInt8]], needsChecksum: Bool) -> [Moteus.LineParser.Event] {
        var wire = Wire(needsChecksum: needsChecksum)
        for chunk in chunks { wire.hear(chunk) }
        wire.expectCounters()
        return wire.heard
    }

    private mutating func hear(_ chunk: [UInt8]) {
        var rest = chunk[...]
        while !rest.isEmpty {
            let piece = Array(rest)
            let taken = parser.take(piece.span)
            expect(taken > 0, "no room although nothing more can be understood")
            rest = rest.dropFirst(taken)
            while let event = parser.next() {
                heard.append(event)
                if case .line(let line) = event { expectRoundTrip(line) }
            }
        }
    }

    private func expectCounters() {
        let refused = Moteus.LineRefusal.allCases.reduce(UInt64(0)) { $0 + parser.counters[$1] }
        let counted = parser.counters.lines + refused
        expect(counted == UInt64(heard.count), "\(heard.count) lines were heard, counted: \(counted)")
    }
}

/// A line has many spellings, and the writer has one of them: it is read back as the same line.
func expectRoundTrip(_ line: Moteus.Line) {
    let text = written(line)
    var parser = Moteus.LineParser(needsChecksum: true)
    _ = parser.take(text.span)
    let again = parser.next()
    expect(again == .line(line), "\(line) is read back from \(text) as \(String(describing: again))")
    expect(text.count <= Moteus.LineParser.longestLine, "\(line) is too long for its own parser")
    expect(spelled(Array(text.dropLast(5))) == text, "\(line) has another checksum in \(text)")
    switch line {
    // Two patterns in one case crash the compiler (6.3.1) on a frame.
    case .send(let frame): expectPayload(bytes(frame.payload.bytes))
    case .received(let frame): expectPayload(bytes(frame.payload.bytes))
    case .acknowledged, .rejected: break
    }
}

func written(_ line: Moteus.Line) -> [UInt8] {
    var writer = Moteus.LineWriter(hasChecksum: true)
    switch line {
    case .send(let frame): writer.send(frame)
    case .received(let frame): writer.received(frame)
    case .acknowledged: writer.acknowledged()
    case .rejected: writer.rejected("because")
    }
    return bytes(writer.bytes)
}

/// Lines that hold something, the beginning of one that is too long included.
func linesWithWords(_ stream: [UInt8]) -> Int {
    let lines = stream.split(separator: 0x0A, omittingEmptySubsequences: false)
    let ended = lines.dropLast().count { !$0.isEmpty && Array($0) != [0x0D] }
    return ended + ((lines.last?.count ?? 0) > Moteus.LineParser.longestLine ? 1 : 0)
}

/// A sound line: a frame for one word, or any text.
func line(of content: [UInt8]) -> [UInt8] {
    guard let kind = content.first else { return [] }
    let digits = Array("0123456789abcdef".utf8)
    let data = content.dropFirst().prefix(64).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
    return switch kind & 3 {
    case 0: spelled(Array("rcv 100 ".utf8) + data)
    case 1: spelled(Array("can send 8001 ".utf8) + data)
    case 2: spelled(Array(kind & 4 == 0 ? "OK".utf8 : "ERR because".utf8))
    default: spelled(Array(content.dropFirst()))
    }
}

/// The text with its checksum, computed as the vendor defines it and not as the house does.
func spelled(_ text: [UInt8]) -> [UInt8] {
    let summed = text + [0x20]
    var register: UInt8 = 0
    for byte in summed {
        for place in (0..<8).reversed() {
            let bit = register >> 7 ^ (byte >> place & 1)
            register = register << 1 ^ (bit == 1 ? 0x97 : 0)
        }
    }
    let digits = Array("0123456789ABCDEF".utf8)
    return summed + [0x2A, digits[Int(register >> 4)], digits[Int(register & 0xF)], 0x0A]
}

/// What a payload says, it says again when it is written anew, and it does not take more bytes.
func expectPayload(_ content: [UInt8]) {
    var payload = Moteus.Payload()
    for byte in content.prefix(Moteus.Payload.capacity) { _ = try? payload.append(byte) }
    var reading = Moteus.Reading()
    let isSound = (try? reading.take(payload)) != nil
    guard let said = accesses(in: payload) else { return expect(!isSound, "\(content) is sound and is not") }
    expect(isSound, "\(content) is not sound and is")
    expect(isSound || reading == Moteus.Reading(), "a malformed reply has changed something")
    var again = Moteus.Payload()
    for access in said { access.write(to: &again) }
    expect(again.count <= payload.count, "\(said) took \(payload.count) bytes and takes \(again.count)")
    expect(accesses(in: again) == said, "\(said) is not read back from \(bytes(again.bytes))")
}

enum Access: Equatable {
    case read(Moteus.Register, Int, Moteus.Resolution)
    case write(Moteus.Register, [Word])
    case reply(Moteus.Register, [Word])
    case writeError(Moteus.Register, UInt32)
    case readError(Moteus.Register, UInt32)

    /// A word that is equal to itself, as `Float` is not when it says "not set".
    struct Word: Equatable {
        let word: Moteus.Word

        static func == (left: Word, right: Word) -> Bool {
            if case .float(let one) = left.word, case .float(let other) = right.word {
                return one.bitPattern == other.bitPattern
            }
            return left.word == right.word
        }
    }

    func write(to payload: inout Moteus.Payload) {
        do throws(EncodingError) {
            switch self {
            case .read(let start, let count, let resolution): try payload.read(start, count: count, as: resolution)
            case .write(let start, let words):
                let plain = words.map(\.word)
                try payload.write(start, plain.span)
            case .reply(let start, let words):
                let plain = words.map(\.word)
                try payload.reply(start, plain.span)
            case .writeError(let register, let code): try payload.writeError(register, code: code)
            case .readError(let register, let code): try payload.readError(register, code: code)
            }
        } catch {
            expect(false, "\(self) was read and cannot be written: \(error)")
        }
    }
}

/// All accesses but those of no register; nil when the payload is malformed.
func accesses(in payload: Moteus.Payload) -> [Access]? {
    var reader = Moteus.SubframeReader(payload)
    var found: [Access] = []
    do throws(Moteus.Malformation) {
        while let subframe = try reader.next() {
            switch subframe {
            case .read(let start, let count, let resolution): found.append(.read(start, count, resolution))
            case .write(let values) where values.count > 0: found.append(.write(values.start, words(values, payload)))
            case .reply(let values) where values.count > 0: found.append(.reply(values.start, words(values, payload)))
            case .write, .reply: break
            case .writeError(let register, let code): found.append(.writeError(register, code))
            case .readError(let register, let code): found.append(.readError(register, code))
            }
        }
    } catch {
        return nil
    }
    return found
}

func words(_ values: Moteus.Values, _ payload: Moteus.Payload) -> [Access.Word] {
    (0..<values.count).map { position in
        let word = values.word(at: position, in: payload)
        _ = word.value(in: values.register(at: position).scale)
        return Access.Word(word: word)
    }
}

func bytes(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }
