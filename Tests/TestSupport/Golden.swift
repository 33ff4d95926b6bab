import FoundationEssentials

/// Texts that people and machines read, kept beside the tests so that every change of them shows in review.
public enum Golden {
    /// Compares `text` with the file at `path`, relative to the calling test file; nil when they are the same.
    ///
    /// `UPDATE_GOLDEN=1` writes the file instead. Then review the difference like code.
    public static func difference(_ text: String, from path: String, beside caller: String = #filePath) -> String? {
        let file = URL(filePath: caller).deletingLastPathComponent().appending(path: path)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { return update(file, to: text) }
        guard let data = try? Data(contentsOf: file) else {
            return "\(file.path) is missing; run the test with UPDATE_GOLDEN=1 and review what it writes"
        }
        return firstDifference(text, String(decoding: data, as: UTF8.self)).map { "\(file.path):\($0)" }
    }

    private static func update(_ file: URL, to text: String) -> String? {
        do {
            let folder = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return nil
        } catch {
            return "\(file.path): \(error)"
        }
    }

    private static func firstDifference(_ text: String, _ golden: String) -> String? {
        guard text != golden else { return nil }
        let now = text.split(separator: "\n", omittingEmptySubsequences: false)
        let then = golden.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(now, then).prefix { $0 == $1 }.count
        let was = line < then.count ? String(then[line]) : "(end of file)"
        let isNow = line < now.count ? String(now[line]) : "(end of text)"
        return "\(line + 1): expected \(was.debugDescription), found \(isNow.debugDescription)"
    }
}
