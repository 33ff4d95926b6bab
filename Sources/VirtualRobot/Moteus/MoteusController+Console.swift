import Actuators

/// The text console behind the tunnel: what has been typed, and what has not been fetched yet.
struct MoteusConsole: Equatable, Sendable {
    static let write: UInt8 = 0x40
    static let read: UInt8 = 0x41
    static let poll: UInt8 = 0x42

    var typed: [UInt8] = []
    var printed: [UInt8] = []

    static func isTunnel(_ type: UInt8) -> Bool { type == write || type == poll }

    /// Sends what it has in pieces; a master that does not fetch loses the end.
    static let capacity = 16_384

    mutating func say(_ line: String) {
        let bytes = Array(line.utf8) + [0x0D, 0x0A]
        guard printed.count + bytes.count <= Self.capacity else { return }
        printed += bytes
    }

    mutating func fetch(_ count: Int) -> [UInt8] {
        let piece = Array(printed.prefix(count))
        printed.removeFirst(piece.count)
        return piece
    }
}

extension MoteusController {
    /// `type channel count bytes`. The only channel is 1.
    mutating func tunnel(_ payload: Moteus.Payload) -> Moteus.Payload? {
        guard payload.count >= 3, payload.bytes[1] == 1 else { return nil }
        let count = Int(payload.bytes[2])
        if payload.bytes[0] == MoteusConsole.write {
            for place in 3..<min(3 + count, payload.count) { type(payload.bytes[place]) }
            return nil
        }
        var reply = Moteus.Payload()
        let piece = console.fetch(min(count, Moteus.Payload.capacity - 3))
        Self.put(into: &reply) { (reply) throws(EncodingError) in
            for byte in [MoteusConsole.read, 1, UInt8(piece.count)] + piece { try reply.append(byte) }
        }
        return reply
    }

    private mutating func type(_ letter: UInt8) {
        guard letter == 0x0A || letter == 0x0D else {
            if console.typed.count < 128 { console.typed.append(letter) }
            return
        }
        let words = String(decoding: console.typed, as: UTF8.self).split(separator: " ").map(String.init)
        console.typed = []
        if !words.isEmpty { obey(words) }
    }

    private mutating func obey(_ words: [String]) {
        switch words[0] {
        case "conf": configure(Array(words.dropFirst()))
        case "d": debug(Array(words.dropFirst()))
        case "tel" where words.dropFirst().first == "stop": console.say("OK")
        default: console.say("ERR unknown command")
        }
    }

    private mutating func configure(_ words: [String]) {
        switch words.first {
        case "enumerate":
            for name in MoteusConfiguration.names { console.say("\(name) \(configuration.text(of: name) ?? "")") }
            console.say("OK")
        case "get":
            console.say(words.count == 2 ? configuration.text(of: words[1]) ?? Self.noName : Self.noName)
        case "set":
            let number = words.count == 3 ? Float(words[2]) : nil
            let isSet = number.map { configuration.set(words[1], to: $0) } ?? false
            console.say(isSet ? "OK" : Self.noName)
        case "write":
            saved = configuration
            console.say("OK")
        case "load":
            configuration = saved
            console.say("OK")
        case "default":
            configuration = MoteusConfiguration()
            console.say("OK")
        default: console.say("ERR unknown subcommand")
        }
    }

    private static let noName = "ERR error finding"

    private mutating func debug(_ words: [String]) {
        let numbers = words.dropFirst().compactMap(Float.init).map(Double.init)
        switch words.first {
        case "stop": stop()
        case "brake": take(MoteusOrder(.brake))
        case "pos": move(.position, words)
        case "zero": move(.zeroVelocity, words)
        case "tmt": move(.timeout, words)
        case "within": move(.stayWithin, words)
        case "nearest" where numbers.count == 1: setOutput(nearest: numbers[0])
        case "exact" where numbers.count == 1: setOutput(exactly: numbers[0])
        case "req-reindex": loseOutput()
        case "recapture": recapture()
        default:
            console.say("ERR unknown command")
            return
        }
        console.say("OK")
    }

    /// Three numbers, then options of one letter and a number each.
    private mutating func move(_ mode: Moteus.Mode, _ words: [String]) {
        guard words.count >= 4 else { return }
        var next = MoteusOrder(mode)
        let numbers = words[1...3].map { Float($0).map(Double.init).flatMap { $0.isNaN ? nil : $0 } }
        next[mode == .stayWithin ? 0x040 : 0x020] = numbers[0]
        next[mode == .stayWithin ? 0x041 : 0x021] = numbers[1]
        next[0x025] = numbers[2]
        for option in words[4...] {
            guard let register = Self.option(option.first), let number = Float(option.dropFirst()) else { continue }
            next[register] = number.isNaN ? nil : Double(number)
        }
        take(next)
    }

    private static func option(_ letter: Character?) -> UInt16? {
        switch letter {
        case "p": 0x023
        case "d": 0x024
        case "i": 0x02B
        case "s": 0x026
        case "f": 0x022
        case "t": 0x027
        case "v": 0x028
        case "a": 0x029
        case "o": 0x02A
        case "c": 0x02C
        case "b": 0x02D
        default: nil
        }
    }
}
