import Actuators
import Ports

/// Something that is done with one family's servos, whichever it is.
protocol BenchJob: ~Copyable {
    mutating func run<Bench: ServoBench & ~Copyable>(_ bench: Bench.Type)
}

extension ServoFamily {
    /// The one place where a family is chosen.
    func perform(_ job: inout some BenchJob & ~Copyable) {
        switch self {
        case .dynamixel: job.run(DynamixelBench.self)
        case .feetech: job.run(FeetechBench.self)
        case .moteus: job.run(MoteusBench.self)
        }
    }

    var facts: FamilyFacts {
        var asking = FactsJob()
        perform(&asking)
        guard let facts = asking.facts else { preconditionFailure("a job is done before it comes back") }
        return facts
    }
}

/// What is known of a family without asking a servo.
struct FamilyFacts {
    let ids: ClosedRange<UInt8>
    let rates: [BaudRate]
    let factory: (id: UInt8, rate: BaudRate)
    let factoryRates: [BaudRate]
    let registers: (UInt32?) -> [BenchRegister]
    let meaning: (Int64, BenchRegister, UInt32?) -> RegisterMeaning?
    let modelName: (UInt32) -> String?
    let refusalName: (UInt8) -> String?
    let steps: (BenchAct, UInt8) -> [BenchStep]?
    let closing: (BenchAct, UInt8) -> [BenchStep]
    let code: (BaudRate, UInt32?) -> Int64?
    let stopsByItself: (ServoIdentity) -> Bool
    let wanted: [BenchWish]

    /// Whether this program sets anything in servos of the family.
    var isSettable: Bool { register(.id, of: nil) != nil }

    func register(_ role: BenchRegister.Role, of model: UInt32?) -> BenchRegister? {
        registers(model).first { $0.role == role }
    }
}

private struct FactsJob: BenchJob {
    var facts: FamilyFacts?

    mutating func run<Bench: ServoBench & ~Copyable>(_ bench: Bench.Type) {
        facts = FamilyFacts(
            ids: Bench.ids, rates: Bench.rates, factory: Bench.factory, factoryRates: Bench.factoryRates,
            registers: { Bench.registers(ofModel: $0) },
            meaning: { Bench.meaning(of: $0, in: $1, model: $2) }, modelName: { Bench.name(ofModel: $0) },
            refusalName: { Bench.name(ofRefusal: $0) }, steps: { Bench.steps($0, of: $1) },
            closing: { Bench.closing($0, of: $1) }, code: { Bench.code(of: $0, model: $1) },
            stopsByItself: { Bench.stopsByItself($0) }, wanted: Bench.wanted)
    }
}
