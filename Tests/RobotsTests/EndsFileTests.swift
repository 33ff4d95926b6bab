import Episodes
import Robots
import Testing

@Suite("Where joints end, in a file") struct EndsFileTests {
    private static let hash = String(repeating: "0a", count: 32)

    private static func text(_ change: (String) -> String = { $0 }) -> [UInt8] {
        let text = """
            {"format": 1, "robot_sha256": "\(hash)", "session": 2, "serials": ["x7"],
             "joints": [{"joint": "hip", "low_rad": -1.31, "high_rad": 1.3}]}
            """
        return Array(change(text).utf8)
    }

    @Test("it says for which robot, which calibration and which devices, and how far each joint went")
    func whole() throws {
        let file = try EndsFile(parsing: Self.text())
        #expect(file.robot.text == Self.hash && file.session == 2 && file.serials == ["x7"])
        #expect(file.joints == [EndsFile.Joint(name: "hip", range: -1.31...1.3)])
    }

    @Test(
        "what is not right with it is named by its key",
        arguments: [
            ("\"format\": 1", "\"format\": 2", "format"), ("\"session\": 2", "\"session\": 0", "session"),
            ("\"session\"", "\"sesion\"", "sesion"), ("\"high_rad\": 1.3", "\"high_rad\": -2", "joints[0].high_rad"),
            ("0a0a", "0a0", "robot_sha256"), ("[\"x7\"]", "[7]", "serials"), ("\"hip\"", "\"\"", "joints[0].joint"),
            ("]}", "]", ""),
        ])
    func wrong(part: String, other: String, key: String) throws {
        let problem = #expect(throws: CalibrationProblem.self) {
            try EndsFile(parsing: Self.text { $0.replacing(part, with: other, maxReplacements: 1) })
        }
        #expect(problem?.key == key)
    }
}
