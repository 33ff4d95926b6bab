internal import Actuators

// From a packet to the answers of those it is for.
extension DynamixelWire {
    /// Instructions that masters of this house never send.
    private enum Rare {
        static let factoryReset: UInt8 = 0x06
        static let backup: UInt8 = 0x20
        static let backupKey: [UInt8] = [0x43, 0x54, 0x52, 0x4C]
    }

    /// What one servo has to say.
    struct Word {
        var failure: Dynamixel.Failure?
        var data: [UInt8] = []
    }

    /// The status return levels from which on something is answered.
    enum Level: Int64 {
        case always = 0
        case reads = 1
        case everything = 2
    }

    mutating func answer(_ packet: DynamixelHeard, _ hearers: [Int], at instant: BusInstant) -> [WireAnswer] {
        guard !packet.isStatus else { return [] }
        let named = hearers.filter { packet.target == DynamixelHeard.everyone || slaves[$0].isNamed(packet.target) }
        guard packet.isIntact else {
            return packet.target == DynamixelHeard.everyone
                ? [] : together(named.map { word(Word(failure: .checksum), of: $0, .everything) })
        }
        for slave in hearers { slaves[slave].heardAt = instant }
        let parameters = packet.parameters
        let request: Dynamixel.Request
        do throws(Dynamixel.Failure) {
            request = try Dynamixel.Request(code: packet.instruction, parameters: parameters.span)
        } catch {
            return rare(packet, error, parameters, named)
        }
        return answer(request, packet.target, parameters, hearers, named)
    }

    private mutating func answer(
        _ request: Dynamixel.Request, _ target: UInt8, _ parameters: [UInt8], _ hearers: [Int], _ named: [Int]
    ) -> [WireAnswer] {
        switch request {
        case .syncRead(_, let fast), .bulkRead(let fast):
            guard target == DynamixelHeard.everyone else { return [] }
            let chain = chain(request, parameters, hearers)
            return fast ? shareAnswer(chain, request, parameters) : chain.flatMap { together($0.slaves.map(read)) }
        case .syncWrite, .bulkWrite:
            guard target == DynamixelHeard.everyone else { return [] }
            writeShares(request, parameters, hearers)
            return []
        case .ping:
            let ordered = named.sorted { slaves[$0][.id] < slaves[$1][.id] }
            let answers = ordered.map { word(Word(data: slaves[$0].identity), of: $0, .always) }
            return target == DynamixelHeard.everyone ? answers.compactMap(\.self) : together(answers)
        case .read(let region):
            return target == DynamixelHeard.everyone
                ? [] : together(named.map { read(Turn(slave: $0, region: region)) })
        case .write, .registerWrite, .action, .reboot, .clearTurns:
            let doers = hearers.filter { named.contains($0) || slaves[$0].shadows(target) }
            return together(doers.map { carryOut(request, target, parameters, $0) })
        }
    }

    /// What one servo does and then says, under the number by which it was called also when it has a new one now.
    private mutating func carryOut(
        _ request: Dynamixel.Request, _ target: UInt8, _ parameters: [UInt8], _ slave: Int
    ) -> WireAnswer? {
        let isAsked = slaves[slave].isNamed(target)
        let speaker = slaves[slave].answeringID
        let said = carryOut(request, parameters, slave)
        return isAsked ? word(said, of: slave, .everything, as: speaker) : nil
    }

    private mutating func carryOut(_ request: Dynamixel.Request, _ parameters: [UInt8], _ slave: Int) -> Word {
        do throws(Dynamixel.Failure) {
            switch request {
            case .write(let address): try slaves[slave].write(Array(parameters[2...]), at: address)
            case .registerWrite(let address): try slaves[slave].register(Array(parameters[2...]), at: address)
            case .action: try slaves[slave].actNow()
            case .clearTurns: try slaves[slave].clearTurns()
            case .reboot: slaves[slave].rebootsNext = true
            case .ping, .read, .syncRead, .syncWrite, .bulkRead, .bulkWrite: break
            }
            return Word()
        } catch {
            return Word(failure: error)
        }
    }

    private mutating func writeShares(_ request: Dynamixel.Request, _ parameters: [UInt8], _ hearers: [Int]) {
        for slave in hearers {
            for item in [Dynamixel.Item.id, .shadowID] {
                guard let id = UInt8(exactly: slaves[slave][item]).flatMap(Dynamixel.ServoID.init),
                    let share = request.share(of: id, in: parameters.span)
                else { continue }
                // Nobody hears of it when it fails.
                try? slaves[slave].write(Array(parameters[share.data]), at: share.region.address)
                break
            }
        }
    }

    private mutating func rare(
        _ packet: DynamixelHeard, _ failure: Dynamixel.Failure, _ parameters: [UInt8], _ named: [Int]
    ) -> [WireAnswer] {
        let isForAll = packet.target == DynamixelHeard.everyone
        let words = named.map { slave in
            let said: Word
            switch packet.instruction {
            case Rare.factoryReset: said = resetToFactory(slave, parameters, isForAll: isForAll)
            case Rare.backup: said = keepBackup(slave, parameters)
            default: said = Word(failure: failure)
            }
            return word(said, of: slave, .everything)
        }
        return isForAll ? [] : together(words)
    }

    private mutating func resetToFactory(_ slave: Int, _ parameters: [UInt8], isForAll: Bool) -> Word {
        // Everybody with number 1 at once: newer firmware refuses to make such a bus.
        let isRefused = isForAll && parameters == [0xFF] && slaves[slave].servo.firmware >= Dynamixel.Firmware(42)
        guard let kept = Self.kept(by: parameters), !isRefused else { return Word(failure: .failed) }
        slaves[slave].factoryReset = kept
        slaves[slave].rebootsNext = true
        return Word()
    }

    private static func kept(by parameters: [UInt8]) -> Set<Dynamixel.Item>? {
        switch parameters {
        case [0xFF]: []
        case [0x01]: [.id]
        case [0x02]: [.id, .baudCode]
        default: nil
        }
    }

    private mutating func keepBackup(_ slave: Int, _ parameters: [UInt8]) -> Word {
        guard Array(parameters.dropFirst()) == Rare.backupKey else { return Word(failure: .dataRange) }
        guard !slaves[slave].hasTorque else { return Word(failure: .failed) }
        switch parameters[0] {
        case 1:
            slaves[slave].backup = slaves[slave].table
            slaves[slave][.backupReady] = 1
        case 2 where slaves[slave].backup != nil: slaves[slave].restoreBackup()
        default: return Word(failure: .failed)
        }
        return Word()
    }
}
