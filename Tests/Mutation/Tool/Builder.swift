import Foundation

/// Builds the mutated package, giving up what does not compile until the rest does.
struct Builder {
    let copy: PackageCopy
    let options: Options
    private(set) var plan: Plan
    private var rounds = 0

    init(_ plan: Plan, in copy: PackageCopy, _ options: Options) {
        self.plan = plan
        self.copy = copy
        self.options = options
    }

    /// One error of the compiler.
    struct Complaint {
        let file: String
        let line: Int
        let text: String
    }

    mutating func build() throws {
        try copy.refresh()
        while true {
            rounds += 1
            var emissions: [String: Emission] = [:]
            for file in plan.files {
                let emission = plan.emission(of: file)
                emissions[file.source.name] = emission
                try copy.write(emission, of: file.source)
            }
            note("building \(plan.mutants.count - plan.dropped.count) mutants, round \(rounds)")
            let result = try compile()
            if result.status == 0 { return }
            guard giveUp(complaints(in: result.text), emissions) else {
                throw ToolError.stuck(String(result.text.suffix(6_000)))
            }
        }
    }

    private func compile() throws -> (status: Int32, text: String) {
        var command = ["swift", "build", "-c", options.configuration]
        if let image = options.image {
            command += ["--product", image, "--triple", "armv7em-none-none-eabi", "--toolset", "toolset.json"]
            command += ["-Xlinker", "--defsym=firmware_build_high=0", "-Xlinker", "--defsym=firmware_build_low=0"]
            return try output(of: command, in: copy.folder)
        }
        command += ["--build-tests", "--disable-xctest"]
        if options.configuration == "release" {
            command += ["-Xswiftc", "-enable-testing", "-Xswiftc", "-assert-config", "-Xswiftc", "Debug"]
        }
        return try output(of: command, in: copy.folder)
    }

    private func complaints(in text: String) -> [Complaint] {
        // Not the whole path: the compiler may know it by another name.
        let folder = "/\(copy.folder.lastPathComponent)/\(copy.target.folder)/"
        return text.split(separator: "\n").compactMap { line in
            guard let start = line.range(of: folder)?.upperBound else { return nil }
            let parts = line[start...].split(separator: ":", maxSplits: 3)
            guard parts.count == 4, let number = Int(parts[1]), parts[3].hasPrefix(" error: ") else { return nil }
            return Complaint(file: String(parts[0]), line: number, text: String(parts[3].dropFirst(8)))
        }
    }

    /// Says whether anything was given up. A mutant whose own lines are at fault goes first; then roots, for what they
    /// repeat may be wrong only because of a mutant in it.
    private mutating func giveUp(_ complaints: [Complaint], _ emissions: [String: Emission]) -> Bool {
        let owned = complaints.compactMap { complaint in
            emissions[complaint.file]?.owners[complaint.line].map { (complaint, $0) }
        }
        if owned.isEmpty { return giveUpRemovals(near: complaints, emissions) }
        var guilty: Set<Int> = []
        for (complaint, owner) in believable(owned) {
            guard let mutant = owner.mutant, guilty.insert(mutant).inserted else { continue }
            plan.giveUpCandidate(of: mutant, because: complaint.text)
        }
        let guiltyRoots = Set(guilty.map { plan.mutants[$0 - 1].root })
        var roots: Set<Int> = []
        for (complaint, owner) in believable(owned) where owner.mutant == nil && !guiltyRoots.contains(owner.root) {
            guard roots.insert(owner.root).inserted else { continue }
            plan.giveUpForm(of: owner.root, because: complaint.text)
        }
        return true
    }

    /// The complaints that are not consequences of others.
    ///
    /// Where a name gets no type, whatever uses it fails as well, with misleading reasons. So nothing is believed that
    /// comes after such a place in the same function, and nothing elsewhere when the name belongs to a type.
    private func believable(_ owned: [(Complaint, Emission.Owner)]) -> [(Complaint, Emission.Owner)] {
        let members = owned.filter { plan.roots[$0.1.root].naming == .member }
        if !members.isEmpty { return members }
        var firstNaming: [String: Int] = [:]
        func function(_ owner: Emission.Owner, _ complaint: Complaint) -> String {
            "\(complaint.file) \(plan.roots[owner.root].function)"
        }
        for (complaint, owner) in owned where plan.roots[owner.root].naming == .local {
            let name = function(owner, complaint)
            firstNaming[name] = min(firstNaming[name] ?? owner.root, owner.root)
        }
        return owned.filter { complaint, owner in owner.root <= firstNaming[function(owner, complaint)] ?? .max }
    }

    /// An error outside of every root: a value that is no longer given before it is used. The removed statements of
    /// that function are to blame.
    private mutating func giveUpRemovals(near complaints: [Complaint], _ emissions: [String: Emission]) -> Bool {
        var functions: Set<String> = []
        for complaint in complaints {
            guard let owners = emissions[complaint.file]?.owners else { continue }
            let before = owners.keys.filter { $0 <= complaint.line }.max()
            guard let root = before.flatMap({ owners[$0]?.root }) else { continue }
            functions.insert("\(complaint.file) \(plan.roots[root].function)")
        }
        let removals = plan.living.map(\.mutant).filter {
            $0.site.operation == .statement && functions.contains("\($0.file) \($0.function)")
        }
        for mutant in removals { plan.giveUpCandidate(of: mutant.number, because: "needed elsewhere") }
        return !removals.isEmpty
    }
}
