import Actuators
import Testing
import VirtualRobot

@Suite struct FeetechMemoryTests {
    private static let factory: [(Feetech.Item, Int32)] = [
        (.baudCode, 0), (.returnDelay, 250), (.responseLevel, 1), (.minAngle, 0), (.maxAngle, 4_095),
        (.maxTemperature, 70), (.maxVoltage, 80), (.minVoltage, 40), (.maxTorque, 1_000), (.phase, 12),
        (.unloadMask, 44), (.positionPGain, 32), (.protectiveTorque, 20), (.protectionTime, 200),
        (.overloadTorque, 80), (.torqueEnable, 0), (.torqueLimit, 1_000), (.lock, 1), (.mode, 0),
    ]

    @Test("a new servo has the vendor's numbers", arguments: factory)
    func factoryDefaults(item: Feetech.Item, number: Int32) throws {
        var bench = try FeetechBench(1)
        #expect(try bench.get(item) == number)
    }

    @Test("the models differ in their number", arguments: Feetech.Model.allCases)
    func model(model: Feetech.Model) throws {
        var bench = try FeetechBench(1, model: model)
        #expect(try bench.get(.modelNumber) == Int32(model.rawValue))
    }

    @Test("a locked servo uses what is written and forgets it with the power; an unlocked one keeps it")
    func lock() throws {
        var bench = try FeetechBench(1)
        try bench.set(.maxTemperature, 60)
        #expect(try bench.get(.maxTemperature) == 60)
        bench.bench.wire.restart(0)
        #expect(try bench.get(.maxTemperature) == 70)
        try bench.set(.lock, 0)
        try bench.set(.maxTemperature, 55)
        try bench.set(.acceleration, 20)
        bench.bench.wire.restart(0)
        #expect(try bench.get(.maxTemperature) == 55)
        #expect(try bench.get(.acceleration) == 0)
        #expect(try bench.get(.lock) == 1)
    }

    @Test("the torque limit begins at the saved maximum")
    func torqueLimit() throws {
        var bench = try FeetechBench(1)
        try bench.set(.lock, 0)
        try bench.set(.maxTorque, 300)
        #expect(try bench.get(.torqueLimit) == 1_000)
        bench.bench.wire.restart(0)
        #expect(try bench.get(.torqueLimit) == 300)
    }

    @Test("what may only be read stays as it is", arguments: Feetech.Item.allCases)
    func readOnly(item: Feetech.Item) throws {
        guard item.register.access == .readOnly else { return }
        var bench = try FeetechBench(1)
        let before = try bench.get(item)
        try bench.set(item, 77)
        #expect(try bench.get(item) == before)
    }

    @Test("a write over the end of what may be written takes the part before it")
    func partly() throws {
        var bench = try FeetechBench(1)
        let id = try feetechID(1)
        let data: [3 of UInt8] = [0, 0x11, 0x22]
        #expect(try bench.ask { try $0.write(.one(id), at: 55, data.span) } != nil)
        #expect(try bench.get(.lock) == 0)
        #expect(try bench.get(.presentPosition) == 2_048)
    }

    @Test("the homing offset moves the scale the other way", arguments: [-2_047, -1, 1, 2_047] as [Int32])
    func offset(offset: Int32) throws {
        var bench = try FeetechBench(1)
        try bench.set(.homingOffset, offset)
        bench.run(milliseconds: 1)
        #expect(try bench.get(.homingOffset) == offset)
        #expect(try bench.get(.presentPosition) == (2_048 - offset) & 4_095)
    }

    @Test("128 declares the present position to be the middle, survives the power and does not move the shaft")
    func middle() throws {
        var bench = try FeetechBench(1)
        bench.bench.body.joints[0].position = 1
        bench.run(milliseconds: 1)
        #expect(try bench.get(.presentPosition) == 2_699)
        try bench.set(.torqueEnable, 128)
        #expect(try bench.get(.presentPosition) == 2_048)
        #expect(try bench.get(.homingOffset) == 651)
        try bench.set(.torqueEnable, 1)
        bench.run(milliseconds: 500)
        #expect(abs(bench.bench.body.joints[0].position - 1) < 0.01)
        bench.bench.wire.restart(0)
        #expect(try bench.get(.homingOffset) == 651)
    }

    @Test("a single turn wraps around, several turns go on, and feedback can be reversed")
    func turns() throws {
        var bench = try FeetechBench(1)
        bench.bench.body.joints[0].position = 2 * .pi + 0.0008
        bench.run(milliseconds: 1)
        #expect(try bench.get(.presentPosition) == 2_048)
        try bench.set(.phase, 0x0C | 0x10)
        bench.run(milliseconds: 1)
        #expect(try bench.get(.presentPosition) == 2_048 + 4_096)
        try bench.set(.phase, 0x0C | 0x10 | 0x80)
        bench.run(milliseconds: 1)
        #expect(try bench.get(.presentPosition) == -2_049 - 4_096)
    }
}
