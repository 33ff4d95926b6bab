import Foundation

@main
struct Mutate {
    let options: Options
    let folder: URL
    let copy: PackageCopy
    /// Of what is built, and of that and what judges it.
    let sources: Fingerprint
    let fingerprint: Fingerprint
    let equivalents: Equivalents

    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        if words.contains("--help") {
            print(Options.help)
            return
        }
        do {
            let isClean = try Mutate(try Options(words)).run()
            exit(isClean ? 0 : 1)
        } catch ToolError.usage(let problem) {
            note("error: \(ToolError.usage(problem))")
            exit(2)
        } catch {
            note("error: \(error)")
            exit(3)
        }
    }

    init(_ options: Options) throws {
        self.options = options
        let scratch = options.scratch ?? options.package.appending(path: ".build/mutation")
        folder = scratch.appending(path: options.image.map { "\(options.target)-\($0)" } ?? options.target)
        copy = try PackageCopy(
            of: options.mutated, in: folder.appending(path: "package"), mutating: options.target,
            testedBy: options.users, tool: options.tool, switch: options.image == nil ? "Switch" : "BoardSwitch")
        let list = options.equivalentFile
        let exists = FileManager.default.fileExists(atPath: list.path)
        equivalents = try Equivalents(exists ? String(contentsOf: list, encoding: .utf8) : "")
        try FileManager.default.createDirectory(at: copy.folder, withIntermediateDirectories: true)
        var fingerprint = try copy.fingerprint()
        fingerprint.add(options.configuration)
        fingerprint.add(try output(of: ["swift", "--version"], in: folder).text)
        fingerprint.add(try Data(contentsOf: URL(filePath: CommandLine.arguments[0])))
        sources = fingerprint
        if options.image != nil {
            // The tests are built from sources of the package around the image's, whose folders they share.
            let tests = try PackageCopy(
                of: options.package, in: folder, mutating: options.target, testedBy: [Options.imageTests],
                tool: options.tool)
            fingerprint.add(try tests.fingerprint().text)
        }
        self.fingerprint = fingerprint
    }

    /// Says whether nothing survived.
    func run() throws -> Bool {
        let plan = try build(Plan(try copy.sources(), others: try copy.otherSources()))
        if options.showsDropped { for mutant in plan.dropped { print("dropped", describe(mutant)) } }
        if options.buildsOnly { return true }
        let chosen = choose(from: plan.living)
        guard !chosen.isEmpty else { throw ToolError.usage("no mutant fits --only") }
        if options.lists {
            for (mutant, key) in chosen { print("\(mutant.file):\(mutant.line)\n\(key.entry)") }
            return true
        }
        let report = try judge(chosen, of: plan)
        if options.image != nil {
            print(BoardReport(report.lines, host: try hostOutcomes()).text, terminator: "")
            return true
        }
        print(report.text, terminator: "")
        return report.isClean
    }

    private func executable() throws -> Executable {
        guard let image = options.image else {
            return try Executable(below: copy.folder, configuration: options.configuration)
        }
        let built = copy.folder.appending(path: ".build/\(options.configuration)/\(image)").resolvingSymlinksInPath()
        return Executable(judge: options.judge.path, image: built.path, tool: options.tool)
    }

    /// What the latest campaign on the host has found; empty when there was none.
    private func hostOutcomes() throws -> [MutantKey: Outcome] {
        let host = folder.deletingLastPathComponent().appending(path: options.target)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: host.path)) ?? []
        let files = names.filter { $0.hasPrefix("results-") }.map { host.appending(path: $0) }
        func age(_ file: URL) -> Date {
            (try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate) ?? .distantPast
        }
        guard let latest = files.max(by: { age($0) < age($1) }) else { return [:] }
        return try Results(at: latest).outcomes
    }

    private func describe(_ mutant: Mutant) -> String {
        let shown = mutant.site.candidates.map(\.shown).joined(separator: " | ")
        return
            "\(mutant.file):\(mutant.line) \(mutant.site.operation.rawValue): \(mutant.site.original)  ->  \(shown)\n"
            + "    \(mutant.refusal)"
    }

    private func build(_ unbuilt: Plan) throws -> Plan {
        var plan = unbuilt
        let file = Choices.file(in: folder, sources)
        let known = Choices.load(from: file)
        _ = known?.apply(to: &plan)
        var builder = Builder(plan, in: copy, options)
        try builder.build()
        try Choices(of: builder.plan).save(to: file)
        return builder.plan
    }

    private func choose(from living: [(mutant: Mutant, key: MutantKey)]) -> [(mutant: Mutant, key: MutantKey)] {
        let fitting = living.filter { mutant, _ in
            guard let only = options.only else { return true }
            return (mutant.file == only.file || mutant.file.hasSuffix("/" + only.file))
                && (only.line ?? mutant.line) == mutant.line
        }
        guard let sample = options.sample else { return fitting }
        return fitting.sorted { rank($0.key) < rank($1.key) }.prefix(sample).sorted {
            $0.mutant.number < $1.mutant.number
        }
    }

    /// Where a seed puts a mutant in line.
    private func rank(_ key: MutantKey) -> UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.add("\(options.seed) \(key.entry)")
        return fingerprint.value
    }

    private func judge(_ chosen: [(mutant: Mutant, key: MutantKey)], of plan: Plan) throws -> Report {
        let executable = try executable()
        // The tests of images take long, and always about as long: their time is counted in instructions. One that stands
        // still would be waited for longer than all others take together.
        let isImage = options.image != nil
        let campaign = Campaign(
            executable: executable, jobs: options.jobs, folder: folder, runs: isImage ? 1 : 3,
            patience: isImage ? 4 : 10)
        var results = try Results(in: folder, fingerprint: fingerprint)
        let keys = Dictionary(uniqueKeysWithValues: chosen.map { ($0.mutant.number, $0.key) })
        let waiting = chosen.filter { results.outcomes[$0.key] == nil }.map(\.mutant)
        let start = ContinuousClock.now
        if !waiting.isEmpty {
            let baseline = try campaign.baseline()
            note("\(chosen.count) mutants, \(waiting.count) to run; the tests take \(baseline.time)")
            var progress = Progress(of: waiting.count)
            try campaign.run(waiting, baseline) { mutant, outcome in
                guard let key = keys[mutant.number] else { return }
                try results.add(outcome, for: key)
                progress.add(outcome, key, of: mutant)
            }
            note("done in \(ContinuousClock.now - start)")
        }
        let lines = chosen.compactMap { mutant, key in
            results.outcomes[key].map { Report.Line(mutant: mutant, key: key, outcome: $0) }
        }
        return Report(
            lines: lines, equivalents: equivalents, known: Set(plan.living.map(\.key)), dropped: plan.dropped)
    }
}

/// Tells how far a campaign is: every survivor at once, and every tenth of the way.
struct Progress {
    private let count: Int
    private var finished = 0
    private var killed = 0

    init(of count: Int) { self.count = count }

    mutating func add(_ outcome: Outcome, _ key: MutantKey, of mutant: Mutant) {
        let before = finished * 10 / count
        finished += 1
        if outcome.isKilled { killed += 1 }
        if !outcome.isKilled {
            note("\(outcome.rawValue) \(mutant.file):\(mutant.line) \(key.original) -> \(key.mutated)")
        }
        if finished * 10 / count > before { note("\(finished) of \(count), \(killed) killed") }
    }
}
