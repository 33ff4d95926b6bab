public import Models
public import Policies

// What machines that share a rehearsal say to each other: the bits of a checkpoint, without its hash.

/// Parts to be played, in bytes.
public struct StageOrder: Equatable, Sendable {
    public let policy: Policy
    public let parts: [StagePart]
    public let isQuiet: Bool

    public init(_ policy: Policy, _ parts: [StagePart], isQuiet: Bool) {
        (self.policy, self.parts, self.isQuiet) = (policy, parts, isQuiet)
    }

    public var encoded: [UInt8] {
        var writer = CheckpointWriter()
        writer.put(policy)
        writer.put(UInt8(isQuiet ? 1 : 0))
        writer.put(parts) { $0.put($1) }
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(CheckpointError) {
        var reader = CheckpointReader(bytes)
        policy = try reader.policy()
        let quiet: UInt8 = try reader.number()
        isQuiet = quiet == 1
        parts = try reader.list { (reader) throws(CheckpointError) in try reader.part() }
        guard reader.isAtEnd else { throw .damaged }
    }
}

/// What came of them, and how many nanoseconds that took.
public struct StageAnswer: Equatable, Sendable {
    public let performances: [Performance]
    public let nanoseconds: Int64

    public init(_ performances: [Performance], nanoseconds: Int64) {
        (self.performances, self.nanoseconds) = (performances, nanoseconds)
    }

    public var encoded: [UInt8] {
        var writer = CheckpointWriter()
        writer.put(nanoseconds)
        writer.put(performances) { $0.put($1) }
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(CheckpointError) {
        var reader = CheckpointReader(bytes)
        nanoseconds = try reader.number()
        performances = try reader.list { (reader) throws(CheckpointError) in try reader.performance() }
        guard reader.isAtEnd else { throw .damaged }
    }
}
