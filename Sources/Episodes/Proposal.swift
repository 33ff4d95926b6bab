public import Quantities
public import Supervision

/// A plan with its dossier, as it is proposed, approved and kept.
public struct Proposal: Equatable, Sendable {
    public let plan: EpisodePlan
    public let dossier: Dossier

    public init(plan: EpisodePlan, dossier: Dossier) throws(PlanDefect) {
        guard plan.start.count == dossier.joints.count else {
            throw .otherJointCount(plan: plan.start.count, dossier: dossier.joints.count)
        }
        guard dossier.band.end >= plan.horizon else {
            throw .bandTooShort(dossier.band.end, horizon: plan.horizon)
        }
        self.plan = plan
        self.dossier = dossier
    }

    /// What the supervisor gets once somebody with a right to it has said yes.
    ///
    /// - Parameter reset: how long the robot may take to get to its start in the same flight, under power throughout.
    public func approval(serial: UInt64, resetWithin reset: Ticks = .zero) -> Approval {
        let (horizon, isOver) = plan.horizon.rawValue.addingReportingOverflow(max(reset.rawValue, 0))
        return Approval(
            serial: serial, plan: digest, envelope: plan.envelope.digest, horizon: Ticks(isOver ? .max : horizon),
            demandsTube: true)
    }
}

/// The hash of this document is the plan's identity: the one that is approved.
extension Proposal: CanonicalDocument {
    public static let kind = "understudy proposal"
    public static let version: UInt16 = 1

    public func write(to writer: inout CanonicalWriter) {
        plan.writeDocument(to: &writer)
        dossier.writeDocument(to: &writer)
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        let place = reader
        let (plan, dossier) = (try EpisodePlan(documentFrom: &reader), try Dossier(documentFrom: &reader))
        do throws(PlanDefect) {
            try self.init(plan: plan, dossier: dossier)
        } catch {
            throw place.error(.contradiction)
        }
    }
}

/// How an episode ended.
public enum EpisodeOutcome: Equatable, Sendable {
    /// At its own end, after so many ticks.
    case finished(Ticks)
    /// By the ladder; its record is kept, marked, and never used as if it had ended by itself.
    case stopped(Fault, at: Ticks)
    /// The guard was gone before it could write the end. What the robot did is in the recording, as far as that goes.
    case lost
}

/// The file that an episode left.
public struct RecordingReference: Equatable, Sendable {
    /// Relative to the folder of the ledger.
    public let path: String
    public let digest: Digest
    public let size: Int64

    public init(path: String, digest: Digest, size: Int64) {
        self.path = path
        self.digest = digest
        self.size = size
    }
}
