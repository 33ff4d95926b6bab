import Foundation

/// A disk of a few megabytes, in memory, that can be filled and set read-only; only root can make one.
public final class SmallDisk: Sendable {
    public let folder: String
    private var filler: String { "\(folder)/filler" }

    public init(megabytes: Int = 8) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "disk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.run("mount -t tmpfs -o size=\(megabytes)m none '\(folder)'")
    }

    deinit {
        // Lazily: somebody may still be closing files on it.
        try? Self.run("umount -l '\(folder)'")
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// To the brim, but for so much; may be called again for what is left.
    public func fill(leaving kibibytes: Int = 0) throws {
        try Self.run("cat /dev/zero >> '\(filler)' 2>/dev/null; test -s '\(filler)'")
        if kibibytes > 0 { try Self.run("truncate -s -\(kibibytes)K '\(filler)'") }
    }
    public func empty() throws { try Self.run("rm '\(filler)'") }
    /// Only while nobody writes to it.
    public func setReadOnly() throws { try Self.run("mount -o remount,ro '\(folder)'") }

    private static func run(_ command: String) throws {
        let run = try ProcessRun.shell(command)
        guard run.status == 0 else { throw ProcessTrouble(status: run.status) }
    }
}
