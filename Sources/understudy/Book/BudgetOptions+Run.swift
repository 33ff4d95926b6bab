import Episodes
import Learner
import Learning
import Ledger
import Robots

extension BudgetOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        var next: NextPurchase?
        if let run {
            let file = "\(run)/\(NextPurchase.fileName)"
            guard case .success(let bytes) = surroundings.read(file), let read = NextPurchase(bytes) else {
                return .failure(
                    .invalidConfiguration, "'\(shown(file))' is not what a learner leaves there before it proposes",
                    next: "say with --run the folder of a learner's run", surroundings.errors)
            }
            next = read
        }
        do throws(LedgerError) {
            let reader = try LedgerReader(at: ledger)
            let text = BudgetText(path: reader.path, entries: try reader.history.budget(), next: next)
            return Outcome(output: asJSON ? "\(text.json)\n" : text.text(surroundings.output))
        } catch {
            return error.outcome(ledger, surroundings.errors)
        }
    }
}

/// What `understudy budget` says.
struct BudgetText {
    let path: String
    let entries: [BudgetEntry]
    var next: NextPurchase?

    private var granted: Cost { entries.filter { $0.approval == nil }.reduce(.zero) { $0 + $1.amount } }
    private var spent: Cost { entries.filter { $0.approval != nil }.reduce(.zero) { $0 - $1.amount } }
    private var episodes: Int { entries.count { $0.approval != nil } }

    func text(_ style: Style) -> String {
        let left = granted - spent
        let rows = [("granted", granted), ("spent", spent), ("left", left)].map { name, cost in
            let cells = cost.cells.map { String(repeating: " ", count: max(1, 14 - $0.count)) + $0 }.joined()
            let line = "  " + padded(name, 8) + cells
            return name == "left" && !cost.isCovered ? style.red(line) : line
        }
        let count = episodes == 1 ? "1 episode" : "\(episodes) episodes"
        let lines = [
            style.bold("Budget in \(shown(path))"), "",
            "          " + ["time", "wear", "heat", "attention"].map(BudgetText.heading).joined(),
        ]
        return
            (lines + rows + ["", "\(count) paid. Wear is in millionths of the rated life of the most worn joint."]
            + (next.map { asked($0, left: left) } ?? []))
            .joined(separator: "\n") + "\n"
    }

    /// What is asked for and why, and what that leaves.
    private func asked(_ next: NextPurchase, left: Cost) -> [String] {
        let price = next.price
        let amounts = zip(["time", "wear", "heat", "attention"], price.cells).map { "\($1) of \($0)" }
        let pairs = [
            (left.time.rawValue, price.time.rawValue), (left.wear.rawValue, price.wear.rawValue),
            (left.heat.rawValue, price.heat.rawValue), (left.attention.rawValue, price.attention.rawValue),
        ]
        let enough = pairs.filter { $0.1 > 0 }.map { max(0, $0.0 / $0.1) }.min() ?? 0
        return [
            "", "A learner asks for \(next.plans): \(next.purchase.words).",
            "\(next.others.isEmpty ? "It" : "Each") is expected to take \(amounts.joined(separator: ", ")); what is left is enough for \(enough) like it.",
        ]
    }

    private static func heading(_ word: String) -> String { String(repeating: " ", count: 14 - word.count) + word }

    var json: JSONText {
        let asked: [(key: String, value: JSONText)] = next.map { [("asked", $0.json)] } ?? []
        return .object(
            [
                ("ledger", .text(path)), ("granted", granted.json), ("spent", spent.json),
                ("left", (granted - spent).json),
                (
                    "entries",
                    .list(
                        entries.map { entry in
                            .object([
                                ("entry", .integer(Int(clamping: entry.serial))), ("at", .text(entry.at.description)),
                                ("approval", entry.approval.map { .integer(Int(clamping: $0)) } ?? .null),
                                ("amount", entry.amount.json), ("user", .text(entry.user)), ("why", .text(entry.why)),
                            ])
                        })
                ),
            ] + asked)
    }
}

extension NextPurchase {
    /// Where there are several robots, each with the number of its own.
    fileprivate var plans: String {
        guard !others.isEmpty else { return "plan \(plan.start)" }
        let each = ([plan] + others).enumerated().map { "\($1.start) of robot \($0 + 1)" }
        return "the plans \(each.joined(separator: ", "))"
    }

    fileprivate var json: JSONText {
        .object([
            ("plan", .text(plan.text)), ("purpose", .text("\(purchase.purpose)")), ("why", .text(purchase.words)),
            ("price", price.json), ("others", .list(others.map { .text($0.text) })),
        ])
    }
}

extension Cost {
    /// In the order of the columns, each with its unit.
    fileprivate var cells: [String] {
        [
            "\(thousandths(time.rawValue)) s", "\(wear.rawValue) ppm", "\(thousandths(heat.rawValue)) J",
            "\(thousandths(attention.rawValue)) s",
        ]
    }

    fileprivate var json: JSONText {
        .object([
            ("time_ms", .integer(Int(time.rawValue))), ("wear_microlives", .integer(Int(wear.rawValue))),
            ("heat_mj", .integer(Int(heat.rawValue))), ("attention_ms", .integer(Int(attention.rawValue))),
        ])
    }
}

/// A count of thousandths as a number with as many decimals as it needs.
private func thousandths(_ count: Int64) -> String {
    let (whole, rest) = count.magnitude.quotientAndRemainder(dividingBy: 1_000)
    var digits = String("\(1_000 + rest)".dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return (count < 0 ? "-" : "") + "\(whole)" + (digits.isEmpty ? "" : ".\(digits)")
}
