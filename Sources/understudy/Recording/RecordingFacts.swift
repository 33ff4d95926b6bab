import Recordings
import Robots

/// What can be said about one file.
struct RecordingFacts {
    enum Finding {
        case whole(Contents)
        /// Damaged or not finished: why, and what can be saved.
        case broken(RecordingError, Survey)
        case unreadable(RecordingError)
    }

    struct Contents {
        let header: Header
        let size: UInt64
        let statistics: Statistics
        let channels: [Row]
        let chunks: [ChunkIndex]
        let attachments: [AttachmentIndex]
        let metadata: [Metadata]
        let hash: FileHash
    }

    struct Row {
        let channel: Channel
        let schema: String?
        let messages: UInt64
    }

    let path: String
    let finding: Finding

    init(of path: String) {
        self.path = path
        do throws(RecordingError) {
            finding = .whole(try Contents(of: path))
        } catch {
            finding = Self.broken(error, path)
        }
    }

    private static func broken(_ error: RecordingError, _ path: String) -> Finding {
        switch error {
        case .system, .foreign: return .unreadable(error)
        default: break
        }
        do throws(RecordingError) {
            return .broken(error, try Survey(of: FileSource(opening: path)))
        } catch {
            return .unreadable(error)
        }
    }

    var status: ExitStatus {
        switch finding {
        case .whole: .done
        case .broken, .unreadable(.foreign): .integrityFailure
        case .unreadable: .invalidConfiguration
        }
    }

    /// Nothing for a recording that is as it should be.
    func complaint(_ style: Style) -> String {
        switch finding {
        case .whole: return ""
        case .broken(let error, _):
            let next = "run 'understudy recording recover \(shown(path))'"
            return Outcome.failure(.integrityFailure, error.text(shown(path)), next: next, style).errors
        case .unreadable(let error):
            return Outcome.failure(.failed, error.text(shown(path)), next: error.nextStep, style).errors
        }
    }
}

extension RecordingFacts.Contents {
    /// Reads and checks everything.
    init(of path: String) throws(RecordingError) {
        let reader = try RecordingReader(FileSource(opening: path))
        let counted = try reader.verify()
        header = reader.header
        statistics = counted
        let definitions = reader.definitions
        channels = definitions.channels.values.sorted { $0.id < $1.id }.map { channel in
            RecordingFacts.Row(
                channel: channel, schema: definitions.schemas[channel.schema]?.name,
                messages: counted.messagesOfChannel[channel.id] ?? 0)
        }
        chunks = reader.chunks
        attachments = reader.attachments
        var metadata: [Metadata] = []
        for index in reader.metadata { metadata.append(try reader.metadata(index)) }
        self.metadata = metadata
        let source = try FileSource(opening: path)
        size = source.size
        hash = try FileHash(of: source)
    }
}
