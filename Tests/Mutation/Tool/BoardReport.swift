/// What the tests of an image made of mutants, function by function, beside what the host's tests make of the same ones.
///
/// Of a rule that is not active on the board the image reaches nothing, and its mutants live. Nothing is demanded: what
/// the host notices and the board does not is a question to a person.
struct BoardReport {
    fileprivate struct Row {
        var mutants = 0
        var reached = 0
        var killed = 0
        var known = 0
        var killedOnHost = 0
        var killedOnlyOnHost = 0
    }

    private var rows: [(name: String, row: Row)] = []
    private var all = Row()
    /// What the host notices and the board, which comes there, does not.
    private let questions: [Report.Line]

    init(_ lines: [Report.Line], host: [MutantKey: Outcome]) {
        questions = lines.filter { $0.outcome == .survived && host[$0.key]?.isKilled == true }
        let functions = Dictionary(grouping: lines) { "\($0.mutant.file) \($0.mutant.function)" }
        for name in functions.keys.sorted() {
            var row = Row()
            for line in functions[name] ?? [] { row.add(line.outcome, host: host[line.key]) }
            rows.append((name, row))
            all.add(row)
        }
    }

    var text: String {
        let entries = questions.map { "\nonly the host notices \($0.mutant.file):\($0.mutant.line)\n\($0.key.entry)\n" }
        return table + entries.joined()
    }

    private var table: String {
        let head = ("function", ["mutants", "reached", "on board", "on host", "only host"])
        let rows = [head] + rows.map { ($0.name, $0.row.cells) }
        let width = rows.map(\.0.count).max() ?? 0
        return (rows + [("all", all.cells)]).map { name, cells in
            name + String(repeating: " ", count: width - name.count)
                + cells.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }.joined() + "\n"
        }.joined()
    }
}

extension BoardReport.Row {
    fileprivate mutating func add(_ board: Outcome, host: Outcome?) {
        mutants += 1
        reached += board == .unreached ? 0 : 1
        killed += board.isKilled ? 1 : 0
        guard let host else { return }
        known += 1
        killedOnHost += host.isKilled ? 1 : 0
        killedOnlyOnHost += host.isKilled && board == .survived ? 1 : 0
    }

    fileprivate mutating func add(_ other: Self) {
        mutants += other.mutants
        reached += other.reached
        killed += other.killed
        known += other.known
        killedOnHost += other.killedOnHost
        killedOnlyOnHost += other.killedOnlyOnHost
    }

    /// `-` where the host was not asked.
    fileprivate var cells: [String] {
        let host = known == 0 ? ["-", "-"] : [killedOnHost, killedOnlyOnHost].map(String.init)
        return [mutants, reached, killed].map(String.init) + host
    }
}
