import Recordings
import Robots

extension RecordingError {
    /// What is wrong with the file at `path`, which is already fit for a terminal.
    func text(_ path: String) -> String {
        switch self {
        case .system(let call, let code, let offset):
            "cannot \(call) '\(path)'\(offset > 0 ? " at byte \(offset)" : ""): \(FileTrouble(code: code).reason)"
        case .noThread: "the system has no thread left to write '\(path)'"
        case .foreign: "'\(path)' is no recording"
        case .unfinished: "'\(path)' has no end: whoever wrote it did not finish"
        case .truncated(let offset): "'\(path)' is cut off in the record at byte \(offset)"
        case .malformed(let opcode, let offset):
            "'\(path)' is damaged: the record at byte \(offset), of kind \(opcode), contradicts itself"
        case .tooLarge(let bytes, let limit, let offset):
            "'\(path)' claims \(bytes) bytes at byte \(offset); at most \(limit) are read at once"
        case .damaged(let part, let offset):
            "'\(path)' is damaged: \(part.words) at byte \(offset) does not have its checksum"
        case .unknownCompression(let name, let offset):
            "'\(path)' has a chunk at byte \(offset) that is packed with \(quoted(name)), which is not read here"
        case .unknownChannel(let id, let offset):
            "'\(path)' is damaged: a message at byte \(offset) is of channel \(id), which nothing defines"
        case .redefined(let id, let offset):
            "'\(path)' is damaged: the number \(id) is defined a second time, differently, at byte \(offset)"
        case .contradiction(let part, let offset):
            "'\(path)' is damaged: its \(part.words) is not what the file holds, at byte \(offset)"
        }
    }

    /// What helps when the file cannot even be looked at.
    var nextStep: String {
        switch self {
        case .system(.create, _, _): "choose another folder with --output, or move what is there"
        case .system(.open, _, _): "check the path, and who may read the file"
        case .system: "check the disk and what is free on it, then do it again"
        case .foreign: "check the path; a recording begins with its format's name, MCAP"
        case .unknownCompression: "pack the file again with zstd: mcap compress --compression zstd FILE"
        case .noThread: "end other programs"
        default: "run 'understudy recording recover FILE'"
        }
    }
}

extension CheckedPart {
    fileprivate var words: String {
        switch self {
        case .chunk: "the chunk"
        case .attachment: "the attachment"
        case .dataSection: "what stands before the end of the data"
        case .summary: "the summary"
        }
    }
}

extension SummaryPart {
    fileprivate var words: String {
        switch self {
        case .statistics: "count of messages"
        case .chunkIndex: "index of chunks"
        case .messageIndex: "index of messages"
        case .attachmentIndex: "index of attachments"
        case .metadataIndex: "index of metadata"
        case .definitions: "list of channels"
        }
    }
}
