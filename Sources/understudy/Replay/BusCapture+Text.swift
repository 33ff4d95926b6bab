import Recordings
import Robots

extension BusCapture {
    /// Reads the file of a run, or says why it is none.
    static func read(_ path: String) throws(Outcome.Refusal) -> BusCapture {
        let bytes: [UInt8]
        do throws(RecordingError) {
            let source = try FileSource(opening: path)
            bytes = try source.read(0..<source.size)
        } catch {
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: error.text(shown(path)), next: error.nextStep)
        }
        var badLine = 0
        guard let capture = BusCapture(bytes, badLine: &badLine) else {
            throw Outcome.Refusal(
                status: .integrityFailure,
                text: "'\(shown(path))' is no run of a virtual robot\(badLine > 0 ? ": see its line \(badLine)" : "")",
                next: "make one: understudy virtual ROBOT --record FILE")
        }
        return capture
    }

    func text(_ path: String, _ style: Style) -> String {
        let lines = [
            style.bold("\(shown(path)): \(shown(robot)), \(rounded(Float(seconds))) s of \(language.rawValue)"),
            "  to the robot \(requests.words)", "  to the host  \(answers.words)",
        ]
        let told = faults.isEmpty ? [] : ["  on purpose   \(faults.map { shown($0) }.joined(separator: ", "))"]
        return (lines + told).map { "\($0)\n" }.joined()
    }

    func json(_ path: String) -> JSONText {
        .object([
            ("file", .text(path)), ("robot", .text(robot)), ("language", .text(language.rawValue)),
            ("seconds", .number(Float(seconds))), ("requests", requests.json), ("answers", answers.json),
            ("faults", .texts(faults)),
        ])
    }
}

extension BusCapture.Side {
    fileprivate var words: String {
        let errors = refused.sorted { $0.key < $1.key }.map { "\($0.value) refused for their \($0.key)" }
        let what = errors.isEmpty ? "nothing was damaged" : errors.joined(separator: ", ")
        return "\(packets) packets in \(bytes) bytes; \(what)"
    }

    fileprivate var json: JSONText {
        .object([
            ("bytes", .integer(bytes)), ("packets", .integer(Int(clamping: packets))),
            (
                "refused",
                .object(refused.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int(clamping: $0.value))) })
            ),
        ])
    }
}
