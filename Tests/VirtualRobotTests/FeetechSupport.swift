import Actuators
import Testing
import VirtualRobot

/// A bench with Feetech servos 1, 2, ... and a master that asks them.
struct FeetechBench {
    var bench: Bench<FeetechWire>

    init(_ servos: Int, model: Feetech.Model = .sts3215) throws {
        let identities = try (1...servos).map {
            FeetechServo.Identity(id: try feetechID(UInt8($0)), model: model, supply: .sevenVolts)
        }
        bench = Bench(FeetechWire(identities), joints: servos)
    }

    mutating func run(milliseconds: Int) { bench.run(milliseconds: milliseconds) }

    /// The status that one servo answers; nil when there is not exactly one.
    mutating func ask(_ write: (inout Feetech.Writer) throws -> Void) rethrows -> FeetechStatus? {
        let answers = bench.send(try feetechPacket(write))
        return answers.count == 1 ? FeetechStatus(answers[0].bytes) : nil
    }

    @discardableResult
    mutating func set(_ item: Feetech.Item, _ number: Int32, of servo: UInt8 = 1) throws -> FeetechStatus? {
        let encoded = try #require(item.register.bytes(of: number))
        let id = try feetechID(servo)
        return try ask { try $0.write(.one(id), at: item.register.address, encoded.span) }
    }

    mutating func get(_ item: Feetech.Item, of servo: UInt8 = 1) throws -> Int32 {
        let id = try feetechID(servo)
        let status = try #require(try ask { try $0.read(id, item.register.region) })
        let number = item.register.number(in: status.parameters.span)
        return try #require(number)
    }

    mutating func faults(of servo: UInt8 = 1) throws -> Feetech.ServoFaults {
        let id = try feetechID(servo)
        return try #require(try ask { try $0.ping(id) }).faults
    }
}

struct FeetechStatus: Equatable {
    let id: UInt8
    let faults: Feetech.ServoFaults
    let parameters: [UInt8]

    /// Nil when the bytes are not one whole packet.
    init?(_ bytes: [UInt8]) {
        var parser = Feetech.Parser()
        guard parser.take(bytes.span) == bytes.count, case .packet(let packet) = parser.next() else { return nil }
        guard case .one(let id) = packet.target, parser.counters.skippedBytes == 0 else { return nil }
        self.id = id.rawValue
        faults = packet.faults
        parameters = parser.parameters.indices.map { parser.parameters[$0] }
    }
}

func feetechID(_ number: UInt8) throws -> Feetech.ServoID { try #require(Feetech.ServoID(number)) }

func feetechPacket(_ write: (inout Feetech.Writer) throws -> Void) rethrows -> [UInt8] {
    var writer = Feetech.Writer()
    try write(&writer)
    return writer.bytes.indices.map { writer.bytes[$0] }
}
