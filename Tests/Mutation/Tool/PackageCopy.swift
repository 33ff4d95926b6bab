import Foundation

/// The copy of the package in which one target is mutated.
struct PackageCopy {
    let original: URL
    let folder: URL
    let target: PackageGraph.Target
    /// What is copied: the tests and all they need.
    private let kept: [PackageGraph.Target]
    /// The folder with the C target that chooses the mutant.
    private let switchFolder: URL

    init(
        of package: URL, in folder: URL, mutating name: String, testedBy tests: [String], tool: URL,
        switch switchName: String = "Switch"
    ) throws {
        let graph = try PackageGraph(of: package)
        original = package
        self.folder = folder
        target = try graph.target(name)
        kept = try graph.closure(of: [name] + tests)
        switchFolder = tool.appending(path: switchName)
    }

    /// The sources to mutate.
    func sources() throws -> [SourceText] { try swiftFiles(of: target) }

    /// The sources of the other targets, except tests.
    func otherSources() throws -> [SourceText] {
        try kept.filter { $0.name != target.name && $0.type != "test" }.flatMap(swiftFiles)
    }

    private func swiftFiles(of target: PackageGraph.Target) throws -> [SourceText] {
        try files(below: original.appending(path: target.folder)).filter { $0.hasSuffix(".swift") }.map { name in
            let url = original.appending(path: target.folder).appending(path: name)
            return SourceText(name: name, text: try String(contentsOf: url, encoding: .utf8))
        }
    }

    /// Everything that decides a result: all that is copied, and the manifest.
    func fingerprint() throws -> Fingerprint {
        var fingerprint = Fingerprint()
        fingerprint.add(try manifest())
        for part in kept {
            for name in try files(below: original.appending(path: part.folder)) {
                fingerprint.add("\(part.folder)/\(name)")
                fingerprint.add(try Data(contentsOf: original.appending(path: "\(part.folder)/\(name)")))
            }
        }
        return fingerprint
    }

    /// Brings the copy up to date, except for the mutated sources. What did not change is not touched.
    func refresh() throws {
        try write(Data(try manifest().utf8), to: "Package.swift")
        for part in kept where part.name != target.name {
            try copy(original.appending(path: part.folder), to: part.folder)
        }
        try copy(switchFolder, to: "MutantSwitch")
        try copy(original.appending(path: target.folder), to: target.folder) { !$0.hasSuffix(".swift") }
        try removeStrangers()
        try linkTheRest()
    }

    func write(_ emission: Emission, of source: SourceText) throws {
        try write(Data(emission.text.utf8), to: "\(target.folder)/\(source.name)")
    }

    /// The original manifest, cut down to what is kept, with the switch as one more target.
    private func manifest() throws -> String {
        let text = try String(contentsOf: original.appending(path: "Package.swift"), encoding: .utf8)
        let names = kept.map { "\"\($0.name)\"" }.joined(separator: ", ")
        // Code that is wrong in its types can keep the compiler busy for seconds; code that is right needs a fraction of
        // this many steps. A number of steps, unlike a time, gives the same answer on a busy machine.
        let flags = #"["-suppress-warnings", "-Xfrontend", "-solver-scope-threshold=30000"]"#
        let settings = target.features + [".unsafeFlags(\(flags))"]
        return text + """

            package.products = []
            package.targets.removeAll { ![\(names)].contains($0.name) }
            package.targets.append(.target(name: "MutantSwitch", path: "MutantSwitch"))
            for target in package.targets where target.name == "\(target.name)" {
                target.dependencies.append("MutantSwitch")
                target.swiftSettings = [\(settings.joined(separator: ", "))]
            }

            """
    }

    // MARK: files

    private func files(below folder: URL) throws -> [String] {
        // The rooms that images share with the host are links.
        let folder = folder.resolvingSymlinksInPath()
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().filter { name in
            var isFolder: ObjCBool = false
            let path = folder.appending(path: name).path
            return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    private func copy(_ source: URL, to place: String, where isWanted: (String) -> Bool = { _ in true }) throws {
        for name in try files(below: source) where isWanted(name) {
            try write(try Data(contentsOf: source.appending(path: name)), to: "\(place)/\(name)")
        }
    }

    private func write(_ data: Data, to place: String) throws {
        let url = folder.appending(path: place)
        if (try? Data(contentsOf: url)) == data { return }
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// Files of the copy whose original is gone.
    private func removeStrangers() throws {
        for part in kept {
            let copied = folder.appending(path: part.folder)
            guard FileManager.default.fileExists(atPath: copied.path) else { continue }
            let known = Set(try files(below: original.appending(path: part.folder)))
            for name in try files(below: copied) where !known.contains(name) {
                try FileManager.default.removeItem(at: copied.appending(path: name))
            }
        }
    }

    /// What tests may read beside the sources, such as pages and golden files, is reached through links.
    private func linkTheRest() throws {
        let copied: Set = ["Package.swift", "Package.resolved", "Sources", "Tests"]
        for name in try FileManager.default.contentsOfDirectory(atPath: original.path)
        where !name.hasPrefix(".") && !copied.contains(name) {
            let link = folder.appending(path: name)
            if (try? FileManager.default.destinationOfSymbolicLink(atPath: link.path)) != nil { continue }
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: original.appending(path: name))
        }
    }
}
