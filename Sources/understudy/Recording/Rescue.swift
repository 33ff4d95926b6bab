import Recordings
import Robots

/// The saving of one file. The file itself is only read.
struct Rescue {
    enum Finding {
        case whole
        case saved(String, Survey)
        case failed(RecordingError, at: String)
    }

    let path: String
    let finding: Finding

    init(of path: String, into folder: String?) {
        self.path = path
        finding = Self.run(path, into: folder)
    }

    private static func run(_ path: String, into folder: String?) -> Finding {
        let target = target(of: path, in: folder)
        do throws(RecordingError) {
            if isSound(path) { return .whole }
            let survey = try Survey(of: FileSource(opening: path))
            do throws(RecordingError) {
                return .saved(target, try save(survey, path, as: target))
            } catch {
                return .failed(error, at: target)
            }
        } catch {
            return .failed(error, at: path)
        }
    }

    private static func isSound(_ path: String) -> Bool {
        guard let source = try? FileSource(opening: path), let reader = try? RecordingReader(source) else {
            return false
        }
        return (try? reader.verify()) != nil
    }

    private static func save(_ survey: Survey, _ path: String, as target: String) throws(RecordingError) -> Survey {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let sink = try FileSink(creating: target)
        do throws(RecordingError) {
            _ = try survey.save(from: FileSource(opening: path), to: sink, origin: name)
            return survey
        } catch {
            // Half of a rescue would look like a recording.
            removeFile(target)
            throw error
        }
    }

    /// `a.mcap` becomes `a.recovered.mcap`, beside it or in another folder.
    static func target(of path: String, in folder: String?) -> String {
        let whole = path.hasSuffix(".mcap") ? String(path.dropLast(5)) : path
        guard let folder else { return "\(whole).recovered.mcap" }
        let name = whole.split(separator: "/").last.map(String.init) ?? whole
        return "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/\(name).recovered.mcap"
    }
}

extension Rescue {
    var status: ExitStatus {
        switch finding {
        case .whole, .saved: .done
        case .failed(.foreign, _): .integrityFailure
        case .failed(.system(.open, _, _), _), .failed(.system(.create, _, _), _): .invalidConfiguration
        case .failed: .failed
        }
    }

    var text: String {
        switch finding {
        case .whole: return "\(shown(path)): whole, nothing to recover\n"
        case .saved(let target, let survey):
            let doubt = survey.unverified > 0 ? ", \(survey.unverified) of them covered by no checksum" : ""
            let first = "\(shown(target)): \(survey.statistics.messages) messages of \(shown(path))\(doubt)"
            return ([first] + survey.damageLines).map { "\($0)\n" }.joined()
        case .failed: return ""
        }
    }

    func complaint(_ style: Style) -> String {
        guard case .failed(let error, let place) = finding else { return "" }
        return Outcome.failure(status, error.text(shown(place)), next: error.nextStep, style).errors
    }

    var json: JSONText {
        switch finding {
        case .whole: .object([("file", .text(path)), ("state", .text("whole"))])
        case .saved(let target, let survey):
            .object([("file", .text(path)), ("state", .text("recovered")), ("saved_as", .text(target))] + survey.json)
        case .failed(let error, let place):
            .object([("file", .text(path)), ("state", .text("failed")), ("problem", .text(error.text(shown(place))))])
        }
    }
}
