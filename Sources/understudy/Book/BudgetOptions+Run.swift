import Episodes
import Ledger
import Robots

extension BudgetOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        do throws(LedgerError) {
            let reader = try LedgerReader(at: ledger)
            let text = BudgetText(path: reader.path, entries: try reader.history.budget())
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
        return (lines + rows + ["", "\(count) paid. Wear is in millionths of the rated life of the most worn joint."])
            .joined(separator: "\n") + "\n"
    }

    private static func heading(_ word: String) -> String { String(repeating: " ", count: 14 - word.count) + word }

    var json: JSONText {
        .object([
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
