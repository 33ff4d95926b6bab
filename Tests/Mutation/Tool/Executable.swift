import Foundation
import Glibc

/// How one run of the tests ended.
enum Outcome: String {
    /// A test failed.
    case failed
    /// The program ended itself by a signal: a precondition, a trap.
    case crashed
    case timedOut = "timed-out"
    case survived
    /// No test runs the place of the mutant, so it was not tried.
    case unreached
    /// Somebody else ended the process, or memory ran out: that says nothing about the mutant.
    case disturbed

    var isKilled: Bool { self == .failed || self == .crashed || self == .timedOut }
}

/// A run of the test program under way.
struct Child {
    let process: pid_t
    let deadline: ContinuousClock.Instant
    /// What the tests say.
    private let pipe: Int32
    private(set) var said: [UInt8] = []
    /// Where to go on looking for a failure.
    private var position = 0
    private let stopsAtFailure: Bool

    init(process: pid_t, pipe: Int32, limit: Duration, stopsAtFailure: Bool) {
        self.process = process
        self.pipe = pipe
        self.stopsAtFailure = stopsAtFailure
        deadline = .now + limit
    }

    /// How it ended; nil while it runs. Once a test has failed nothing else matters, and past the deadline neither.
    mutating func poll() -> Outcome? {
        var status: Int32 = 0
        let hasEnded = unsafe waitpid(process, &status, WNOHANG) == process
        listen()
        if hasEnded { return end(as: Outcome(status: status)) }
        if stopsAtFailure && hasFailed() { return stop(as: .failed) }
        return ContinuousClock.now > deadline ? stop(as: .timedOut) : nil
    }

    private func stop(as outcome: Outcome) -> Outcome {
        var status: Int32 = 0
        // With whatever it has started: an emulator that stands still would never notice that it is alone.
        kill(-process, SIGKILL)
        _ = unsafe waitpid(process, &status, 0)
        return end(as: outcome)
    }

    private func end(as outcome: Outcome) -> Outcome {
        close(pipe)
        return outcome
    }

    private mutating func listen() {
        while true {
            let space = 65_536
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: space) { buffer, count in
                count = unsafe max(0, read(pipe, buffer.baseAddress, space))
            }
            if chunk.isEmpty { return }
            said += chunk
        }
    }

    /// Whether a test has said that it found something wrong; the program will end with a failure then.
    private mutating func hasFailed() -> Bool {
        let sign = Array(" recorded an issue ".utf8)
        while position + sign.count <= said.count {
            if said[position] == sign[0] && said[position...].starts(with: sign) { return true }
            position += 1
        }
        return false
    }
}

extension Outcome {
    /// What the status says that `waitpid` gave.
    init(status: Int32) {
        let signal = status & 0x7f
        switch signal {
        case 0: self = status >> 8 & 0xff == 0 ? .survived : .failed
        case SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE: self = .crashed
        // The alarm that the program has set itself, in case that the tool is late.
        case SIGALRM: self = .timedOut
        default: self = .disturbed
        }
    }
}

/// The built test program.
struct Executable {
    let path: String
    /// What is added to its words and to its surroundings.
    private var words: [String] = []
    private var surroundings: [String: String] = [:]

    init(below folder: URL, configuration: String) throws {
        let products = folder.appending(path: ".build/\(configuration)")
        let names = try FileManager.default.contentsOfDirectory(atPath: products.path)
        guard let name = names.first(where: { $0.hasSuffix(".xctest") }) else {
            throw ToolError.baseline("there is no test program in \(products.path)")
        }
        path = products.appending(path: name).path
    }

    /// The tests of images, with an emulator that runs this one and wakes the mutant in it.
    init(judge: String, image: String, tool: URL) {
        path = judge
        let suites = "TraceTests/image|HostTroubleTests|LimitTests|BrakingTests|StricterTests|EdgeTests|LadderTests"
        words = ["--filter", "FirmwareTests.(\(suites))"]
        let emulator = tool.appending(path: "BoardSwitch/emulator").path
        let found = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        surroundings = ["MUTANT_IMAGE": image, "PATH": "\(emulator):\(found)"]
    }

    /// Starts the tests with a mutant alive; 0 is the unchanged program.
    func start(mutant: Int, reached: String? = nil, limit: Duration) throws -> Child {
        var environment = ProcessInfo.processInfo.environment
        environment["UNDERSTUDY_CAMPAIGN"] = "mutants"
        environment["MUTANT_ACTIVE"] = String(mutant)
        environment["MUTANT_REACHED"] = reached
        environment["MUTANT_PARENT"] = String(getpid())
        environment["MUTANT_SECONDS"] = String(limit.components.seconds + 5)
        environment.merge(surroundings) { $1 }
        var words = [path, "--testing-library", "swift-testing"] + words
        if mutant != 0 { words.append("--quiet") }
        let (process, pipe) = try spawn(words, environment.map { "\($0.key)=\($0.value)" })
        return Child(process: process, pipe: pipe, limit: limit, stopsAtFailure: mutant != 0)
    }

    private func spawn(_ words: [String], _ environment: [String]) throws -> (process: pid_t, pipe: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw ToolError.baseline("no pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        defer { close(ends[1]) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var process: pid_t = 0
        // SAFETY: the copies of both lists live until posix_spawn has returned, which copies them.
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let status = unsafe posix_spawn(&process, path, &actions, &attributes, arguments, variables)
        guard status == 0 else { throw ToolError.baseline("cannot start \(path): errno \(status)") }
        return (process, ends[0])
    }
}
