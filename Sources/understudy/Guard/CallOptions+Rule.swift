import Episodes
import JSON
import Quantities
import Robots
import Varlink

// A standing rule: shown as it is, and adopted by whoever its file names.
extension CallOptions {
    /// The hash that is adopted is that of the bytes that are shown: of this program's own reading of the file.
    func adopt(
        _ client: inout VarlinkClient, _ path: String, _ surroundings: Surroundings
    ) throws(ClientError) -> Outcome {
        let bytes: [UInt8]
        switch surroundings.read(path) {
        case .failure(let trouble):
            return .failure(
                .invalidConfiguration, "cannot read '\(shown(path))': \(trouble.reason)",
                next: "check the path; a guard's rules are the files of its --rules folder", surroundings.errors)
        case .success(let read): bytes = read
        }
        let file: ApprovalRuleFile
        do throws(ApprovalRuleProblems) { file = try ApprovalRuleFile(parsing: bytes) } catch {
            return refused(path, error, surroundings.errors)
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let text =
            lines.map { "  \(shown(String($0)))\n" }.joined() + "rule \(file.rule.name), \(file.digest.text)\n"
            + Self.words(ofBand: file.rule.widestBand)
        guard !why.isEmpty else {
            let next = "understudy approve \(robot) --rule \(shown(path)) --why TEXT   # as '\(file.rule.signer)'"
            return Outcome(
                status: .refused, output: text,
                errors: "\(surroundings.errors.bold("not adopted yet"))\n  next: \(next)\n")
        }
        let reply = try call(
            &client, "Adopt",
            ["rule": .text(file.rule.name.text), "sha256": .text(file.digest.text), "why": .text(why)])
        let ground = reply.whole("ground")
        return show(
            reply,
            "\(text)\nadopted as \(ground); it ends by: understudy deny \(robot) --ground \(ground) --why TEXT\n")
    }

    /// What may be left out is said in either case.
    private static func words(ofBand widest: Radians?) -> String {
        widest.map {
            "it covers plans whose band is nowhere wider than \(decimal(Double($0.value), 3)) rad, for any joint\n"
        } ?? "it covers plans however wide their bands are: the file has no 'widest_band_rad'\n"
    }

    private func refused(_ path: String, _ problems: ApprovalRuleProblems, _ style: Style) -> Outcome {
        let lines = problems.all.map { problem in
            "\(shown(path)):\(problem.position.line):\(problem.position.column): "
                + "\(style.red("error:")) \(problem.problem)\n  expected: \(problem.expected)\n"
        }
        return Outcome(status: .invalidConfiguration, errors: lines.joined())
    }
}
