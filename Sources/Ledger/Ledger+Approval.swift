public import Episodes
public import Supervision

// From a proposal to the right to run it once.
extension Ledger {
    /// Keeps a proposal and returns its number. One that waits already keeps the number that it has.
    public mutating func propose(
        _ proposal: Proposal, by author: Author, at now: WallInstant
    ) throws(LedgerError) -> UInt64 {
        try transaction { ledger throws(LedgerError) in
            if let open = try ledger.history.openProposal(proposal.digest) { return open }
            return try ledger.append(
                .proposal,
                [
                    .digest(proposal.digest), .text(proposal.plan.robot.text), .digest(proposal.plan.policy.digest),
                    .blob(proposal.canonicalBytes),
                ] + author.values, at: now)
        }
    }

    /// Approves exactly this plan, once. Whether `author` may, the guard has to know.
    public mutating func approve(
        _ plan: Digest, on ground: Ground = .person, by author: Author, why: String = "", at now: WallInstant
    ) throws(LedgerError) -> Approval {
        try transaction { ledger throws(LedgerError) in
            let proposal = try ledger.history.undecidedProposal(plan)
            try ledger.check(ground)
            try Ledger.check(reason: why, needed: false)
            let serial = try ledger.append(
                .approval,
                [.serial(proposal.serial), .digest(plan), .text(ground.word), .optional(ground.serial)]
                    + author.values + [.text(why)], at: now)
            return proposal.proposal.approval(serial: serial)
        }
    }

    public mutating func deny(
        _ plan: Digest, by author: Author, why: String, at now: WallInstant
    ) throws(LedgerError) {
        try transaction { ledger throws(LedgerError) in
            let proposal = try ledger.history.undecidedProposal(plan)
            try Ledger.check(reason: why)
            try ledger.append(
                .denial, [.serial(proposal.serial), .digest(plan)] + author.values + [.text(why)], at: now)
        }
    }

    /// Several episodes inside one envelope and near one policy; the number names it from now on.
    public mutating func allow(
        _ batch: BatchApproval, by author: Author, why: String, at now: WallInstant
    ) throws(LedgerError) -> UInt64 {
        try Ledger.check(reason: why)
        return try transaction { ledger throws(LedgerError) in
            try ledger.append(
                .batch,
                [
                    .text(batch.robot.text), .digest(batch.task), .digest(batch.envelope), .digest(batch.policy),
                    .integer(Int64(batch.episodes)), .real(Double(batch.greatestDistance)),
                    .real(Double(batch.leastMargin)), .integer(batch.until.milliseconds),
                ] + author.values + [.text(why)], at: now)
        }
    }

    /// A person takes a rule file over, exactly these contents.
    public mutating func adopt(
        _ rule: Name, file: Digest, contents: String, by author: Author, why: String, at now: WallInstant
    ) throws(LedgerError) -> UInt64 {
        try Ledger.check(reason: why)
        guard Digest(of: contents) == file else { throw .refused(.otherText(file: file, text: Digest(of: contents))) }
        return try transaction { ledger throws(LedgerError) in
            try ledger.append(
                .adoption, [.text(rule.text), .digest(file), .text(contents)] + author.values + [.text(why)], at: now)
        }
    }

    /// Ends a batch or an adoption.
    public mutating func withdraw(
        _ serial: UInt64, by author: Author, why: String, at now: WallInstant
    ) throws(LedgerError) {
        try Ledger.check(reason: why)
        try transaction { ledger throws(LedgerError) in
            guard try ledger.history.isInForce(serial) else { throw .refused(.noGround(serial)) }
            try ledger.append(.withdrawal, [.serial(serial)] + author.values + [.text(why)], at: now)
        }
    }

    private func check(_ ground: Ground) throws(LedgerError) {
        switch ground {
        case .person: return
        case .batch(let serial):
            guard let batch = try history.batches().first(where: { $0.serial == serial }) else {
                throw .refused(.noGround(serial))
            }
            let used = try history.uses().count { $0.ground == ground }
            guard used < Int(batch.approval.episodes) else {
                throw .refused(.batchUsedUp(serial, episodes: batch.approval.episodes))
            }
        case .standing(let serial):
            guard try history.adoptions().contains(where: { $0.serial == serial }) else {
                throw .refused(.noGround(serial))
            }
        }
    }

    static func check(reason: String, needed: Bool = true) throws(LedgerError) {
        let length = reason.utf8.count
        guard length <= 2_000, length > 0 || !needed else { throw .refused(.reason(length: length)) }
    }
}

extension Author {
    var values: [SQLValue] {
        [.integer(Int64(userNumber)), .integer(Int64(groupNumber)), .text(name.text), .text(origin)]
    }
}

extension Ground {
    var word: String {
        switch self {
        case .person: "person"
        case .batch: "batch"
        case .standing: "standing"
        }
    }

    var serial: Int64? {
        switch self {
        case .person: nil
        case .batch(let serial), .standing(let serial): Int64(clamping: serial)
        }
    }

    init?(word: String?, serial: UInt64?) {
        switch (word, serial) {
        case ("person", nil): self = .person
        case ("batch", let serial?): self = .batch(serial)
        case ("standing", let serial?): self = .standing(serial)
        default: return nil
        }
    }
}
