import Embodiment
import Foundation
import Ports
import Quantities
import Robots
import Simulator
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

@Suite("pretending to be a robot of a folder", .serialized) struct VirtualRobotVerbTests {
    private func file(_ robot: String) throws -> (RobotFile, String) {
        let files = try Pretended.shipped().files
        let file = try RobotFile(parsing: Array(try #require(files["Calibration/\(robot)/robot.json5"]).utf8))
        return (file, try #require(files["Calibration/\(robot)/\(file.body.file)"]))
    }

    @Test("what the command line says reaches the robot")
    func options() throws {
        let words = "virtual leg --robots a --envelopes b --seed 4 --spread 1.5 --fault stuck-joint#2@1s --speed 2"
        let expected = VirtualRobotOptions(
            source: RobotSource("leg", robots: "a", envelopes: "b"),
            faults: try FaultPlan(parsing: "stuck-joint#2@1s", seed: 4), run: VirtualRun(speed: 2, spread: 1.5))
        #expect(try Verb.parse(words.split(separator: " ").map(String.init)) == .virtual(.robot(expected)))
    }

    @Test("the table of keys knows every number of the metal, under its name and with its range")
    func metalKeys() {
        let rows = KeyTable.robot.rows(of: .metal).map(\.name).filter { $0 != "product" }
        #expect(rows.sorted() == MetalParameter.allCases.map(\.rawValue).sorted())
    }

    @Test(
        "a body that is not right is an error of the robot's file, with its line and what is there",
        arguments: [
            ("gone", "Calibration/pendulum/body.xml", nil, "No such file or directory"),
            ("no MJCF", "Calibration/pendulum/body.xml", "<mujoco><nonsense/></mujoco>", "nonsense"),
            ("another joint", "Calibration/pendulum/body.xml", "swing", "'swing'"),
        ] as [(String, String, String?, String)])
    func broken(name: String, path: String, text: String?, expected: String) throws {
        var pretended = try Pretended.shipped()
        let shipped = try #require(pretended.files[path])
        pretended.files[path] =
            text == "swing" ? shipped.replacing("name=\"swing\"", with: "name=\"swng\"") : text
        for line in ["virtual pendulum", "explain robot pendulum"] {
            let outcome = pretended.run(line)
            #expect(outcome.status == .invalidConfiguration)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("Calibration/pendulum/robot.json5:"), "\(outcome.errors)")
            #expect(outcome.errors.contains(expected), "\(outcome.errors)")
        }
    }

    @Test("metal that nobody knows, and a fault of a servo that is not there, are refused")
    func refused() throws {
        var pretended = try Pretended.shipped()
        let far = pretended.run("virtual pendulum --fault stuck-joint#2")
        #expect(far.status == .usage && far.errors.contains("from 1 to 1"))
        let path = "Calibration/pendulum/robot.json5"
        pretended.files[path] = pretended.files[path]?.replacing("model: \"xl330-m288\"", with: "model: \"xl330-m077\"")
        let unknown = pretended.run("virtual pendulum")
        #expect(unknown.status == .invalidConfiguration && unknown.errors.contains("'xl330-m288'"), "\(unknown.errors)")
    }

    private func record(_ robot: String, seed: Int) throws -> Data {
        let folders = ["--robots", "Calibration", "--envelopes", "safety/envelopes"].map {
            $0.hasPrefix("--") ? $0 : Pretended.tree.appending(path: $0).path(percentEncoded: false)
        }
        let process = try VirtualProcess(
            "\(robot) \(folders.joined(separator: " ")) --lockstep HERE/socket --record HERE/run --seed \(seed)")
        var link = try LockstepLink(to: try process.port())
        try link.sleep(until: link.now + .milliseconds(300))
        _ = consume link
        try process.signal(SIGINT)
        let run = try process.end()
        #expect(run.status == 0, "\(run.errors)")
        #expect(process.leftovers == ["run"])
        return try Data(contentsOf: URL(filePath: "\(process.folder)/run"))
    }

    @Test("a robot of one seed is one run, bit for bit; of another seed it is another", arguments: Pretended.robots)
    func recordings(robot: String) throws {
        let first = try record(robot, seed: 5)
        #expect(try record(robot, seed: 5) == first)
        #expect(try record(robot, seed: 6) != first)
        #expect(first.count > 10_000)
    }

    /// What the encoder of the first joint reads when the robot of a changed folder hangs at its start.
    private func reading(zero: String) throws -> Int {
        let root = Pretended.tree.path(percentEncoded: false)
        let script = """
            folder=$(mktemp -d)
            trap 'rm -r "$folder"' EXIT
            cp -r "\(root)/Calibration/pendulum" "$folder/pendulum"
            sed -i 's/zero_rad: 3.1416/zero_rad: \(zero)/' "$folder/pendulum/robot.json5"
            exec 3< <(./understudy virtual pendulum --robots "$folder" --envelopes "\(root)/safety/envelopes" \
                --lockstep "$folder/socket" --spread 0 2>&1)
            robot=$!
            read -r port <&3
            ./understudy servo 1 --port "lockstep:$port" --family dynamixel --baud 1000000 read 132
            kill -INT $robot
            wait $robot
            """
        let output = try ProcessRun.shell(script).output
        let words = output.split(whereSeparator: { $0 == " " || $0 == "\n" })
        let place = try #require(words.firstIndex(of: "presentPosition"), "\(output)")
        return try #require(Int(words[place + 1]))
    }

    @Test("encoders read what the folder says where their joint is at zero")
    func zero() throws {
        // A turn has 4,096 steps; the noise and the slack of the gear are worth a few.
        #expect(abs(try reading(zero: "3.1416") - 2_048) < 20)
        #expect(abs(try reading(zero: "1.5708") - 1_024) < 20)
    }
}
