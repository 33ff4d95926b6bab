import Glibc
internal import JSON
internal import Policies

/// The folder of one run: what it is of, where it stands, and what has happened. One learner at a time has it.
///
/// Where it stands is written before anything else happens; the log is written first and counts only as far as that
/// says, so that whatever a kill cuts off is written once more and never twice.
public struct LearnerFolder: ~Copyable {
    public let path: String
    private let lock: Int32
    private static let settings = "run.json"
    private static let checkpoint = "checkpoint"
    public static let log = "log.jsonl"

    /// Makes the folder if it is not there.
    public init(at path: String) throws(FolderError) {
        try FolderFiles.make(path)
        self.path = path
        lock = try FolderFiles.hold("\(path)/lock")
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

    /// Nil before the first checkpoint.
    public func state() throws(FolderError) -> RunState? {
        guard let bytes = try FolderFiles.read("\(path)/\(Self.checkpoint)") else { return nil }
        return try RunState(bytes, name: Self.checkpoint)
    }

    /// What happened, then where the run stands with it.
    public func keep(_ state: inout RunState, _ lines: [LogLine]) throws(FolderError) {
        state.logged = try append(lines, after: state.logged)
        try FolderFiles.replace(Self.checkpoint, in: path, with: state.bytes)
    }

    /// The policy by itself, in the form in which plans have it.
    func leave(_ policy: Policy) throws(FolderError) {
        try FolderFiles.replace("policy", in: path, with: policy.encoded)
    }

    /// What the log says of the episodes that were taken.
    func worths(_ logged: UInt64) throws(FolderError) -> [Double] {
        let bytes = (try FolderFiles.read("\(path)/\(Self.log)") ?? []).prefix(Int(clamping: logged))
        return bytes.split(separator: 0x0A).compactMap { line in
            let object = LogLine.object(Array(line))
            return object?["kind"]?.text == "episode" ? object?["worth"]?.number : nil
        }
    }

    private func append(_ lines: [LogLine], after place: UInt64) throws(FolderError) -> UInt64 {
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
        let bytes = lines.flatMap(\.bytes)
        if !bytes.isEmpty { try FolderFiles.write(bytes, to: descriptor, file) }
        return place + UInt64(bytes.count)
    }
}

/// A line of a run's log: JSON, so that everybody can read it.
public struct LogLine: Equatable, Sendable {
    let bytes: [UInt8]

    init(_ kind: String, _ more: JSONObject) {
        var object: JSONObject = ["kind": .text(kind)]
        for member in more.members { object[member.key] = member.value }
        bytes = JSONValue.object(object).bytes + [0x0A]
    }

    static func object(_ line: [UInt8]) -> JSONObject? {
        do throws(JSONError) { return try JSONValue(parsing: line).object } catch { return nil }
    }
}
