import Foundation

/// What is known already, in a file per state of sources and tests, so that an interrupted campaign goes on.
struct Results {
    private let file: URL
    private(set) var outcomes: [MutantKey: Outcome] = [:]
    private let handle: FileHandle

    init(in folder: URL, fingerprint: Fingerprint) throws {
        try self.init(at: folder.appending(path: "results-\(fingerprint.text).tsv"))
    }

    init(at file: URL) throws {
        self.file = file
        if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 7, let occurrence = Int(words[6]), let outcome = Outcome(rawValue: words[0]) else {
                continue
            }
            let key = MutantKey(
                file: words[1], function: words[2], operation: words[3], original: words[4], mutated: words[5],
                occurrence: occurrence)
            outcomes[key] = outcome
        }
        handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
    }

    mutating func add(_ outcome: Outcome, for key: MutantKey) throws {
        outcomes[key] = outcome
        let words = [
            outcome.rawValue, key.file, key.function, key.operation, key.original, key.mutated, String(key.occurrence),
        ]
        try handle.write(contentsOf: Data((words.joined(separator: "\t") + "\n").utf8))
    }
}

/// The choices after which everything compiled, so that a second start builds at once.
struct Choices: Codable, Equatable {
    let candidates: [Int?]
    let refusals: [String]
    let forms: [Int]

    init(of plan: Plan) {
        candidates = plan.mutants.map(\.choice)
        refusals = plan.mutants.map(\.refusal)
        forms = plan.roots.map(\.form)
    }

    static func file(in folder: URL, _ fingerprint: Fingerprint) -> URL {
        folder.appending(path: "choices-\(fingerprint.text).json")
    }

    static func load(from file: URL) -> Choices? {
        (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(Choices.self, from: $0) }
    }

    func save(to file: URL) throws { try JSONEncoder().encode(self).write(to: file) }

    /// False when they are for another plan.
    func apply(to plan: inout Plan) -> Bool {
        guard candidates.count == plan.mutants.count, forms.count == plan.roots.count else { return false }
        for index in plan.mutants.indices {
            plan.mutants[index].choice = candidates[index]
            plan.mutants[index].refusal = refusals[index]
        }
        for index in plan.roots.indices { plan.roots[index].form = forms[index] }
        return true
    }
}
