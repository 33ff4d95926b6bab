import Foundation
import TestSupport
import Testing

@testable import understudy

@Suite("the doctor looks at the robot of a folder") struct DoctorRobotTests {
    /// What the doctor finds of a shipped robot when these are at its port, as JSON.
    private func findings(_ robot: String, among pretended: String) throws -> [[String: String]] {
        let root = Pretended.tree.path(percentEncoded: false)
        let folders = "--robots \(root)/Calibration --envelopes \(root)/safety/envelopes"
        let script = """
            folder=$(mktemp -d)
            trap 'rm -r "$folder"' EXIT
            exec 3< <(./understudy virtual \(pretended.replacing("FOLDERS", with: folders)) \\
                --lockstep "$folder/socket" 2>&1)
            robot=$!
            read -r port <&3
            ./understudy doctor \(robot) \(folders) --port "lockstep:$port" --json
            kill -INT $robot
            wait $robot
            """
        let output = try ProcessRun.shell(script).output
        let report = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        let findings = try #require(report?["findings"] as? [[String: Any]], "\(output)")
        return findings.map { $0.compactMapValues { $0 as? String } }
    }

    private func found(_ subject: String, _ findings: [[String: String]]) -> [String] {
        findings.filter { $0["subject"] == subject }.map { "\($0["status"] ?? "") \($0["found"] ?? "")" }
    }

    @Test("a robot that is there as its folder says is found whole")
    func whole() throws {
        let findings = try findings("reacher", among: "reacher FOLDERS")
        #expect(found("joints", findings) == ["ok its 3 servos answer and are what the folder says"])
        #expect(found("robot folder", findings).first?.hasPrefix("ok ") == true)
    }

    @Test("a servo that is missing, one of another model and one too many are all named at once")
    func roster() throws {
        let findings = try findings("reacher", among: "--servos sts3215:1,sts3250:3")
        #expect(found("joint shoulder", findings) == ["fail servo 2 does not answer; expected sts3215-12v"])
        #expect(found("joint elbow", findings) == ["fail servo 3 is STS3250; expected sts3215-12v"])
        #expect(found("joint base", findings).isEmpty)
        #expect(found("joints", findings).isEmpty)
        let swing = try self.findings("pendulum", among: "--servos xl330-m077:1")
        #expect(found("joint swing", swing) == ["fail servo 1 is XL330-M077; expected xl330-m288"])
    }

    @Test("without a port nothing is asked, a board is not asked, and a folder that is not right is not believed")
    func nothing() throws {
        var pretended = try Pretended.shipped()
        let lost = pretended.run("doctor reacher")
        #expect(lost.status == .failed && lost.output.contains("neither --port nor bus.port"))
        #expect(pretended.run("doctor leg").output.contains("the board of 'leg' was not asked"))
        pretended.files["Calibration/reacher/body.xml"] = nil
        let broken = pretended.run("doctor reacher --port /dev/pts/0")
        #expect(broken.status == .failed && broken.output.contains("body.xml"))
        #expect(!broken.output.contains("fail  bus"))
    }

    @Test(
        "what a folder says already is not said again",
        arguments: [
            "reacher --family feetech", "reacher --baud 1000000", "reacher --ids 1", "reacher arm", "--robots a",
        ])
    func refused(words: String) { #expect(Pretended().run("doctor \(words)").status == .usage) }
}
