import Foundation
import TestSupport
import Testing

@testable import understudy

@Suite("the doctor looks at the virtual robot of a folder, in another process") struct DoctorRobotTests {
    /// What the doctor finds of a shipped robot when that robot is at its port, as JSON.
    private func findings(_ robot: String) throws -> (status: Int32, findings: [[String: String]]) {
        let root = Pretended.tree.path(percentEncoded: false)
        let folders = "--robots \(root)/Calibration --envelopes \(root)/safety/envelopes"
        let script = """
            folder=$(mktemp -d)
            trap 'rm -r "$folder"' EXIT
            exec 3< <(./understudy virtual \(robot) \(folders) --lockstep "$folder/socket" 2>&1)
            robot=$!
            read -r port <&3
            ./understudy doctor \(robot) \(folders) --port "lockstep:$port" --json
            status=$?
            kill -INT $robot
            wait $robot
            exit $status
            """
        let run = try ProcessRun.shell(script)
        let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        let findings = try #require(report?["findings"] as? [[String: Any]], "\(run.output)\(run.errors)")
        return (run.status, findings.map { $0.compactMapValues { $0 as? String } })
    }

    @Test("a robot that is there as its folder says is found whole", arguments: ["pendulum", "reacher", "leg"])
    func whole(robot: String) throws {
        let (status, findings) = try findings(robot)
        #expect(findings.filter { $0["status"] == "fail" }.isEmpty, "\(findings)")
        let joints = findings.filter { $0["subject"]?.hasPrefix("joint ") == true || $0["subject"] == "board" }
        #expect(joints.count == ["pendulum": 1, "reacher": 3, "leg": 1][robot], "\(findings)")
        #expect(status == 0)
    }
}
