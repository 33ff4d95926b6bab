import Foundation
import Glibc
import Ports
import Synchronization
import TestSupport

/// `understudy virtual` as a process of its own, in a folder of its own that is looked at when it has ended. Whoever lets
/// go of it ends it, however the test went; should the tests themselves die, the kernel does.
final class VirtualProcess: Sendable {
    let folder: String
    private let life = Life()

    /// What the thread that waits for the process knows of it.
    private final class Life: Sendable {
        let ended = Atomic(false)
        let outcome = Mutex<Result<ProcessRun, any Error>?>(nil)

        func run(_ script: String) {
            let result = Result { try ProcessRun.shell(script, environment: ["SWIFT_BACKTRACE": "enable=no"]) }
            outcome.withLock { $0 = result }
            ended.store(true, ordering: .releasing)
        }
    }

    /// - Parameter words: behind the verb; `HERE` stands for the folder.
    /// - Parameter terminal: what the process has for its input and output; nil for files.
    /// - Parameter verb: another one than `virtual`.
    /// - Parameter before: of the program's name, such as `env` with its words.
    init(_ words: String, terminal: String? = nil, verb: String = "virtual", before: String = "") throws {
        let folder = "/tmp/virtual-\(UUID().uuidString.prefix(8))"
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ends = terminal.map { "<\($0) >\($0)" } ?? ">\(folder)/said"
        let words = words.replacing("HERE", with: folder)
        let script =
            "echo $$ >\(folder)/pid; exec setpriv --pdeathsig KILL \(before) ./understudy \(verb) \(words) \(ends)"
        let thread = Thread { [life] in life.run(script) }
        thread.start()
    }

    deinit {
        if !hasEnded {
            try? signal(SIGKILL)
            _ = try? end()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    var hasEnded: Bool { life.ended.load(ordering: .acquiring) }

    private func text(_ name: String) -> String? {
        (try? FileHandle(forReadingFrom: URL(filePath: "\(folder)/\(name)")))
            .flatMap { try? $0.readToEnd() }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// What it has said so far.
    var said: String { text("said") ?? "" }

    /// What it prints first: where it can be reached.
    func port() throws -> String {
        try waited { self.said.firstIndex(of: "\n").map { String(self.said[..<$0]) } }
    }

    /// Waits for something, with the patience that a loaded machine needs.
    func waited<Thing>(_ what: () throws -> Thing?) throws -> Thing {
        let end = MonotonicInstant.now() + .seconds(180)
        while MonotonicInstant.now() < end {
            if let thing = try what() { return thing }
            usleep(2_000)
        }
        throw VirtualProcessTrouble.neverCame
    }

    var number: pid_t {
        get throws {
            try waited { self.text("pid").flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) } }
        }
    }

    func signal(_ signal: Int32) throws { kill(try number, signal) }

    /// Takes away what it has started, such as the emulator of its board.
    func endChildren() throws {
        let own = try number
        let children = try String(contentsOfFile: "/proc/\(own)/task/\(own)/children", encoding: .utf8)
        for child in children.split(separator: " ").compactMap({ pid_t($0) }) { kill(child, SIGKILL) }
    }

    /// Waits for its end. Throws with its wait status when a signal ended it.
    func end() throws -> ProcessRun {
        _ = try waited { self.hasEnded ? true : nil }
        guard let result = life.outcome.withLock({ $0 }) else { throw VirtualProcessTrouble.neverCame }
        return try result.get()
    }

    /// What lies in its folder beside what the test itself has put there.
    var leftovers: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0 != "pid" && $0 != "said" }.sorted()
    }
}

/// What a process should have done, and never did.
enum VirtualProcessTrouble: Error { case neverCame, otherVerb }
