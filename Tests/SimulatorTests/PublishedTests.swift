import CMuJoCo
import Foundation
import TestSupport
import Testing

@testable import Simulator

/// The robots of the published comparisons against Gymnasium itself, on the MuJoCo that we are linked with.
@Suite("published robots", .serialized)
struct PublishedTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    private static let steps = 400

    /// Where the header that we are compiled with keeps what an environment looks at.
    private static var offsets: String {
        let options = unsafe MemoryLayout<mjModel>.offset(of: \.opt) ?? -1
        let places: [(String, Int?)] = unsafe [
            ("model.nq", MemoryLayout<mjModel>.offset(of: \.nq)), ("model.nv", MemoryLayout<mjModel>.offset(of: \.nv)),
            ("model.nu", MemoryLayout<mjModel>.offset(of: \.nu)), ("model.na", MemoryLayout<mjModel>.offset(of: \.na)),
            ("model.opt.timestep", MemoryLayout<mjOption>.offset(of: \.timestep).map { options + $0 }),
            ("model.actuator_ctrlrange", MemoryLayout<mjModel>.offset(of: \.actuator_ctrlrange)),
            ("data.qpos", MemoryLayout<mjData>.offset(of: \.qpos)),
            ("data.qvel", MemoryLayout<mjData>.offset(of: \.qvel)),
            ("data.ctrl", MemoryLayout<mjData>.offset(of: \.ctrl)),
            ("data.act", MemoryLayout<mjData>.offset(of: \.act)),
        ]
        return places.map { "\($0.0)=\($0.1 ?? -1)" }.joined(separator: ",")
    }

    /// What Gymnasium's environment did, and the file that it read.
    private func walk(_ robot: PublishedRobot) throws -> (numbers: [Double], mjcf: String) {
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": Self.root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" gymnasium gymnasium==1.2.2 numpy==2.2.6", environment: surroundings)
        try #require(python.status == 0, "no environment for gymnasium: \(python.errors)")
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let file = FileManager.default.temporaryDirectory.appending(path: "walk-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let run = try ProcessRun.shell(
            """
            '\(interpreter)' '\(Self.root)/Tests/Peers/gymnasium_walk.py' \(robot.rawValue) \(Self.steps) \
            '\(file.path)' libmujoco.so.2.2.2 '\(Self.offsets)'
            """)
        try #require(run.status == 0, "\(run.errors.suffix(2_000))")
        let words = run.output.split(separator: "\n").last?.split(separator: " ") ?? []
        try #require(words.count == 2 && words[0] == "\(mj_version())", "\(run.output)")
        let bytes = [UInt8](try Data(contentsOf: file))
        let numbers = stride(from: 0, to: bytes.count, by: 8).map { place in
            Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << (8 * $1) })
        }
        return (numbers, try String(contentsOfFile: String(words[1]), encoding: .utf8))
    }

    /// One step, as the walk writes it down.
    private func step(_ world: PublishedWorld, _ action: [Float]) throws -> [Double] {
        let outcome = try world.step(action.span)
        var seen = [Double](repeating: 0, count: world.robot.observations)
        var room = seen.mutableSpan
        world.observe(into: &room)
        return seen + [outcome.reward, outcome.hasFallen ? 1 : 0]
    }

    /// The numbers of a walk, one group after the other.
    private struct Groups {
        var rest: ArraySlice<Double>

        mutating func take(_ count: Int) -> [Double] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
    }

    @Test(
        "have Gymnasium's observations, rewards and ends over 400 steps, bit for bit",
        arguments: PublishedRobot.allCases)
    func equal(robot: PublishedRobot) throws {
        let (numbers, mjcf) = try walk(robot)
        var groups = Groups(rest: numbers[...])
        let head = groups.take(4).map { Int($0) }
        #expect(head == [robot.positions, robot.actions, robot.observations, Self.steps])
        let world = try PublishedWorld(robot, mjcf: mjcf)
        var falls = 0.0
        for episode in 0..<2 {
            try world.begin(groups.take(robot.positions), groups.take(robot.positions))
            for number in 0..<Self.steps {
                let action = groups.take(robot.actions).map { Float($0) }
                let mine = try step(world, action)
                let theirs = groups.take(mine.count)
                let isSame = mine.map(\.bitPattern) == theirs.map(\.bitPattern)
                try #require(isSame, "episode \(episode), step \(number): \(mine) and not \(theirs)")
                falls += mine[mine.count - 1]
            }
        }
        #expect(groups.rest.isEmpty)
        #expect((falls > 0) == (robot != .halfCheetah), "what cannot fall did not, and the others did")
    }

    /// What off-dynamics work and the released code have, in degrees or radians as their files say it.
    @Test("shifts change what the published files change, and nothing else", arguments: PublishedRobot.allCases)
    func shifts(robot: PublishedRobot) throws {
        let (_, mjcf) = try walk(robot)
        let plain = try PublishedWorld(robot, mjcf: mjcf)
        func world(_ shift: PublishedShift) throws -> PublishedWorld { try PublishedWorld(robot, mjcf: mjcf, [shift]) }
        let light = try world(.gravity(0.5))
        #expect(light.gravity == -4.905 && light.frictions == plain.frictions && light.ranges == plain.ranges)

        let slippery = try world(.friction(0.5))
        let sliding = stride(from: 0, to: slippery.frictions.count, by: 3).map { slippery.frictions[$0] }
        let turning = zip(slippery.frictions, plain.frictions).enumerated().filter { $0.offset % 3 != 0 }.map(\.element)
        #expect(slippery.gravity == -9.81 && slippery.ranges == plain.ranges)
        let degrees = Double.pi / 180
        let stiff = try world(.range(.leg, 0.2)).ranges
        let lame = try world(.range(.foot, 0.5)).ranges
        let changed = stiff.indices.filter { stiff[$0] != plain.ranges[$0] }
        let otherwise = lame.indices.filter { lame[$0] != plain.ranges[$0] }
        switch robot {
        case .hopper:
            #expect(sliding == [1, 0.45, 0.45, 0.45, 1] && turning.allSatisfy { $0 == $1 })
            #expect(changed == [1] && otherwise == [2])
            #expect(abs(stiff[1][0] + 30 * degrees) < 1e-12 && stiff[1][1] == 0)
            #expect(abs(lame[2][0] + 22.5 * degrees) < 1e-12)
        case .walker2d:
            #expect(sliding == [0.35, 0.45, 0.45, 0.45, 0.45, 0.45, 0.45, 0.95] && turning.allSatisfy { $0 == $1 / 2 })
            #expect(changed == [0, 3] && otherwise == [2, 5])
            #expect(abs(stiff[3][0] + 30 * degrees) < 1e-12)
            #expect(abs(lame[5][1] - 22.5 * degrees) < 1e-12)
        case .halfCheetah:
            #expect(sliding.allSatisfy { $0 == 0.2 } && turning.allSatisfy { $0 == $1 / 2 })
            #expect(changed == [0, 3] && otherwise == [2, 5])
            #expect(abs(stiff[0][0] + 0.104) < 1e-12)
            #expect(abs(lame[2][1] - 0.3925) < 1e-12)
        }
        #expect(try world(.backwards).gears == plain.gears.map { -$0 })
    }
}
