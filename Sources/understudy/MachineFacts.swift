import Robots

/// What was seen of the machine. Only looking and measuring happens while this is made; judging is the report's.
///
/// Nil always means that it could not be looked at, and the report says so.
struct MachineFacts: Sendable {
    var user: String
    var scheduling: SchedulingFacts
    var memory: MemoryFacts
    var clock: ClockFacts
    var cores: CoreFacts
    var kernel: KernelFacts
    var disk: DiskFacts?
    var serial: SerialFacts
    /// The Swift libraries that this process has loaded.
    var swiftLibraries: [String]?
    var envelopes: EnvelopeFacts
}

struct SchedulingFacts: Sendable {
    /// What was asked for.
    var priority: Int32
    /// Nil when it was granted.
    var refusal: FileTrouble?
    /// How late each wake-up of a thread was that slept until a fixed time; in nanoseconds.
    var lateness: [Int64]
    /// How long each sleep was.
    var sleepMicroseconds: Int
}

struct MemoryFacts: Sendable {
    /// Nil when there is no limit.
    var limitBytes: UInt64?
    var triedBytes: Int
    /// Nil when that much memory was locked, and released again.
    var refusal: FileTrouble?
}

struct ClockFacts: Sendable {
    /// What the kernel counts time with.
    var source: String?
    var otherSources: [String]
    var resolutionNanoseconds: Int64?
}

struct CoreFacts: Sendable {
    var online: Int
    /// On how many of them this process may run.
    var allowed: Int?
}

struct KernelFacts: Sendable {
    var release: String?
    var version: String?
    /// Whether it is a kernel with PREEMPT_RT.
    var isRealTime: Bool
}

struct DiskFacts: Sendable {
    var wanted: String
    /// The folder that was looked at: the wanted one or, when it does not exist yet, the nearest above it.
    var found: String
    var freeBytes: UInt64
}

struct SerialFacts: Sendable {
    /// nil when they could not be listed.
    var ports: [PortFacts]?
    /// Whether this user is in the group that owns serial devices on Debian; nil when there is no such group.
    var isInDialout: Bool?
}

struct EnvelopeFacts: Sendable {
    struct File: Sendable {
        var name: String
        /// What is wrong, beginning with the first; empty for a valid file.
        var problems: [String]
    }

    var folder: String
    /// Nil when there is no such folder.
    var files: [File]?
}
