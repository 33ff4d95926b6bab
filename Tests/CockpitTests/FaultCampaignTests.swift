import Foundation
import Supervision
import Testing
import VirtualRobot

@Suite struct ExploreTests {
    @Test func explore() async throws {
        let only = ProcessInfo.processInfo.environment["ROBOT"] ?? "pendulum"
        let count = Int(ProcessInfo.processInfo.environment["COUNT"] ?? "2") ?? 2
        let names = ProcessInfo.processInfo.environment["FAULTS"].map { Set($0.split(separator: ",").map(String.init)) }
        for fault in FaultName.allCases where names?.contains(fault.rawValue) ?? true {
            for number in 0..<count {
                let place =
                    fault.hasPlace ? "#\(number % 3 % (only == "pendulum" ? 1 : only == "leg" ? 2 : 3) + 1)" : ""
                let trial = FaultTrial(robot: only, fault: fault, details: place, seed: UInt64(number) * 77 + 5)
                let t0 = Date()
                do {
                    let course = try trial.run()
                    print(
                        "COURSE", only, trial.text, course.state, course.cause.map { "\($0)" } ?? "-",
                        course.latched.map { "\($0)" } ?? "-", "readback", course.isReadBack, "intime",
                        course.cameInTime, "driven", Int(course.driven * 1000), "moved", Int(course.moved * 1000),
                        course.isKept, course.findings, "took", Int(-t0.timeIntervalSinceNow * 1000))
                } catch { print("COURSE", only, trial.text, "ERROR", error) }
            }
        }
    }
}
