import Quantities
import Testing

@testable import Actuators

/// Every register of the vendor's manual, model by model, and none that it does not have.
@Suite struct DynamixelManualTests {
    typealias Item = Dynamixel.Item
    typealias Model = Dynamixel.Model

    /// What the manual says in one line of its table.
    struct Line: Equatable, CustomTestStringConvertible {
        let item: Item
        let address: UInt16
        let width: UInt16
        let access: Access
        var testDescription: String { "\(item)" }

        init(_ address: UInt16, _ width: UInt16, _ item: Item, _ access: Access = .readWrite) {
            self.item = item
            self.address = address
            self.width = width
            self.access = access
        }
    }

    /// What all of them have. Left out are external ports (56 ... 58, 152 ... 156 of the X540) and the indirect registers,
    /// which `IndirectBlock` has.
    static let common: [Line] = [
        Line(0, 2, .modelNumber, .readOnly), Line(2, 4, .modelInformation, .readOnly),
        Line(6, 1, .firmwareVersion, .readOnly), Line(7, 1, .id), Line(8, 1, .baudCode), Line(9, 1, .returnDelay),
        Line(10, 1, .driveMode), Line(11, 1, .operatingMode), Line(12, 1, .shadowID), Line(13, 1, .protocolType),
        Line(20, 4, .homingOffset), Line(24, 4, .movingThreshold), Line(31, 1, .temperatureLimit),
        Line(32, 2, .maxVoltageLimit), Line(34, 2, .minVoltageLimit), Line(36, 2, .pwmLimit),
        Line(44, 4, .velocityLimit), Line(48, 4, .maxPositionLimit), Line(52, 4, .minPositionLimit),
        Line(63, 1, .shutdown), Line(64, 1, .torqueEnable), Line(65, 1, .led), Line(68, 1, .statusReturnLevel),
        Line(69, 1, .registeredInstruction, .readOnly), Line(70, 1, .hardwareErrorStatus, .readOnly),
        Line(76, 2, .velocityIGain), Line(78, 2, .velocityPGain), Line(80, 2, .positionDGain),
        Line(82, 2, .positionIGain), Line(84, 2, .positionPGain), Line(88, 2, .feedForwardSecondGain),
        Line(90, 2, .feedForwardFirstGain), Line(98, 1, .busWatchdog), Line(100, 2, .goalPWM),
        Line(104, 4, .goalVelocity), Line(108, 4, .profileAcceleration), Line(112, 4, .profileVelocity),
        Line(116, 4, .goalPosition), Line(120, 2, .realtimeTick, .readOnly), Line(122, 1, .moving, .readOnly),
        Line(123, 1, .movingStatus, .readOnly), Line(124, 2, .presentPWM, .readOnly),
        Line(128, 4, .presentVelocity, .readOnly), Line(132, 4, .presentPosition, .readOnly),
        Line(136, 4, .velocityTrajectory, .readOnly), Line(140, 4, .positionTrajectory, .readOnly),
        Line(144, 2, .presentInputVoltage, .readOnly), Line(146, 1, .presentTemperature, .readOnly),
    ]
    static let current = [
        Line(38, 2, .currentLimit), Line(102, 2, .goalCurrent), Line(126, 2, .presentCurrent, .readOnly),
    ]
    static let load = [Line(126, 2, .presentLoad, .readOnly)]
    static let backup = [Line(60, 1, .startupConfiguration), Line(147, 1, .backupReady, .readOnly)]
    static let slope = [Line(62, 1, .pwmSlope)]

    static func manual(of model: Model) -> [Line] {
        switch model {
        case .xl330M077, .xl330M288: common + current + backup + slope
        case .xm430W350, .xm430W210, .xm540W270, .xm540W150: common + current + backup
        case .xl430W250: common + load + backup
        case .doubleXL430W250: common + load
        }
    }

    @Test("the table is the manual's, line by line", arguments: Model.allCases)
    func table(model: Model) {
        let found = Item.allCases.compactMap { item in
            model.register(item).map { Line($0.address, $0.width, item, $0.access) }
        }
        let wanted = Self.manual(of: model).sorted { $0.address < $1.address }
        #expect(found.sorted { $0.address < $1.address } == wanted)
    }

    static let signed: Set<Item> = [
        .homingOffset, .goalPWM, .goalCurrent, .goalVelocity, .goalPosition, .presentPWM, .presentCurrent, .presentLoad,
        .presentVelocity, .presentPosition, .velocityTrajectory, .positionTrajectory,
    ]

    @Test("what can be negative is, and nothing else", arguments: Item.allCases)
    func sign(item: Item) {
        for model in Model.allCases {
            #expect(model.register(item).map { $0.isSigned == Self.signed.contains(item) } != false)
        }
    }

    @Test("the larger models measure their current like the X430, and their limits fit")
    func larger() throws {
        for model in [Model.xm540W270, .xm540W150] {
            // 2,047 steps of 2.69 mA are the largest limit of the manual, 16.0 V the highest supply.
            let current = try #require(model.register(.currentLimit)).bytes(of: 2_047)
            let voltage = try #require(model.register(.maxVoltageLimit)).bytes(of: 160)
            #expect(current != nil && voltage != nil)
            #expect(model.current(2_047).map { $0.value > 5.5 && $0.value < 5.51 } == true)
            #expect(Dynamixel.OperatingMode.allCases.allSatisfy(model.allows))
        }
    }

    @Test("a backup carries its key, and a factory reset what it keeps")
    func workbench() throws {
        let key = bytes("43 54 52 4C")
        for step in Dynamixel.BackupStep.allCases {
            let packet = try dynamixelPacket { try $0.backup(dynamixelID(9), step) }
            #expect(packet.dropLast(2) == bytes("FF FF FD 00 09 08 00 20")[...] + [step.rawValue] + key)
        }
        let resets = try Dynamixel.KeptSettings.allCases.map { kept in
            try dynamixelPacket { try $0.factoryReset(dynamixelID(9), keeping: kept) }[8]
        }
        #expect(resets == [0xFF, 0x01, 0x02])
    }

    @Test("a servo at work knows no factory reset and no backup", arguments: [0x06, 0x20] as [UInt8])
    func unknown(code: UInt8) {
        let parameters = bytes("01 43 54 52 4C")
        var failure: Dynamixel.Failure?
        do throws(Dynamixel.Failure) {
            _ = try Dynamixel.Request(code: code, parameters: parameters.span)
        } catch {
            failure = error
        }
        #expect(failure == .instruction)
    }
}
