import Episodes
public import Supervision

/// Why the ledger could not do something. Nothing was written then, unless a case says otherwise.
public enum LedgerError: Error, Equatable, Sendable {
    case missing
    /// Another process writes to it; nil when it did not say which.
    case inUse(pid: Int32?)
    case notPermitted
    case readOnly
    case diskFull
    case notALedger
    /// Written by a later version of the program.
    case newerVersion(Int64, known: Int64)
    /// The file is no database any more, or what it says cannot be.
    case damaged
    case busy
    /// Entries that once were written are not there any more; to write on would make their permits usable again.
    case behindAnchor(anchored: UInt64, found: UInt64)
    /// SQLite's extended code, and the system's.
    case failed(code: Int32, errno: Int32)
    case refused(LedgerRefusal)
}

/// What the ledger does not accept because of what it already holds.
public enum LedgerRefusal: Equatable, Sendable {
    case unknownPlan(Digest)
    /// The plan was approved or denied already.
    case decided(Digest)
    case noApproval(UInt64)
    /// The permit is not in the step that the next one needs.
    case permit(UInt64, PermitStep?, wanted: PermitStep)
    case episodeNotRunning(UInt64)
    /// Neither a batch nor an adopted rule, or withdrawn.
    case noGround(UInt64)
    case batchUsedUp(UInt64, episodes: UInt32)
    case otherText(file: Digest, text: Digest)
    case unknownFault(UInt64)
    case alreadyCleared(UInt64)
    case recordingOutside(String)
    /// A reason is missing, or longer than anybody reads.
    case reason(length: Int)
}

/// How far a permit has come. `used` is where motion may begin; the last two are ends.
public enum PermitStep: String, CaseIterable, Sendable { case issued, used, void, lost }

/// How far an episode has come.
public enum EpisodeStep: String, CaseIterable, Sendable { case planned, started, finished, stopped, lost }

/// The last entry and its hash: whoever keeps it elsewhere can tell later that nothing before it was changed or cut off.
public struct Head: Equatable, Sendable {
    public let serial: UInt64
    public let hash: Digest

    public init(serial: UInt64, hash: Digest) {
        self.serial = serial
        self.hash = hash
    }

    public static let empty = Head(serial: 0, hash: .zero)
}
