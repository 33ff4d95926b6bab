import Recordings
import Robots

extension RecordingFacts {
    func text(_ style: Style) -> String {
        switch finding {
        case .whole(let contents): contents.text(shown(path), style)
        case .broken(_, let survey): survey.text(shown(path))
        case .unreadable: ""
        }
    }
}

extension RecordingFacts.Contents {
    fileprivate func text(_ path: String, _ style: Style) -> String {
        let lines = [
            style.bold("\(path): whole"),
            "  holds        \(statistics.messages) messages in \(span) s, \(size) bytes",
            "  written by   \(shown(header.library))",
            "  sha256       \(hash.text)",
            "  chunks       \(packing)",
        ]
        return (lines + channelLines + fileLines).map { "\($0)\n" }.joined()
    }

    private var channelLines: [String] {
        let width = (channels.map { shown($0.channel.topic).count }.max() ?? 0) + 2
        return channels.map { row in
            let count = padded("\(row.messages) messages", 20)
            return
                "  channel      \(padded(shown(row.channel.topic), width))\(count)\(shown(row.schema ?? "no schema"))"
        }
    }

    private var fileLines: [String] {
        attachments.map { "  attachment   \(shown($0.name)), \(shown($0.mediaType)), \($0.size) bytes" }
            + metadata.map { entry in
                let texts = entry.texts.sorted { $0.key < $1.key }.map { "\(shown($0.key))=\(shown($0.value))" }
                return "  metadata     \(shown(entry.name)): \(texts.joined(separator: ", "))"
            }
    }

    private var packing: String {
        guard !chunks.isEmpty else { return "none" }
        let names = Set(chunks.map(\.compression)).subtracting([""]).sorted()
        let packed = chunks.reduce(0) { $0 + $1.compressedSize }
        let unpacked = chunks.reduce(0) { $0 + $1.uncompressedSize }
        guard !names.isEmpty, unpacked > 0 else { return "\(chunks.count), not packed" }
        let share = rounded(Float(packed) / Float(unpacked) * 100)
        return "\(chunks.count), packed with \(shown(names.joined(separator: " and "))) to \(share) %"
    }

    var seconds: Float { Float(statistics.end.nanoseconds - statistics.start.nanoseconds) / 1e9 }

    private var span: String { rounded(seconds) }
}

extension Survey {
    /// What can be saved, and what is lost.
    func text(_ path: String) -> String {
        let lines = [
            "\(path): \(isFinished ? "damaged" : "not finished")",
            "  can be saved \(statistics.messages) messages; attachments: \(statistics.attachments), metadata: "
                + "\(statistics.metadata)",
            unverified > 0 ? "  unverified   \(unverified) messages in front of a cut, which no checksum covers" : nil,
        ]
        return (lines.compactMap(\.self) + damageLines).map { "\($0)\n" }.joined()
    }

    var damageLines: [String] {
        let shown = damages.prefix(10).map { damage in
            let count = damage.messages.map { ", with \($0) messages" } ?? ""
            return "  lost         \(damage.bytes.count) bytes from byte \(damage.bytes.lowerBound) on\(count)"
        }
        let rest = damages.count - shown.count
        return shown + (rest > 0 ? ["  lost         \(rest) more places"] : [])
    }

    var json: [(key: String, value: JSONText)] {
        [
            ("finished", .boolean(isFinished)),
            ("saved_messages", .integer(Int(clamping: statistics.messages))),
            ("unverified_messages", .integer(Int(clamping: unverified))),
            ("bytes_lost", .integer(Int(clamping: bytesLost))),
            (
                "damages",
                .list(
                    damages.map { damage in
                        .object([
                            ("offset", .integer(Int(clamping: damage.bytes.lowerBound))),
                            ("bytes", .integer(damage.bytes.count)),
                            ("messages", damage.messages.map { .integer(Int(clamping: $0)) } ?? .null),
                        ])
                    })
            ),
        ]
    }
}

extension RecordingFacts {
    var json: JSONText {
        switch finding {
        case .whole(let contents): .object([("file", .text(path)), ("state", .text("whole"))] + contents.members)
        case .broken(let error, let survey):
            .object(
                [("file", .text(path)), ("state", .text("damaged")), ("problem", .text(error.text(shown(path))))]
                    + survey.json)
        case .unreadable(let error):
            .object([
                ("file", .text(path)), ("state", .text("unreadable")), ("problem", .text(error.text(shown(path)))),
            ])
        }
    }
}

extension RecordingFacts.Contents {
    fileprivate var members: [(key: String, value: JSONText)] {
        [
            ("sha256", .text(hash.text)), ("bytes", .integer(Int(clamping: size))),
            ("library", .text(header.library)), ("messages", .integer(Int(clamping: statistics.messages))),
            ("start_ns", .text("\(statistics.start.nanoseconds)")), ("end_ns", .text("\(statistics.end.nanoseconds)")),
            ("chunks", .integer(chunks.count)),
            (
                "channels",
                .list(
                    channels.map { row in
                        .object([
                            ("topic", .text(row.channel.topic)), ("messages", .integer(Int(clamping: row.messages))),
                            ("encoding", .text(row.channel.encoding)), ("schema", .optional(row.schema)),
                        ])
                    })
            ),
            (
                "attachments",
                .list(
                    attachments.map { file in
                        .object([
                            ("name", .text(file.name)), ("media_type", .text(file.mediaType)),
                            ("bytes", .integer(Int(clamping: file.size))),
                        ])
                    })
            ),
            (
                "metadata",
                .list(
                    metadata.map { entry in
                        let texts = entry.texts.sorted { $0.key < $1.key }.map { ($0.key, JSONText.text($0.value)) }
                        return .object([("name", .text(entry.name)), ("texts", .object(texts))])
                    })
            ),
        ]
    }
}
