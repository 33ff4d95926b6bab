import Guard
import JSON
import Ports
import Robots
import Varlink

// A robot while it is watched: a picture on a terminal, and lines for whoever reads them later.
extension CallOptions {
    /// How often the joints are asked for where nobody says, in milliseconds: smooth for an eye, little for a guard.
    private static let pace: Int64 = 200

    /// Goes on until somebody ends it or the guard goes.
    func watch(
        _ client: inout VarlinkClient, _ period: Int64?, _ texts: GuardTexts, _ surroundings: Surroundings
    ) throws(ClientError) -> Outcome {
        var picture: WatchPicture?
        if surroundings.isScreen, !asJSON { picture = WatchPicture(of: robot, try call(&client, "Robot"), texts) }
        var parameters: JSONObject = [:]
        if let period = period ?? (picture == nil ? nil : Self.pace) { parameters["period_ms"] = .integer(period) }
        try client.send("\(GuardInterface.name).Watch", parameters, .more, by: patience)
        var drawn = 0
        while !surroundings.devices.isInterrupted() {
            let reply: VarlinkClient.Reply
            do throws(ClientError) { reply = try client.receive(by: .now() + .milliseconds(200)) } catch {
                if error == .timedOut { continue }
                throw error
            }
            if picture == nil {
                surroundings.say(line(reply.parameters, texts))
            } else {
                draw(&picture, reply.parameters, over: &drawn, surroundings)
            }
            if !reply.continues { break }
        }
        return Outcome()
    }

    /// Over what was drawn before; what happened goes above it and stays.
    private func draw(
        _ picture: inout WatchPicture?, _ change: JSONObject, over drawn: inout Int, _ surroundings: Surroundings
    ) {
        var text = drawn > 0 ? "\u{1B}[\(drawn)A\u{1B}[J" : ""
        if let news = picture?.take(change) { text += news + "\n" }
        let lines = picture?.lines ?? []
        drawn = lines.count
        surroundings.say(text + lines.joined(separator: "\n") + "\n")
    }

    private func line(_ change: JSONObject, _ texts: GuardTexts) -> String {
        if asJSON { return String(decoding: JSONValue.object(change).bytes, as: UTF8.self) + "\n" }
        var line = texts.headline(change, of: robot)
        if let summary = change["summary"]?.object { line += "\n\(texts.summary(summary))" }
        for joint in (change["joints"]?.list ?? []).compactMap(\.object) {
            line += "  \(joint.word("name")) \(joint.decimals("position", 3)) rad"
        }
        if let message = change["message"]?.text { line += "  \(shown(message))" }
        return line + "\n"
    }
}
