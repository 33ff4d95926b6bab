import Actuators
import Testing
import VirtualRobot

/// A bench with moteus controllers 1, 2, ... behind an adapter, and a master that asks them.
struct MoteusBench {
    var bench: Bench<MoteusWire>

    init(_ controllers: Int = 1, adapter: MoteusWire.Adapter = .usb, stiff: Bool = true) throws {
        // The constant that fits the motor of the bench.
        let identities = try (1...controllers).map {
            try #require(MoteusController.Identity(id: UInt8($0), rpmPerVolt: 6.145_6, winding: 2.676))
        }
        bench = Bench(MoteusWire(identities, adapter: adapter), joints: controllers)
        guard stiff else { return }
        try type("conf set servo.pid_position.kp 100\nconf set servo.pid_position.kd 6\n")
        #expect(try fetch() == "OK\r\nOK\r\n")
    }

    mutating func run(milliseconds: Int) { bench.run(milliseconds: milliseconds) }

    /// Runs while a master keeps sending the same.
    mutating func keep(_ payload: Moteus.Payload, milliseconds: Int, every: Int = 20) throws {
        for _ in 0..<milliseconds / every {
            try tell(payload)
            run(milliseconds: every)
        }
    }

    mutating func line(_ text: String) -> [String] {
        bench.send(Array("\(text)\n".utf8)).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// The answer of one controller, or of nobody.
    mutating func ask(_ payload: Moteus.Payload, _ controller: UInt8 = 1) throws -> Moteus.Payload? {
        let frames = try exchange(payload, controller, wantsReply: true)
        try #require(frames.count <= 1)
        return frames.first?.payload
    }

    mutating func tell(_ payload: Moteus.Payload, _ controller: UInt8 = 1) throws {
        #expect(try exchange(payload, controller, wantsReply: false).isEmpty)
    }

    mutating func exchange(
        _ payload: Moteus.Payload, _ controller: UInt8, wantsReply: Bool
    ) throws -> [Moteus.Frame] {
        let address = try #require(Moteus.Address(source: 0, destination: controller, wantsReply: wantsReply))
        var writer = Moteus.LineWriter(hasChecksum: false)
        writer.send(Moteus.Frame(address: address, payload: payload))
        let answers = bench.send(writer.bytes.indices.map { writer.bytes[$0] })
        var parser = Moteus.LineParser(needsChecksum: false)
        for answer in answers { #expect(parser.take(answer.bytes.span) == answer.bytes.count) }
        #expect(parser.next() == .line(.acknowledged))
        var frames: [Moteus.Frame] = []
        while let event = parser.next() {
            guard case .line(.received(let frame)) = event else { continue }
            frames.append(frame)
        }
        return frames
    }

    mutating func read(_ register: UInt16, as resolution: Moteus.Resolution = .float) throws -> Moteus.Word {
        var query = Moteus.Payload()
        try query.read(Moteus.Register(register), count: 1, as: resolution)
        let reply = try #require(try ask(query))
        var reader = Moteus.SubframeReader(reply)
        guard case .reply(let values) = try reader.next() else {
            Issue.record("no reply: \(reply)")
            return .int8(0)
        }
        #expect(values.start == Moteus.Register(register))
        return values.word(at: 0, in: reply)
    }

    mutating func number(_ register: UInt16) throws -> Float {
        guard case .float(let number) = try read(register) else { return .nan }
        return number
    }

    mutating func mode() throws -> Moteus.Mode? { Moteus.Mode(rawValue: UInt8(try number(0))) }

    mutating func type(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = rest.prefix(48)
            rest = rest.dropFirst(piece.count)
            try tell(try moteusBytes([0x40, 1, UInt8(piece.count)] + piece))
        }
    }

    mutating func fetch() throws -> String {
        var text: [UInt8] = []
        while true {
            let reply = try #require(try ask(try moteusBytes([0x42, 1, 48])))
            try #require(reply.count >= 3)
            #expect(reply.bytes[0] == 0x41)
            let count = Int(reply.bytes[2])
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            for place in 3..<3 + count { text.append(reply.bytes[place]) }
        }
    }
}

func moteusBytes(_ bytes: [UInt8]) throws -> Moteus.Payload {
    var payload = Moteus.Payload()
    for byte in bytes { try payload.append(byte) }
    return payload
}

/// A mode and numbers for registers after it.
func moteusOrder(_ mode: Moteus.Mode, _ numbers: [UInt16: Float] = [:]) throws -> Moteus.Payload {
    var payload = try Moteus.Payload(mode)
    for (register, number) in numbers.sorted(by: { $0.key < $1.key }) {
        let word: [1 of Moteus.Word] = [.float(number)]
        try payload.write(Moteus.Register(register), word.span)
    }
    return payload
}
