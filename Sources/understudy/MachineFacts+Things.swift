import Glibc
import Robots

// Looking at what a robot needs beside time: room, wires, files.

extension MachineFacts {
    /// Looks at the machine that this process runs on. Takes a fifth of a second, most of it asleep.
    init(looking options: DoctorOptions) {
        self.init(
            user: MachineFacts.userName, scheduling: .measured(), memory: .measured(), clock: .measured(),
            cores: .measured(), kernel: .measured(), disk: .measured(options.state), serial: .measured(),
            swiftLibraries: MachineFacts.loadedSwiftLibraries, envelopes: EnvelopeFacts(folder: options.envelopes))
    }

    static var userName: String {
        // SAFETY: the entry is valid until the next such call, and the name is copied at once; the door has one thread.
        unsafe getpwuid(geteuid()).map { unsafe String(cString: $0.pointee.pw_name) } ?? "\(geteuid())"
    }

    /// The names of the Swift libraries among the files that the kernel has mapped for this process.
    private static var loadedSwiftLibraries: [String]? {
        guard case .success(let bytes) = readFile("/proc/self/maps") else { return nil }
        let names = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            line.split(separator: "/").last.map(String.init)
        }
        let own = names.filter { name in
            ["libswift", "libFoundation", "lib_Foundation", "libdispatch", "libBlocksRuntime"].contains {
                name.hasPrefix($0)
            }
        }
        return Set(own).sorted()
    }
}

extension DiskFacts {
    /// Looks at the folder or, when it does not exist yet, at the nearest one above it.
    static func measured(_ wanted: String) -> DiskFacts? {
        var found = wanted
        var facts = statvfs()
        // SAFETY: the call only writes the value that it is given.
        while unsafe statvfs(found, &facts) != 0 {
            guard errno == ENOENT, let parent = parent(of: found) else { return nil }
            found = parent
        }
        let free = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
        return DiskFacts(wanted: wanted, found: found, freeBytes: free)
    }

    /// Nil when there is nothing above.
    private static func parent(of path: String) -> String? {
        let parts = path.split(separator: "/")
        if parts.isEmpty || path == "." { return nil }
        let above = parts.dropLast().joined(separator: "/")
        if path.hasPrefix("/") { return "/" + above }
        return above.isEmpty ? "." : above
    }
}

extension SerialFacts {
    static func measured() -> SerialFacts {
        SerialFacts(ports: try? PortFacts.measured().get(), isInDialout: isInGroup("dialout"))
    }

    /// Nil when there is no such group.
    private static func isInGroup(_ name: String) -> Bool? {
        // SAFETY: the entry is valid until the next such call, and its number is copied at once.
        guard let wanted = unsafe getgrnam(name).map({ unsafe $0.pointee.gr_gid }) else { return nil }
        if geteuid() == 0 || getegid() == wanted { return true }
        var groups = [gid_t](repeating: 0, count: 1_024)
        // SAFETY: the call writes at most as many numbers as the array has.
        let count = unsafe groups.withUnsafeMutableBufferPointer { unsafe getgroups(Int32($0.count), $0.baseAddress) }
        return groups.prefix(max(0, Int(count))).contains(wanted)
    }
}

extension EnvelopeFacts {
    /// Reads every envelope in the folder, as the supervisor would get it.
    init(folder: String) {
        self.folder = folder
        files = namesInFolder(folder)?.filter { $0.hasSuffix(".json5") }.map { name in
            File(name: name, problems: EnvelopeFacts.problems(in: "\(folder)/\(name)"))
        }
    }

    private static func problems(in path: String) -> [String] {
        switch readFile(path) {
        case .failure(let trouble): return [trouble.reason]
        case .success(let bytes):
            do throws(FileProblems) {
                _ = try EnvelopeFile(parsing: bytes)
                return []
            } catch {
                return error.all.map { "line \($0.position.line), \($0.problem)" }
            }
        }
    }
}
