import Actuators
import Quantities

/// What is written here always fits; were it not so, the figure would mean nothing.
private func written(_ write: () throws(EncodingError) -> Void) {
    do throws(EncodingError) { try write() } catch { preconditionFailure("the bench cannot write: \(error)") }
}

private func needed<Value>(_ value: Value?) -> Value {
    guard let value else { preconditionFailure("the bench has a number that no servo can have") }
    return value
}

extension [UInt8] {
    fileprivate init(_ span: Span<UInt8>) { self = span.indices.map { span[$0] } }
}

struct DynamixelCodec: ~Copyable {
    private let ids = (1...6).map { needed(Dynamixel.ServoID(UInt8($0))) }
    private let region = Dynamixel.Region(address: 224, count: Dynamixel.Sample.width)
    private let goal: [UInt8] = [0, 8, 0, 0]
    private let goalRegister = needed(Dynamixel.Model.xl330M288.register(.goalPosition))
    private var writer = Dynamixel.Writer()
    private var parser = Dynamixel.Parser()
    private var shared: [UInt8] = []
    private var each: [UInt8] = []

    init() {
        let ids = ids
        let window: [UInt8] = [0, 1, 5, 100, 0, 156, 255, 255, 255, 0, 8, 0, 0, 123, 0xB0, 41, 0, 8, 0, 0]
        for id in ids {
            written { () throws(EncodingError) in try writer.status(from: id, .none, window.span) }
            each += [UInt8](writer.bytes)
        }
        written { () throws(EncodingError) in
            try writer.beginFastReply(servos: ids.count, dataBytes: ids.count * window.count)
            for id in ids { try writer.addFastReply(from: id, .none, window.span) }
        }
        shared = [UInt8](writer.bytes)
    }

    mutating func writeGoals() -> Int {
        let ids = ids, goal = goal
        written { () throws(EncodingError) in
            writer.beginSyncWrite(Dynamixel.Region(address: 116, count: 4))
            for id in ids { try writer.addSyncWrite(id, goal.span) }
            try writer.finish()
        }
        return writer.bytes.count
    }

    mutating func writeRequest() -> Int {
        let ids = ids
        written { () throws(EncodingError) in try writer.syncRead(region, from: ids.span, fast: true) }
        return writer.bytes.count
    }

    mutating func parseShared() -> Int {
        let shared = shared
        _ = parser.take(shared.span)
        var samples = 0
        while let event = parser.next() {
            guard event == .fastReply(isIntact: true) else { continue }
            var reply = Dynamixel.FastReply()
            for id in ids {
                guard case .intact(_, let data) = reply.next(from: id, width: region.count, in: parser.raw) else {
                    continue
                }
                if Dynamixel.Sample(parser.raw.extracting(data), of: .xl330M288, goal: goalRegister) != nil {
                    samples += 1
                }
            }
        }
        return samples
    }

    mutating func parseEach() -> Int {
        let each = each
        _ = parser.take(each.span)
        var samples = 0
        while parser.next() != nil {
            if Dynamixel.Sample(parser.parameters, of: .xl330M288, goal: goalRegister) != nil { samples += 1 }
        }
        return samples
    }
}

struct FeetechCodec: ~Copyable {
    private let ids = (1...6).map { needed(Feetech.ServoID(UInt8($0))) }
    private let goal: [UInt8] = [0, 8, 0, 0, 200, 0]
    private var writer = Feetech.Writer()
    private var parser = Feetech.Parser()
    private var each: [UInt8] = []

    init() {
        let state = [UInt8](repeating: 0x5A, count: 15)
        for id in ids {
            written { () throws(EncodingError) in
                try writer.status(from: id, Feetech.ServoFaults(rawValue: 0), state.span)
            }
            each += [UInt8](writer.bytes)
        }
    }

    mutating func writeGoals() -> Int {
        let ids = ids, goal = goal
        written { () throws(EncodingError) in
            writer.beginSyncWrite(Feetech.Region(address: 42, count: 6))
            for id in ids { try writer.addSyncWrite(id, goal.span) }
            try writer.finish()
        }
        return writer.bytes.count
    }

    mutating func parseEach() -> Int {
        let each = each
        _ = parser.take(each.span)
        var answers = 0
        for id in ids {
            parser.expectation = Feetech.Expectation(id: id, parameters: 15)
            guard parser.next() != nil else { continue }
            if Feetech.Item.presentPosition.register.number(in: parser.parameters) == 0x5A5A { answers += 1 }
        }
        return answers
    }
}

struct MoteusCodec: ~Copyable {
    private let addresses = (1...6).map { needed(Moteus.Address(source: 0, destination: UInt8($0), wantsReply: true)) }
    private let command = needed(
        Moteus.PositionCommand(
            position: Radians(1), velocity: .zero, torque: .zero, maximumTorque: NewtonMetres(1), watchdog: Seconds(0.1)
        ))
    private var writer = Moteus.LineWriter(hasChecksum: false)
    private var parser = Moteus.LineParser(needsChecksum: false)
    private var each: [UInt8] = []

    init() {
        let motion: [Moteus.Word] = [.int32(10), .int32(1_000), .int32(-5), .int32(3), .int32(0)]
        let rest: [Moteus.Word] = [.int16(240), .int16(300), .int16(0)]
        for address in addresses {
            var payload = Moteus.Payload()
            written { () throws(EncodingError) in
                try payload.reply(.mode, motion.span)
                try payload.reply(.voltage, rest.span)
            }
            writer.received(Moteus.Frame(address: address, payload: payload))
            each += [UInt8](writer.bytes)
        }
    }

    mutating func writeCommands() -> Int {
        var count = 0
        for address in addresses {
            written { () throws(EncodingError) in
                var payload = try Moteus.Payload(command)
                try payload.queryReading()
                payload.pad()
                writer.send(Moteus.Frame(address: address, payload: payload))
            }
            count += writer.bytes.count
        }
        return count
    }

    mutating func parseEach() -> Int {
        let each = each
        _ = parser.take(each.span)
        var readings = 0
        while let event = parser.next() {
            guard case .line(.received(let frame)) = event else { continue }
            var reading = Moteus.Reading()
            guard (try? reading.take(frame.payload)) != nil, reading.mode == .position else { continue }
            readings += 1
        }
        return readings
    }
}
