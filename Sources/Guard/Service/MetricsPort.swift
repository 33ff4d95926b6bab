import Ports
import Varlink

/// Where programs that watch scrape what is counted: the little of HTTP that they speak, over a Unix socket.
///
/// It has no thread. Whoever owns it turns it, and each turn does only what does not wait: one caller at a time, heard for
/// a second at most and with so few words that all of them fit into one look.
struct MetricsPort: ~Copyable {
    private let listener: SocketListener
    private var caller: Caller?

    private struct Caller: ~Copyable {
        var link: SocketLink
        let since: MonotonicInstant
        var heard: [UInt8] = []
    }

    private static let patience = Duration.seconds(1)
    private static let mostBytes = 4_096

    /// - Parameter path: of the socket; who may connect is decided by the folder that it is in.
    init(at path: String) throws(PortError) { listener = try SocketListener(at: path) }

    /// - Parameter text: what is counted, asked for only when somebody wants it; nil when it cannot be had.
    mutating func turn(at now: MonotonicInstant, _ text: () -> String?) {
        if caller == nil, let link = try? listener.accept(by: .past) { caller = Caller(link: link, since: now) }
        guard var present = caller.take() else { return }
        guard let request = Self.hear(&present) else {
            let isPatient = now < present.since + Self.patience && present.heard.count < Self.mostBytes
            if isPatient, !present.link.isHungUp { caller = consume present }
            return
        }
        let answer = Self.answer(request, text)
        // What a socket holds for its reader is more than all of this.
        try? present.link.write(Array(answer.utf8).span, by: .now() + .milliseconds(5))
    }

    /// The first line of a request whose head is complete.
    private static func hear(_ caller: inout Caller) -> String? {
        var bytes = [UInt8](repeating: 0, count: mostBytes)
        var buffer = bytes.mutableSpan
        let count = (try? caller.link.read(into: &buffer, from: 0, by: .past)) ?? 0
        caller.heard += bytes.prefix(count)
        let text = String(decoding: caller.heard, as: UTF8.self)
        guard text.contains("\r\n\r\n") || text.contains("\n\n") else { return nil }
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    private static func answer(_ request: String, _ text: () -> String?) -> String {
        let words = request.split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return page("400 Bad Request") }
        guard words[0] == "GET" else { return page("405 Method Not Allowed", more: "Allow: GET\r\n") }
        guard words[1].split(separator: "?").first == "/metrics" else { return page("404 Not Found") }
        guard let text = text() else { return page("503 Service Unavailable") }
        return page("200 OK", text, type: "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }

    private static func page(_ status: String, _ text: String = "", type: String = "text/plain", more: String = "")
        -> String
    {
        "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(text.utf8.count)\r\n\(more)"
            + "Connection: close\r\n\r\n\(text)"
    }
}
