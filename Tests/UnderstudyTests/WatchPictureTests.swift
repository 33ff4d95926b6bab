import JSON
import TestSupport
import Testing

@testable import understudy

@Suite("What a person sees of a robot that moves")
struct WatchPictureTests {
    private func object(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: Array(text.utf8)).object)
    }

    private func change(_ swing: Double, elbow: String, state: String = "running", more: String = "") throws
        -> JSONObject
    {
        try object(
            """
            {"state": "\(state)", "joints": [
              {"name": "swing", "position": \(swing), "speed": -1.25, "temperature_celsius": 31.4, "torque_on": true},
              {"name": "elbow"\(elbow), "torque_on": false}]\(more)}
            """)
    }

    private func picture() throws -> WatchPicture {
        let known = try object(
            """
            {"limits": [{"joint": "swing", "position_low": -3, "position_high": 3},
              {"joint": "elbow", "position_low": 0, "position_high": 1.5}]}
            """)
        return WatchPicture(of: "arm", known, GuardTexts(style: .plain))
    }

    @Test("each joint stands between its limits with its trail behind it, beyond them at the end that it left by")
    func drawn() throws {
        var picture = try picture()
        _ = try picture.take(change(-3, elbow: #", "position": 0.75"#))
        for swing in [-2.5, -2.0, -1.5] { _ = try picture.take(change(swing, elbow: #", "position": 1.75"#)) }
        let plan =
            #", "summary": {"sha256": "0123456789abcdef", "state": "running", "noise": {"iteration": 2, "episode": 5}}"#
        _ = try picture.take(change(0, elbow: #", "position": -0.1"#, more: plan))
        let text = picture.lines.joined(separator: "\n") + "\n"
        #expect(Golden.difference(text, from: "Golden/watch-picture.txt") == nil)
        #expect(picture.lines.allSatisfy { $0.count <= 80 })
    }

    @Test("what is not known is not drawn, and no joint is missing for that")
    func unknown() throws {
        var picture = WatchPicture(of: "arm", [:], GuardTexts(style: .plain))
        _ = try picture.take(change(0.5, elbow: ""))
        #expect(picture.lines.count == 5)
        #expect(picture.lines[2].contains("0.500") && !picture.lines[2].contains("●"))
        #expect(picture.lines[3].contains("elbow") && picture.lines[3].contains("–"))
    }

    @Test("a line is kept where something happened, and none where a joint moved")
    func news() throws {
        var picture = try picture()
        #expect(try picture.take(change(0, elbow: "")) == "arm: running")
        #expect(try picture.take(change(1, elbow: "")) == nil)
        #expect(try picture.take(change(1, elbow: "", state: "held"))?.contains("held") == true)
        let message = try change(1, elbow: "", state: "held", more: #", "message": "no \u001b[2J room""#)
        #expect(picture.take(message)?.contains("room") == true)
        #expect(picture.take(message)?.unicodeScalars.contains { $0.value == 0x1B } == false)
    }
}

@Suite("Joints under a hand, drawn") struct HandPictureTests {
    @Test(
        "how far a joint has been is drawn between its stops, and what is read beyond them stays inside"
    )
    func drawn() {
        var picture = HandPicture([.init("shoulder", stops: -1.4...1.4), .init("elbow", stops: 0...2)], .plain)
        #expect(picture.lines[0].hasSuffix("not read") && !picture.joints[0].isMoved)
        for position in [0.0, nil, .nan, -1.45, -0.7] { picture.joints[0].take(position) }
        picture.joints[1].take(1)
        #expect(
            picture.lines == [
                "  shoulder    -1.40 ━━━━━━●━━━━━━──────────── 1.40  -1.45 to 0.00 rad",
                "  elbow        0.00 ────────────●──────────── 2.00  1.00 to 1.00 rad",
            ])
        #expect(picture.joints[0].isMoved && !picture.joints[1].isMoved)
        picture.joints[0].take(nil)
        #expect(!picture.lines[0].contains("●") && picture.joints[0].been == -1.45...0)
    }
}
