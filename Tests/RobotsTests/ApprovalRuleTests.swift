import Episodes
import FoundationEssentials
import Quantities
import Supervision
import Testing

@testable import Robots

@Suite("Standing rules as files")
struct ApprovalRuleTests {
    private static let text = """
        {
            // Reviewed like an envelope.
            format: 1,
            rule: "night-shift",
            robot: "arm",
            envelope: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            least_margin_share: 0.125,
            policy_distance_nats: 0.5,
            hottest_c: 45,
            least_time_left_s: 60,
            episodes_per_day: 40,
            until: "2026-12-31T18:00:00Z",
            signer: "ada",
        }
        """

    private func problems(_ text: String) -> [ApprovalRuleProblem] {
        do throws(ApprovalRuleProblems) {
            _ = try ApprovalRuleFile(parsing: Array(text.utf8))
            return []
        } catch {
            return error.all
        }
    }

    @Test("a file says every condition, and its hash is that of its bytes")
    func sound() throws {
        let file = try ApprovalRuleFile(parsing: Array(Self.text.utf8))
        let names = ["night-shift", "arm", "ada"].compactMap { Name($0) }
        let rule = StandingRule(
            name: names[0], robot: names[1], envelope: Digest(of: "abc"), leastMargin: 0.125, greatestDistance: 0.5,
            hottest: Celsius(45), leastTimeLeft: Seconds(60), episodesPerDay: 40,
            until: try #require(WallInstant(text: "2026-12-31T18:00:00Z")), signer: names[2])
        #expect(file.rule == rule && file.digest == Digest(of: Self.text))
        // Even a comment is part of what was adopted.
        let edited = Self.text.replacing("Reviewed like", with: "Reviewed as")
        let other = try ApprovalRuleFile(parsing: Array(edited.utf8))
        #expect(other.rule == rule && other.digest != file.digest)
    }

    @Test("the rule that is shipped as an example is read, and covers nothing any more")
    func example() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../safety/approval/example.json5")
        let file = try ApprovalRuleFile(parsing: Array(try Data(contentsOf: path)))
        #expect(file.rule.name.text == "example" && file.rule.envelope == .zero)
        #expect(try file.rule.until <= #require(WallInstant(text: "2026-01-01T00:00:00Z")))
    }

    @Test("how wide a band may be is asked only by a file that says it, and only as a width that can be")
    func band() throws {
        let wanted = Self.text.replacing("hottest_c: 45,", with: "hottest_c: 45, widest_band_rad: 0.25,")
        #expect(try ApprovalRuleFile(parsing: Array(wanted.utf8)).rule.widestBand == Radians(0.25))
        #expect(try ApprovalRuleFile(parsing: Array(Self.text.utf8)).rule.widestBand == nil)
        for wrong in ["0", "-1", "NaN", "101"] {
            let found = problems(wanted.replacing("0.25", with: wrong))
            #expect(found.map(\.problem) == ["'widest_band_rad' is '\(wrong)'"])
        }
        #expect(problems(wanted.replacing("0.25", with: "null")).map(\.problem) == ["'widest_band_rad' is null"])
        #expect(ApprovalRuleKey.all.filter(\.isOptional).map(\.name) == ["widest_band_rad"])
    }

    @Test("every key has to be there", arguments: ApprovalRuleKey.all.filter { !$0.isOptional }.map(\.name))
    func missing(key: String) throws {
        let lines = Self.text.split(separator: "\n").filter { !$0.contains(" \(key):") }
        let found = problems(lines.joined(separator: "\n"))
        #expect(found.map(\.key) == [key] && found.first?.problem == "'\(key)' is missing")
        #expect(found.first?.expected.isEmpty == false)
    }

    private static let mistakes: [(wrong: String, right: String, problem: String)] = [
        ("format: 2", "format: 1", "'format' is '2'"), ("rule: \"a b\"", "rule: \"night-shift\"", "'rule' is 'a b'"),
        ("robot: 7", "robot: \"arm\"", "'robot' is a number"),
        ("least_margin_share: 0", "least_margin_share: 0.125", "'least_margin_share' is '0'"),
        ("policy_distance_nats: NaN", "policy_distance_nats: 0.5", "'policy_distance_nats' is 'NaN'"),
        ("policy_distance_nats: -0.1", "policy_distance_nats: 0.5", "'policy_distance_nats' is '-0.1'"),
        ("hottest_c: 151", "hottest_c: 45", "'hottest_c' is '151'"),
        ("least_time_left_s: \"60\"", "least_time_left_s: 60", "'least_time_left_s' is a text"),
        ("episodes_per_day: 1.5", "episodes_per_day: 40", "'episodes_per_day' is '1.5'"),
        ("until: \"tomorrow\"", "until: \"2026-12-31T18:00:00Z\"", "'until' is 'tomorrow'"),
        ("signer: null", "signer: \"ada\"", "'signer' is null"),
    ]

    @Test("a value that may not be is named, with what it may be", arguments: mistakes)
    func values(wrong: String, right: String, problem: String) {
        let found = problems(Self.text.replacing(right, with: wrong))
        #expect(found.map(\.problem) == [problem])
    }

    @Test("strange keys, several mistakes and other texts are all said at once")
    func several() {
        let text = Self.text.replacing("hottest_c", with: "hotest_c").replacing("\"arm\"", with: "[]")
        #expect(
            problems(text).map(\.problem) == ["'hottest_c' is missing", "'robot' is a list", "'hotest_c' is not a key"])
        #expect(problems(text).last?.expected == "perhaps 'hottest_c'")
        #expect(problems("[]").map(\.problem) == ["the file is a list"])
        #expect(problems("{").count == 1)
        #expect(problems("{}").count == ApprovalRuleKey.all.count - 1)
    }
}
