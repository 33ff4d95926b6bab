public import Episodes
public import Supervision

// What else is worth an entry.
extension Ledger {
    /// A person adds to the budget; with amounts below zero, takes away.
    public mutating func grant(
        _ budget: Cost, by author: Author, why: String, at now: WallInstant
    ) throws(LedgerError) -> UInt64 {
        try Ledger.check(reason: why)
        return try transaction { ledger throws(LedgerError) in
            try ledger.append(
                .budget, [.text("grant"), .null] + budget.values + author.values + [.text(why)], at: now)
        }
    }

    /// A calibration, with the bytes that its hash is about.
    public mutating func keep(
        calibration name: Name, of robot: Name, bytes: [UInt8], by author: Author, at now: WallInstant
    ) throws(LedgerError) -> UInt64 {
        try transaction { ledger throws(LedgerError) in
            try ledger.append(
                .calibration,
                [.text(robot.text), .text(name.text), .digest(Digest(of: bytes.span)), .blob(bytes)] + author.values,
                at: now)
        }
    }

    /// A fault; the number that comes back is the one to clear it by.
    public mutating func report(
        _ fault: Fault, during approval: UInt64? = nil, joint: UInt8? = nil, detail: String = "", at now: WallInstant
    ) throws(LedgerError) -> UInt64 {
        try transaction { ledger throws(LedgerError) in
            try ledger.append(
                .fault,
                [
                    .integer(Int64(fault.rawValue)), approval.map { .serial($0) } ?? .null,
                    .optional(joint.map(Int64.init)), .text(detail),
                ], at: now)
        }
    }

    public mutating func clear(
        fault serial: UInt64, by author: Author, why: String, at now: WallInstant
    ) throws(LedgerError) {
        try clear(faults: [serial], by: author, why: why, at: now)
    }

    /// All of them at once, or none.
    public mutating func clear(
        faults serials: [UInt64], by author: Author, why: String, at now: WallInstant
    ) throws(LedgerError) {
        try Ledger.check(reason: why)
        try transaction { ledger throws(LedgerError) in
            for serial in serials {
                switch try ledger.history.isOpen(fault: serial) {
                case nil: throw .refused(.unknownFault(serial))
                case false?: throw .refused(.alreadyCleared(serial))
                case true?: break
                }
                try ledger.append(.clearance, [.serial(serial)] + author.values + [.text(why)], at: now)
            }
        }
    }

    /// Somebody asked for something that they did not get.
    public mutating func refuse(
        _ asked: String, of author: Author, why: String, at now: WallInstant
    ) throws(LedgerError) {
        try Ledger.check(reason: asked)
        try Ledger.check(reason: why)
        try transaction { ledger throws(LedgerError) in
            _ = try ledger.append(.refusal, [.text(asked)] + author.values + [.text(why)], at: now)
        }
    }
}
