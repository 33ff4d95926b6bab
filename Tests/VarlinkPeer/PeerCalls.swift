import JSON
import Ports
import Varlink

/// What is asked of `org.understudy.Peer` when somebody else serves it.
struct PeerCalls {
    struct Failure: Error {
        let what: String
    }

    private let path: String
    private let name = "org.understudy.Peer"

    init(to path: String) { self.path = path }

    private func check(_ what: String, _ isGood: Bool) throws(Failure) {
        guard isGood else { throw Failure(what: what) }
        print("ok \(what)")
    }

    private var soon: MonotonicInstant { .now() + .seconds(60) }

    func run() throws {
        var client = try VarlinkClient(to: path, by: soon)
        let information = try client.information(by: soon)
        try check("the service names its interface", information["interfaces"]?.list?.contains(.text(name)) == true)
        let interface = try client.interface(name, by: soon)
        let described = try VarlinkInterface(parsing: PeerService.text)
        try check("the description is the one we gave", interface.members == described.members)
        try values(&client, interface)
        try stream(&client)
        try check("refused", refusal(&client, "Refuse", ["number": 7])?.name == "\(name).Refused")
        try check("no such method", refusal(&client, "Nothing") == .methodNotFound("Nothing"))
        try check("invalid parameter", refusal(&client, "Add", ["other": 1]) == .invalidParameter("other"))
        try client.send("\(name).Note", ["text": "unanswered"], .never, by: soon)
        let notes = try client.call("Notes", of: interface, by: soon)
        try check("a call without an answer arrived", notes["texts"] == ["unanswered"])
    }

    private func values(_ client: inout VarlinkClient, _ interface: VarlinkInterface) throws {
        let thing: JSONValue = [
            "name": "é\u{1F600}\n", "size": 0.1, "tags": ["a", "b"], "marks": ["x": 9_007_199_254_740_993],
            "kind": "large",
            "rest": ["a": [1, 2.5, "c"]],
        ]
        let echo = try client.call("Echo", of: interface, ["thing": thing], by: soon)
        try check("echo", echo["thing"] == thing)
        let sum = try client.call("Add", of: interface, ["left": 9_007_199_254_740_993, "right": -1], by: soon)
        try check("whole numbers", sum["sum"] == 9_007_199_254_740_992)
        // Two calls before the first answer.
        try client.send("\(name).Add", ["left": 1, "right": 1], by: soon)
        try client.send("\(name).Add", ["left": 2, "right": 2], by: soon)
        let sums = [try client.receive(by: soon).parameters, try client.receive(by: soon).parameters]
        try check("answers in order", sums == [["sum": 2], ["sum": 4]])
    }

    private func stream(_ client: inout VarlinkClient) throws {
        try client.send("\(name).Count", ["to": 100], .more, by: soon)
        var numbers: [JSONValue] = []
        var continues = true
        while continues {
            let reply = try client.receive(by: soon)
            numbers.append(reply.parameters["number"] ?? .null)
            continues = reply.continues
        }
        try check("a stream", numbers == (1...100).map { .integer($0) })
    }

    private func refusal(
        _ client: inout VarlinkClient, _ method: String, _ parameters: JSONObject = [:]
    ) throws -> VarlinkError? {
        do throws(ClientError) {
            _ = try client.call("\(name).\(method)", parameters, by: soon)
            return nil
        } catch .refused(let error) {
            return error
        }
    }
}
