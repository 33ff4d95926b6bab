public import Episodes
import Supervision
public import Robots

/// A standing rule as its file says it now.
public struct RuleOnFile: Equatable, Sendable {
    public let name: Name
    public let file: ApprovalRuleFile
    public let contents: String

    public init(name: Name, file: ApprovalRuleFile, contents: String) {
        self.name = name
        self.file = file
        self.contents = contents
    }

    /// Nil when the bytes are no rule, or one of another name: such a file allows nothing.
    public init?(name: Name, bytes: [UInt8]) {
        guard let contents = String(validating: bytes, as: UTF8.self) else { return nil }
        let file: ApprovalRuleFile
        do throws(ApprovalRuleProblems) { file = try ApprovalRuleFile(parsing: bytes) } catch { return nil }
        guard file.rule.name == name else { return nil }
        self.init(name: name, file: file, contents: contents)
    }
}

/// The folder `safety/approval`: every `NAME.json5` in it that is a rule.
public struct RuleFolder: Sendable {
    public let path: String
    /// More than anybody reads.
    private static let largest = 64 << 10

    public init(_ path: String) { self.path = path }

    public func read() -> [RuleOnFile] {
        GuardFiles.names(in: path).compactMap { file in
            guard file.hasSuffix(".json5"), let name = Name(String(file.dropLast(6))),
                let bytes = GuardFiles.read("\(path)/\(file)", atMost: Self.largest)
            else { return nil }
            return RuleOnFile(name: name, bytes: bytes)
        }
    }
}

/// What a robot's folder says of its calibration.
public enum CalibrationFolder {
    /// The newest record by its own date; nil when there is none. One that cannot be read is not passed over.
    public static func newest(
        in folder: String
    ) throws(BrokenRecord) -> (name: Name, file: CalibrationFile, bytes: [UInt8])? {
        var newest: (name: Name, file: CalibrationFile, bytes: [UInt8])?
        for file in GuardFiles.names(in: folder) where CalibrationFile.isRecord(file) {
            guard let name = Name(String(file.dropLast(5))),
                let bytes = GuardFiles.read("\(folder)/\(file)", atMost: 1 << 20)
            else { throw BrokenRecord(file: file, problem: nil) }
            let record: CalibrationFile
            do throws(CalibrationProblem) { record = try CalibrationFile(parsing: bytes) } catch {
                throw BrokenRecord(file: file, problem: error)
            }
            if newest.map({ $0.file.made < record.made }) ?? true { newest = (name, record, bytes) }
        }
        return newest
    }
}

/// A record that nobody can rely on.
public struct BrokenRecord: Error, Equatable, Sendable {
    public let file: String
    /// Nil when it could not even be read.
    public let problem: CalibrationProblem?
}
