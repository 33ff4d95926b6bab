import Quantities
import Supervision

extension RobotReader {
    mutating func body(_ top: Section) -> RobotFile.Body? {
        guard let section = object(FolderKeys.body, top, .body) else { return nil }
        let numbers = numbers(section, .body)
        let file = fileName(section)
        let metal = byJoint(BodyKeys.metal, section, .metal)
        let all = (joints ?? []).map { joint in
            metal[joint.name].map { self.metal($0, joint) } ?? RobotFile.Body.Metal(product: joint.model, numbers: [:])
        }
        guard let file else { return nil }
        return RobotFile.Body(
            file: file, supply: numbers.optional(BodyKeys.supply), supplyResistance: numbers[BodyKeys.resistance],
            ambient: numbers[BodyKeys.ambient], spread: numbers.bare(BodyKeys.spread), metal: all)
    }

    private mutating func metal(_ section: Section, _ joint: RobotFile.Joint) -> RobotFile.Body.Metal {
        let numbers = numbers(section, .metal)
        let product = name(MetalKeys.product, section)
        var given: [String: Float] = [:]
        for row in MetalKeys.numbers { given[row.name] = numbers.optional(row) }
        return RobotFile.Body.Metal(product: product ?? joint.model, numbers: given)
    }

    /// A file beside this one: no way leads out of the folder.
    private mutating func fileName(_ section: Section) -> String? {
        if case .usual(let usual) = BodyKeys.file.presence, section.members[BodyKeys.file.name] == nil { return usual }
        guard let (name, _) = text(BodyKeys.file, section) else { return nil }
        let isPlain = name.unicodeScalars.allSatisfy {
            $0 != "/" && $0 != "\0" && printable($0).unicodeScalars.count == 1
        }
        if isPlain, !name.isEmpty, !name.hasPrefix(".") { return name }
        append(section.problem(BodyKeys.file, .robot(.badFileName(name))))
        return nil
    }

    mutating func policy(_ top: Section) -> RobotFile.Policy? {
        guard let section = object(FolderKeys.policy, top, .policy) else { return nil }
        let numbers = numbers(section, .policy)
        let hidden = widths(section)
        let squash = word(PolicyKeys.squash, section)
        let (deviation, floor) = (numbers.bare(PolicyKeys.deviation), numbers.bare(PolicyKeys.floor))
        if floor > deviation {
            append(
                section.problem(
                    PolicyKeys.floor, .above(numbers.quoted(PolicyKeys.floor), numbers.quoted(PolicyKeys.deviation))))
        }
        guard let hidden else { return nil }
        return RobotFile.Policy(
            hidden: hidden, deviation: deviation, deviationFloor: floor, isClipped: squash == "clip")
    }

    private mutating func widths(_ section: Section) -> [Int]? {
        let row = PolicyKeys.hidden
        guard case .wholes(let low, let high, let most) = row.kind, section.members[row.name] != nil else {
            return [16]
        }
        let elements = elements(row, section)
        guard elements.count <= most else {
            append(section.problem(row, .robot(.tooMany(elements.count, row))))
            return nil
        }
        let widths = elements.enumerated().compactMap { index, element -> Int? in
            let path = "\(section.label)\(row.name)[\(index)]"
            guard case .number(let number) = element.content else {
                append(
                    FileProblem(
                        element.position, path,
                        .wrongKind(ValueKind(element.content), wanted: .whole(low: low, high: high))))
                return nil
            }
            guard number >= Double(low), number <= Double(high), number == number.rounded() else {
                append(FileProblem(element.position, path, .outside(number, row)))
                return nil
            }
            return Int(number)
        }
        return widths.count == elements.count ? widths : nil
    }

    mutating func learning(_ top: Section) -> RobotFile.Learning? {
        guard let section = object(FolderKeys.learning, top, .learning) else { return nil }
        let numbers = numbers(section, .learning)
        let estimator: EstimatorName? = choice(LearningKeys.estimator, section)
        let real = counts(LearningKeys.realLow, LearningKeys.realHigh, section, numbers)
        let model = counts(LearningKeys.modelLow, LearningKeys.modelHigh, section, numbers)
        guard let estimator, let real, let model else { return nil }
        return RobotFile.Learning(
            estimator: estimator, rate: numbers.bare(LearningKeys.rate), discount: numbers.bare(LearningKeys.discount),
            realEpisodes: real, modelEpisodes: model)
    }

    private mutating func counts(
        _ low: KeyRow, _ high: KeyRow, _ section: Section, _ numbers: SectionNumbers
    ) -> ClosedRange<Int>? {
        guard !numbers.isFaulty(low), !numbers.isFaulty(high) else { return nil }
        let (least, most) = (numbers.count(low), numbers.count(high))
        if least <= most { return least...most }
        let row = section.members[low.name] == nil ? high : low
        append(section.problem(row, .robot(.inverted(Double(least), Double(most), highKey: high.name))))
        return nil
    }

    mutating func budget(_ top: Section) -> RobotFile.Budget? {
        guard let section = object(FolderKeys.budget, top, .budget) else { return nil }
        let numbers = numbers(section, .budget)
        return RobotFile.Budget(
            perEpisode: numbers.bare(BudgetKeys.episode), perSecond: numbers.bare(BudgetKeys.time),
            perRadian: numbers.bare(BudgetKeys.travel), perNewtonMetreSecond: numbers.bare(BudgetKeys.torque),
            perKelvin: numbers.bare(BudgetKeys.heat), perOperatorMinute: numbers.bare(BudgetKeys.person),
            operatorMinutes: numbers.bare(BudgetKeys.personTime), limit: numbers.optional(BudgetKeys.limit),
            limitEpisodes: numbers.optional(BudgetKeys.limitEpisodes).map { Int($0) },
            limitTime: numbers.optional(BudgetKeys.limitTime), limitTravel: numbers.optional(BudgetKeys.limitTravel))
    }
}
