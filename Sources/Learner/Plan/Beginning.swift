internal import Episodes
internal import Hashing
public import Learning
public import Models
public import Policies
internal import Recordings
internal import Robots
public import Supervision

/// What a run begins with where it is not chance: a policy that somebody has, or recordings that it is to be like.
public struct Beginning: Equatable, Sendable {
    public let policy: Policy
    /// What was recorded, which the critic and the baseline learn from; nothing beside a policy.
    public let performances: [Performance]
    /// Of everything that it was made of.
    public let digest: Digest
    /// Which share of what was asked the policy explains in the last recording, when it learnt from the others alone.
    public let explained: Double?

    /// The digest of a beginning like these recordings, without looking at what is in them.
    public static func digest(ofRecordings paths: [String]) throws(BeginningProblem) -> Digest {
        var hashes = ""
        for path in paths {
            do throws(RecordProblem) { hashes += try RecordReader.hash(of: path) } catch { throw .record(path, error) }
        }
        return Digest(of: Array(hashes.utf8).span)
    }
}

/// Why a run cannot begin with what it was given.
public enum BeginningProblem: Error, Equatable, Sendable {
    case unreadable(String, reason: String)
    case noPolicy(String, PolicyError)
    /// It sees, does or squashes something else than this robot's policies.
    case otherForm(String, found: PolicyShape, needed: PolicyShape)
    case record(String, RecordProblem)
    case diverged(PolicyError)
}

extension Pupil {
    /// Begins with a policy as runs leave it, or as NumPy writes one.
    public func beginning(withPolicy bytes: [UInt8], at path: String) throws(BeginningProblem) -> Beginning {
        let policy: Policy
        do throws(PolicyError) {
            let isArchive = bytes.starts(with: Array("PK".utf8))
            policy = isArchive ? try Policy(numPyArchive: bytes) : try Policy(decoding: bytes)
        } catch { throw .noPolicy(path, error) }
        let needed: PolicyShape
        do throws(PolicyError) { needed = try shape } catch { throw .diverged(error) }
        let found = policy.shape
        guard found.inputs == needed.inputs, found.outputs == needed.outputs, found.squashes == needed.squashes else {
            throw .otherForm(path, found: found, needed: needed)
        }
        return Beginning(policy: policy, performances: [], digest: Digest(of: bytes.span), explained: nil)
    }

    /// Begins like what policies of this robot's task did in recorded episodes, whatever their form was.
    public func beginning(
        like paths: [String], _ settings: Course.Settings
    ) throws(BeginningProblem) -> Beginning {
        var performances: [Performance] = []
        for path in paths {
            do throws(RecordProblem) { performances.append(try RecordReader(self).read(path).performance) } catch {
                throw .record(path, error)
            }
        }
        let digest = try Beginning.digest(ofRecordings: paths)
        do throws(PolicyError) {
            let imitation = try Imitation(by: try course(settings).incumbent, of: performances)
            return Beginning(
                policy: imitation.policy, performances: performances, digest: digest, explained: imitation.explained)
        } catch { throw .diverged(error) }
    }
}
