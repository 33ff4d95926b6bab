import Quantities
import Testing

@testable import Actuators

/// Registers, and what their numbers mean.
@Suite struct DynamixelTableTests {
    typealias Model = Dynamixel.Model
    typealias Item = Dynamixel.Item

    @Test("the numbers of the models are those that the vendor's list gives")
    func numbers() {
        let numbers: [UInt16] = [1020, 1030, 1060, 1090, 1120, 1130, 1190, 1200]
        #expect(Model.allCases.map(\.rawValue) == numbers)
        #expect(Model(rawValue: 12) == nil)
    }

    @Test("no two registers of a model overlap, and none straddles the memories", arguments: Model.allCases)
    func disjoint(model: Model) {
        let registers = Item.allCases.compactMap { model.register($0) }.sorted { $0.address < $1.address }
        for (low, high) in zip(registers, registers.dropFirst()) {
            #expect(low.address + low.width <= high.address)
        }
        for register in registers {
            #expect([1, 2, 4].contains(register.width))
            #expect(register.region == Dynamixel.Region(address: register.address, count: register.width))
            #expect(register.memory == (register.address < 64 ? .persistent : .volatile))
            #expect(register.memory == .volatile || register.address + register.width <= 64)
        }
    }

    static let places: [(Item, UInt16, UInt16)] = [
        (.modelNumber, 0, 2), (.id, 7, 1), (.homingOffset, 20, 4), (.currentLimit, 38, 2), (.shutdown, 63, 1),
        (.torqueEnable, 64, 1), (.hardwareErrorStatus, 70, 1), (.busWatchdog, 98, 1), (.goalCurrent, 102, 2),
        (.goalPosition, 116, 4), (.realtimeTick, 120, 2), (.presentCurrent, 126, 2), (.presentVelocity, 128, 4),
        (.presentPosition, 132, 4), (.presentInputVoltage, 144, 2), (.presentTemperature, 146, 1),
    ]

    @Test("registers are where the manual has them", arguments: places)
    func place(item: Item, address: UInt16, width: UInt16) {
        #expect(Model.xm430W350.register(item)?.region == Dynamixel.Region(address: address, count: width))
    }

    @Test("a model without a current sensor has a load in its place")
    func load() {
        for model in [Model.xl430W250, .doubleXL430W250] {
            #expect(model.register(.presentCurrent) == nil)
            #expect(model.register(.goalCurrent) == nil)
            #expect(model.register(.currentLimit) == nil)
            #expect(model.register(.presentLoad)?.address == 126)
            #expect(!model.allows(.current) && !model.allows(.currentBasedPosition) && model.allows(.pwm))
            #expect(model.current(100) == nil && model.raw(Amperes(1)) == nil)
            #expect(model.duty(load: -500) == Duty(-0.5))
        }
        #expect(Model.xm540W270.register(.presentLoad) == nil)
        #expect(Model.xm540W270.duty(load: 500) == nil)
        #expect(Dynamixel.OperatingMode.allCases.allSatisfy(Model.xl330M077.allows))
    }

    static let versions: [(Model, UInt8, Bool, UInt16)] = [
        (.xl330M288, 45, false, 208), (.xl330M288, 46, true, 208), (.xl330M077, 52, true, 208),
        (.xl330M077, 53, true, 224), (.xl430W250, 44, false, 224), (.xl430W250, 45, true, 224),
        (.xm540W150, 45, true, 224), (.xm430W210, 44, false, 224), (.doubleXL430W250, 60, false, 224),
    ]

    @Test("what a servo can do depends on its version", arguments: versions)
    func version(model: Model, firmware: UInt8, isFast: Bool, data: UInt16) {
        let firmware = Dynamixel.Firmware(firmware)
        #expect(model.answersFastReads(with: firmware) == isFast)
        let block = model.indirectBlock(with: firmware)
        #expect(block.addresses == 168 && block.data == data)
        #expect(block.entries == (data == 208 ? 20 : 28))
        #expect(block.entries >= Dynamixel.Sample.width)
        #expect(model.clearsTurns(with: Dynamixel.Firmware(42)) && !model.clearsTurns(with: Dynamixel.Firmware(41)))
        #expect(model.hasBackup == (model != .doubleXL430W250))
        #expect(model.hasBusWatchdog(with: Dynamixel.Firmware(38)))
        #expect(!model.hasBusWatchdog(with: Dynamixel.Firmware(37)))
    }

    @Test("every number that a register can hold comes back, and the next one does not", arguments: Item.allCases)
    func roundTrip(item: Item) throws {
        for model in [Model.xl330M288, .xl430W250] {
            guard let register = model.register(item) else { continue }
            let range = register.range
            for number in [range.lowerBound, range.lowerBound + 1, 0, 1, range.upperBound - 1, range.upperBound] {
                let written = try #require(register.bytes(of: number))
                let width = written.span.count
                let found = register.number(in: written.span)
                #expect(width == Int(register.width))
                #expect(found == number)
            }
            #expect(register.bytes(of: range.lowerBound - 1) == nil)
            #expect(register.bytes(of: range.upperBound + 1) == nil)
            let short = [UInt8](repeating: 0, count: Int(register.width))
            let past = [1, -1].map { register.number(in: short.span, at: $0) }
            #expect(past == [nil, nil])
        }
    }

    @Test("bytes of registers are equal when all of them are")
    func equal() throws {
        let wide = try #require(Model.xl330M288.register(.goalPosition))
        let narrow = try #require(Model.xl330M288.register(.led))
        #expect(wide.bytes(of: 1) == wide.bytes(of: 1))
        #expect(wide.bytes(of: 1) != wide.bytes(of: 0x0100_0001))
        #expect(wide.bytes(of: 1) != narrow.bytes(of: 1))
    }

    @Test("speeds of the bus", arguments: Model.allCases)
    func baud(model: Model) {
        let speeds: [UInt32] = [9_600, 57_600, 115_200, 1_000_000, 2_000_000, 3_000_000, 4_000_000]
        for (code, speed) in speeds.enumerated() {
            #expect(model.bitsPerSecond(code: UInt8(code)) == speed)
            #expect(model.code(bitsPerSecond: speed) == UInt8(code))
        }
        let isSmall = model == .xl330M077 || model == .xl330M288
        #expect(model.bitsPerSecond(code: 7) == (isSmall ? nil : 4_500_000))
        #expect(model.code(bitsPerSecond: 4_500_000) == (isSmall ? nil : 7))
        #expect(model.bitsPerSecond(code: 8) == nil)
        #expect(model.code(bitsPerSecond: 19_200) == nil)
    }

    @Test("units")
    func units() {
        let model = Model.xm430W350
        #expect(model.position(4_096) == Radians(2 * .pi))
        #expect(model.position(-1_024) == Radians(-.pi / 2))
        #expect(model.raw(Radians(.pi)) == 2_048)
        #expect(
            model.raw(Radians(.nan)) == nil && model.raw(Radians(.infinity)) == nil && model.raw(Radians(1e9)) == nil)
        #expect(model.velocity(1) == RadiansPerSecond(0.0239691))
        #expect(model.raw(RadiansPerSecond(-2.39691)) == -100)
        #expect(model.acceleration(10).value.isNear(3.745))
        #expect(model.raw(RadiansPerSecondSquared(3.745)) == 10)
        #expect(model.raw(RadiansPerSecondSquared(-3.745)) == nil)
        #expect(model.duty(pwm: -885) == Duty(-1))
        #expect(model.rawPWM(Duty(0.5)) == 443 && model.rawPWM(Duty(100)) == nil)
        #expect(model.voltage(121).value.isNear(12.1))
        #expect(model.raw(Volts(12.1)) == 121 && model.raw(Volts(-1)) == nil)
        #expect(model.temperature(41) == Celsius(41))
        #expect(model.returnDelay(250).value.isNear(500e-6))
        #expect(model.clock(32_767).value.isNear(32.767))
    }

    @Test("a current means what the model makes of it")
    func currents() {
        #expect(Model.xl330M288.current(-1_750)?.value.isNear(-1.75) == true)
        #expect(Model.xm430W210.current(1_193)?.value.isNear(3.209) == true)
        #expect(Model.xm540W270.current(2_047)?.value.isNear(5.506) == true)
        #expect(Model.xl330M077.raw(Amperes(-0.5)) == -500)
        #expect(Model.xm540W150.raw(Amperes(2.69)) == 1_000)
        #expect(Model.xl330M077.raw(Amperes(33)) == nil)
    }

    static let window = bytes("20 01 05 64 00 9C FF FF FF 00 08 00 00 7B B0 29 FE FF FF FF E8 03")

    private func read(_ window: [UInt8], _ model: Model) throws -> Dynamixel.Sample? {
        Dynamixel.Sample(window.span, of: model, goal: try #require(model.register(.goalPosition)))
    }

    @Test("one window is the state of a joint")
    func sample() throws {
        let sample = try #require(try read(Self.window, .xl330M288))
        #expect(sample.isDriven)
        #expect(sample.watchdog == .armed(steps: 5))
        #expect(sample.goal == -2)
        #expect(sample.clock == Seconds(1))
        #expect(sample.hardwareError.overload)
        #expect(sample.pull == .current(Amperes(0.1)))
        #expect(sample.velocity.value.isNear(-2.39691))
        #expect(sample.position == Radians(.pi))
        #expect(sample.voltage.value.isNear(12.3))
        #expect(sample.temperature == Celsius(41))
        var other = Self.window
        other[14] = 0x24
        #expect(try read(other, .xl430W250)?.pull == .load(Duty(0.1)))
        #expect(try read(other, .xl330M288) == nil)
        for missing in 1...4 {
            let short = try #require(try read(Self.window.dropLast(missing), .xl330M288))
            #expect(short.clock == nil && short.goal == -2 && short.position == sample.position)
        }
        #expect(try read(Self.window.dropLast(5), .xl330M288) == nil)
        let current = try #require(Model.xl330M288.register(.goalCurrent))
        #expect(Dynamixel.Sample(Self.window.span, of: .xl330M288, goal: current)?.goal == -2)
    }

    @Test("an empty window is none of any model", arguments: Model.allCases)
    func emptyWindow(model: Model) throws { #expect(try read([UInt8](repeating: 0, count: 22), model) == nil) }

    @Test("the window shows the registers that the sample reads")
    func shown() throws {
        let goal = try #require(Model.xl330M288.register(.goalPosition))
        let places = 0..<Dynamixel.Sample.widthWithClock
        let shown = places.compactMap { Dynamixel.Sample.shownAddress(at: $0, goal: goal) }
        #expect(shown == [70, 64, 98] + Array(126...135) + [144, 0, 146] + Array(116...119) + [120, 121])
        #expect(Dynamixel.Sample.shownAddress(at: 22, goal: goal) == nil)
    }

    @Test("the watchdog's register", arguments: 0...UInt8(255))
    func watchdog(raw: UInt8) {
        let watchdog = Dynamixel.BusWatchdog(rawValue: raw)
        switch raw {
        case 0: #expect(watchdog == .off)
        case 255: #expect(watchdog == .tripped)
        case 128...254: #expect(watchdog == nil)
        default:
            #expect(watchdog == .armed(steps: raw))
            #expect(watchdog?.silence == Seconds(0.02) * Float(raw))
            #expect(watchdog?.silence.flatMap(Dynamixel.BusWatchdog.arming) == watchdog)
        }
    }

    @Test("a watchdog is armed for at most the silence that is allowed")
    func arming() {
        #expect(Dynamixel.BusWatchdog.arming(within: Seconds(0.1)) == .armed(steps: 5))
        #expect(Dynamixel.BusWatchdog.arming(within: Seconds(0.119)) == .armed(steps: 5))
        #expect(Dynamixel.BusWatchdog.arming(within: Seconds(0.019)) == nil)
        #expect(Dynamixel.BusWatchdog.arming(within: Seconds(2.6)) == nil)
        #expect(Dynamixel.BusWatchdog.arming(within: Seconds(.nan)) == nil)
        #expect(Dynamixel.BusWatchdog.off.silence == nil)
    }

    @Test("the error byte says alert and failure apart", arguments: 0...UInt8(255))
    func error(raw: UInt8) {
        let error = Dynamixel.StatusError(rawValue: raw)
        #expect(error.hasAlert == (raw >= 128))
        #expect((error.failure == nil) == (raw & 0x7F == 0))
        #expect(Dynamixel.StatusError(hasAlert: error.hasAlert, failure: error.failure) == error)
    }

    @Test("failures have the vendor's numbers")
    func failures() {
        let failures: [Dynamixel.Failure] = [
            .failed, .instruction, .checksum, .dataRange, .dataLength, .dataLimit, .access, .unknown(8),
        ]
        #expect((1...8).map { Dynamixel.StatusError(rawValue: $0).failure } == failures)
    }

    @Test("hardware errors by bit")
    func hardware() {
        #expect(!Dynamixel.HardwareError(rawValue: 0).isPresent)
        #expect(Dynamixel.HardwareError(rawValue: 0x01).inputVoltage)
        #expect(Dynamixel.HardwareError(rawValue: 0x04).overheating)
        #expect(Dynamixel.HardwareError(rawValue: 0x08).encoder)
        #expect(Dynamixel.HardwareError(rawValue: 0x10).electricalShock)
        #expect(Dynamixel.HardwareError(rawValue: 0x20).overload)
        #expect(Dynamixel.HardwareError(rawValue: 0xC2).undocumented == 0xC2)
    }

    @Test("numbers of servos", arguments: [0, 1, 251, 252, 253, 254, 255])
    func identity(raw: UInt8) {
        #expect((Dynamixel.ServoID(raw) != nil) == (raw <= 252))
    }
}

extension Float {
    /// Equal within what single precision loses on the way.
    func isNear(_ other: Float) -> Bool { abs(self - other) <= 1e-4 * abs(other) }
}
