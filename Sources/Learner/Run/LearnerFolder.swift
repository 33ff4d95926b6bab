internal import Episodes
import Glibc
internal import Learning
internal import Policies
internal import Supervision

/// The folder of one run: what it is of, where it stands, and what has happened. One learner at a time has it.
///
/// Where it stands is written before anything else happens; the log is written first and counts only as far as that
/// says, so that whatever a kill cuts off is written once more and never twice.
public struct LearnerFolder: ~Copyable {
    public let path: String
    private let lock: Int32
    private static let settings = "run.json"
    private static let checkpoint = "checkpoint"
    public static let log = CourseLog.fileName

    /// Makes the folder if it is not there.
    public init(at path: String) throws(FolderError) {
        try FolderFiles.make(path)
        let held = try FolderFiles.hold("\(path)/lock")
        self.path = path
        lock = held
    }

    deinit { close(lock) }

    /// Nil when nothing has begun here.
    public func identity() throws(FolderError) -> RunIdentity? {
        guard let bytes = try FolderFiles.read("\(path)/\(Self.settings)") else { return nil }
        return try RunIdentity(bytes, name: Self.settings)
    }

    /// Begins a run, or takes a new number of episodes for one that has begun.
    public func note(_ identity: RunIdentity) throws(FolderError) {
        try FolderFiles.replace(Self.settings, in: path, with: identity.bytes)
    }

    /// Whether there is something to go on from.
    public var hasBegun: Bool {
        // SAFETY: the path is only read during the call.
        unsafe access("\(path)/\(Self.checkpoint)", F_OK) == 0
    }

    /// Nil before the first checkpoint.
    public func state() throws(FolderError) -> RunState? {
        guard let bytes = try FolderFiles.read("\(path)/\(Self.checkpoint)") else { return nil }
        return try RunState(bytes, name: Self.checkpoint)
    }

    /// What happened, then where the run stands with it.
    public func keep(_ state: inout RunState, _ lines: [UInt8]) throws(FolderError) {
        state.logged = try append(lines, after: state.logged)
        try FolderFiles.replace(Self.checkpoint, in: path, with: state.bytes)
    }

    func announce(_ next: NextPurchase) throws(FolderError) {
        try FolderFiles.replace(NextPurchase.fileName, in: path, with: next.bytes)
    }

    /// The policy by itself, in the form in which plans have it.
    func leave(_ policy: Policy) throws(FolderError) {
        try FolderFiles.replace("policy", in: path, with: policy.encoded)
    }

    /// A recording of another machine's robot, under the name of its plan; where it is, seen from this folder.
    func keep(_ recording: [UInt8], of plan: Digest, robot: Int) throws(FolderError) -> String {
        let folder = "robot-\(robot)"
        try FolderFiles.make("\(path)/\(folder)")
        try FolderFiles.replace("\(plan.text).mcap", in: "\(path)/\(folder)", with: recording)
        return "\(folder)/\(plan.text).mcap"
    }

    /// What the log says of the episodes that were taken.
    func worths(_ logged: UInt64) throws(FolderError) -> [Double] {
        let bytes = (try FolderFiles.read("\(path)/\(Self.log)") ?? []).prefix(Int(clamping: logged))
        do throws(CourseLog.Problem) { return try CourseLog(decoding: Array(bytes)).entries.map(\.worth) } catch {
            throw .damaged(Self.log)
        }
    }

    private func append(_ bytes: [UInt8], after place: UInt64) throws(FolderError) -> UInt64 {
        let file = "\(path)/\(Self.log)"
        // SAFETY: the path is only read during the call.
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .system("write", file, errno: errno) }
        defer { close(descriptor) }
        // Behind that place stands what a killed learner wrote and did not get to count.
        let place = min(place, UInt64(max(0, lseek(descriptor, 0, SEEK_END))))
        guard ftruncate(descriptor, off_t(place)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw .system("write", file, errno: errno)
        }
        if !bytes.isEmpty { try FolderFiles.write(bytes, to: descriptor, file) }
        return place + UInt64(bytes.count)
    }
}
