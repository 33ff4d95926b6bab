import Foundation
import Testing

@testable import Metrology

/// An arm as the reacher's: a base that turns about the upright, a shoulder and an elbow in a plane through it.
@Suite("What joints carry") struct LoadCheckTests {
    private static let start = [0, -0.2, 1.0]

    private static let inertia = 0.04

    private static func loads(_ pose: [Double]) -> [Double] {
        let elbow = -0.06 * sin(pose[1] + pose[2])
        return [0, -0.12 * sin(pose[1]) + elbow, elbow]
    }

    private struct Wiring {
        var order = [0, 1, 2]
        var signs = [1.0, 1, 1]

        /// What the electronics of each joint feel where the joints are said to be.
        func felt(_ said: [Double]) -> [Double] {
            var pose = said
            for joint in said.indices { pose[order[joint]] = signs[joint] * said[joint] }
            let loads = LoadCheckTests.loads(pose)
            return said.indices.map { signs[$0] * loads[order[$0]] }
        }
    }

    /// Each joint slowly through its range, in both directions, with friction and noise.
    private static func sweeps(_ wiring: Wiring, scale: Double = 1) throws -> [LoadCheck.Sweep] {
        try (0..<3).map { joint in
            // To and fro by 1.2 rad in three seconds each, as slowly as a sweep, with the least jerk; what turns has inertia.
            let shares = (0..<300).map { (Double($0) + 0.5) / 300 }
            let ways = [(low: -0.6, way: 1.2), (low: 0.6, way: -1.2)].flatMap { one in
                shares.map { (low: one.low, way: one.way, share: $0) }
            }
            let places = ways.map { one -> Double in
                let cube = one.share * one.share * one.share
                return start[joint] + one.low + one.way * cube * (10 - one.share * (15 - one.share * 6))
            }
            let speeds = ways.map { one -> Double in
                let product = one.share * (1 - one.share)
                return one.way * 10 * product * product
            }
            let quicker = ways.map { one -> Double in
                let product = one.share * (1 - one.share)
                return inertia * one.way * 20 / 3 * product * (1 - 2 * one.share)
            }
            let efforts = zip(places, speeds).enumerated().map { number, both in
                var pose = start
                pose[joint] = both.0
                let noise = 0.004 * sin(Double(number) * 12.3)
                return scale * (wiring.felt(pose)[joint] + quicker[number] + (both.1 > 0 ? 0.03 : -0.03)) + noise
            }
            let track = JointTrack(
                times: places.indices.map { Double($0) * 0.01 }, commands: places, positions: places, speeds: speeds,
                efforts: efforts)
            return .init(joint: joint, try #require(FrictionSweep(joint: joint, track, slowest: 0.05)), rest: start)
        }
    }

    private static func findings(_ wiring: Wiring, scale: Double = 1) throws -> [JointFinding] {
        LoadCheck(try sweeps(wiring, scale: scale), expected: loads).findings
    }

    @Test("a healthy arm carries what it weighs, however its actuators count their efforts", arguments: [0.6, 1, 1.8])
    func healthy(scale: Double) throws {
        let check = LoadCheck(try Self.sweeps(Wiring(), scale: scale), expected: Self.loads)
        #expect(check.findings.isEmpty)
        #expect(abs(try #require(check.scales[1]).value / scale - 1) < 0.1 && check.scales[0] == nil, "\(check)")
    }

    @Test("two joints that have each other's place are named by what they carry")
    func swapped() throws {
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            var wiring = Wiring()
            wiring.order.swapAt(one, other)
            let expected = [JointFinding.swapped(joint: one, with: other), .swapped(joint: other, with: one)]
            #expect(try Self.findings(wiring) == expected, "\(one), \(other)")
        }
    }

    @Test(
        "that a shoulder or an elbow goes the other way is named, not which: a mirror swaps them; a base shows nothing")
    func reversed() throws {
        for joint in 0..<3 {
            var wiring = Wiring()
            wiring.signs[joint] = -1
            #expect(try Self.findings(wiring) == (joint == 0 ? [] : [.carriesReversed(joint: 1, or: [2])]), "\(joint)")
        }
    }
}
