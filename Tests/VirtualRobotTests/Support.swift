import Actuators
import Ports
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

typealias DynamixelBus = VirtualBus<DynamixelWire, LooseJoints>

let millisecond: Int64 = 1_000_000

func instant(_ milliseconds: Double) -> BusInstant {
    BusInstant(nanoseconds: Int64((milliseconds * 1e6).rounded()))
}

/// `"FF FE"` as bytes.
func bytes(_ hex: String) -> [UInt8] { hex.split(separator: " ").compactMap { UInt8($0, radix: 16) } }

func id(_ number: UInt8) -> Dynamixel.ServoID {
    guard let id = Dynamixel.ServoID(number) else { preconditionFailure("no such number") }
    return id
}

/// Servos 1, 2, … with their own motors, at 1 Mbaud and answering at once.
func bench(
    _ model: Dynamixel.Model = .xl330M288, count: UInt8 = 1, faults: String = "", seed: UInt64 = 1,
    firmware: UInt8? = nil, motor: MotorSettings = .xl330, supply: Volts = Volts(5),
    line: (inout LineSettings) -> Void = { _ in }
) throws -> DynamixelBus {
    var settings = LineSettings(rate: BaudRate(1_000_000))
    line(&settings)
    var servos = DynamixelServo.set(model, count: count)
    if let firmware { for place in servos.indices { servos[place].firmware = Dynamixel.Firmware(firmware) } }
    return DynamixelBus(
        wire: DynamixelWire(servos),
        body: LooseJoints(
            [MotorSettings](repeating: motor, count: Int(count)), supply: SupplySettings(voltage: supply)),
        line: settings, faults: try FaultPlan(parsing: faults, seed: seed))
}

extension VirtualBus {
    /// What comes back within a time when these bytes are sent now.
    mutating func ask(_ bytes: [UInt8], within milliseconds: Double = 50) -> [Delivery] {
        send(bytes, at: now)
        return listen(milliseconds)
    }

    mutating func listen(_ milliseconds: Double) -> [Delivery] {
        advance(to: BusInstant(nanoseconds: now.nanoseconds + Int64(milliseconds * 1e6)))
        return takeDeliveries()
    }
}

/// One answer, taken apart by the masters' own parser.
struct Answer: Equatable {
    let id: UInt8
    let error: Dynamixel.StatusError
    let data: [UInt8]

    var failure: Dynamixel.Failure? { error.failure }
}

func answers(in deliveries: [Delivery]) -> [Answer] {
    var parser = Dynamixel.Parser()
    var answers: [Answer] = []
    for delivery in deliveries {
        _ = parser.take(delivery.bytes.span)
        while let event = parser.next() {
            if case .packet(let packet) = event, case .status(let error) = packet.kind,
                case .one(let id) = packet.target
            {
                answers.append(Answer(id: id.rawValue, error: error, data: parser.parameters.array))
            }
        }
    }
    return answers
}

extension VirtualBus where Wire == DynamixelWire {
    /// The answers to one packet of a master.
    mutating func ask(
        within milliseconds: Double = 10, _ write: (inout Dynamixel.Writer) throws -> Void
    ) throws -> [Answer] {
        answers(in: ask(try packet(write), within: milliseconds))
    }

    mutating func write(_ item: Dynamixel.Item, _ number: Int64, id servo: UInt8 = 1) throws -> Dynamixel.Failure? {
        let register = try #require(wire.slaves[0].model.register(item))
        let data = try #require(register.bytes(of: number))
        let said = try ask(within: 2) { try $0.write(.one(id(servo)), at: register.address, data.span) }
        return try #require(said.first, "servo \(servo) says nothing to a write of \(item)").failure
    }

    mutating func read(_ item: Dynamixel.Item, id servo: UInt8 = 1) throws -> Int64 {
        let register = try #require(wire.slaves[0].model.register(item))
        let said = try ask(within: 2) { try $0.read(id(servo), register.region) }
        let data = try #require(said.first, "servo \(servo) says nothing to a read of \(item)").data
        let number = register.number(in: data.span)
        return try #require(number)
    }
}

func packet(_ write: (inout Dynamixel.Writer) throws -> Void) throws -> [UInt8] {
    var writer = Dynamixel.Writer()
    try write(&writer)
    return writer.bytes.array
}
