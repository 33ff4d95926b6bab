import Ports
import Robots
import VirtualRobot

/// What is to be pretended.
enum VirtualOptions: Equatable, Sendable {
    case listFaults(asJSON: Bool)
    case bus(VirtualBusOptions)
}

struct VirtualBusOptions: Equatable, Sendable {
    var servos: [VirtualServo]
    var rate: BaudRate
    /// A name that leads to the port; nil for none.
    var link: String?
    var faults = FaultPlan.none
}

/// One servo of a virtual bus.
struct VirtualServo: Equatable, Sendable {
    let product: VirtualProduct
    let id: UInt8
}

extension VirtualOptions {
    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let allowed: [Option] = [.servos, .baud, .link, .faults, .seed, .listFaults, .json, .help]
        let line = try CommandLineWords(words, of: .virtual, allowed: allowed)
        if let extra = line.arguments.first { throw .unexpectedArgument(extra, .virtual) }
        if line.has(.listFaults) { return .virtual(.listFaults(asJSON: line.has(.json))) }
        if line.has(.json) { throw .optionWithout(.json, .listFaults, .virtual) }
        guard let text = line.value(of: .servos) else { throw .missingOption(.servos, .virtual) }
        let servos = try line.servos(text)
        guard let usual = servos.first?.product.usualRate else { throw .missingOption(.servos, .virtual) }
        let faults = try line.faults(seed: try line.seed())
        return .virtual(
            .bus(
                VirtualBusOptions(
                    servos: servos, rate: try line.rate() ?? usual, link: line.value(of: .link), faults: faults)))
    }
}

extension CommandLineWords {
    private static let servosExpected =
        "products with their numbers, all of one maker, like xl330-m288:1-3,xm430-w350:7; products are "
        + VirtualProduct.allNames.joined(separator: ", ")

    fileprivate func servos(_ text: String) throws(UsageError) -> [VirtualServo] {
        var servos: [VirtualServo] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let product = VirtualProduct(String(parts[0])),
                let ids = Self.ids(parts[1]), ids.upperBound <= product.greatestID, ids.lowerBound >= product.leastID
            else { throw .badValue("--servos", text, Self.servosExpected, verb) }
            servos += ids.map { VirtualServo(product: product, id: $0) }
        }
        let isOneFamily = Set(servos.map(\.product.family)).count == 1
        let areDifferent = Set(servos.map(\.id)).count == servos.count
        guard isOneFamily, areDifferent, servos.count <= VirtualProduct.mostServos else {
            throw .badValue("--servos", text, "at most 32 servos of one maker, each with a number of its own", verb)
        }
        return servos
    }

    private static func ids(_ text: Substring) -> ClosedRange<UInt8>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt8($0) }
        guard let low = ends.first ?? nil, let high = ends.last ?? nil, low <= high else { return nil }
        return low...high
    }

    fileprivate func seed() throws(UsageError) -> UInt64 {
        guard let text = value(of: .seed) else { return 1 }
        guard let seed = UInt64(text) else { throw .badValue("--seed", text, "a whole number from 0 on", verb) }
        return seed
    }

    fileprivate func faults(seed: UInt64) throws(UsageError) -> FaultPlan {
        guard let text = value(of: .faults) else { return FaultPlan([], seed: seed) }
        do throws(FaultPlanError) {
            return try FaultPlan(parsing: text, seed: seed)
        } catch {
            throw .badValue("--faults", error.word, error.expected, verb)
        }
    }
}

extension FaultPlanError {
    /// The piece of the plan that is wrong.
    fileprivate var word: String {
        switch self {
        case .unknownName(let word), .badTime(let word), .badValue(let word), .badPlace(let word): word
        case .noPlace(let name), .noValue(let name): name.rawValue
        }
    }

    fileprivate var expected: String {
        switch self {
        case .unknownName(let word):
            nearest(to: word, among: FaultName.allCases.map(\.rawValue)).map { "a fault, perhaps '\($0)'" }
                ?? "a fault that 'understudy virtual --list-faults' shows"
        case .badTime: "a time like 250us, 500ms or 2s"
        case .badValue: "a number that this fault can have; 'understudy virtual --list-faults' says which"
        case .badPlace: "the place of a servo along the wire, counted from 1"
        case .noPlace: "no '#': it strikes the whole line"
        case .noValue: "no ':': it takes no number"
        }
    }
}
