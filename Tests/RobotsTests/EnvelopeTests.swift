import Episodes
import FoundationEssentials
import Quantities
import Supervision
import TestSupport
import Testing

@testable import Robots

@Suite("Envelope files")
struct EnvelopeTests {
    private static let shipped = ["leg", "pendulum", "reacher"]

    @Test("every shipped envelope is valid and named like its file")
    func shipped() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: envelopeFolder.path)
        #expect(files.sorted() == Self.shipped.map { "\($0).json5" })
        for name in Self.shipped {
            let data = try Data(contentsOf: envelopeFolder.appending(path: "\(name).json5"))
            #expect(try EnvelopeFile(parsing: Array(data)).robot == name)
        }
    }

    @Test("what the file says arrives in the envelope")
    func arrives() throws {
        let file = try EnvelopeText(.position, .speed, .effort).parse()
        let (robot, joints) = (file.envelope.robot, file.envelope.joints.elements)
        #expect(file.robot == "tester" && file.joints.map(\.name) == ["joint0", "joint1", "joint2"])
        #expect(file.envelope.count.rawValue == 3)
        #expect(robot.period == Seconds(0.01) && robot.times.hold == Ticks(200) && robot.times.permit == Ticks(6_000))
        #expect(robot.lateTicksToStop == Ticks(10) && robot.horizon == Ticks(2_000))
        #expect(robot.energy == Allowance(capacity: 2, drain: PerSecond(1)))
        #expect(joints[0].drive == .position && joints[1].drive == .speed(following: PerSecond(7)))
        let held = Drive.effort(
            stiffness: NewtonMetresPerRadian(0.7), damping: NewtonMetreSecondsPerRadian(0.09))
        #expect(joints[2].drive == held && joints[0].position == Limit(Radians(-1.5), Radians(2.5)))
        #expect(joints[1].voltage == Limit(Volts(11), Volts(12.5)) && joints[1].motor.ambient == Celsius(35))
    }

    @Test("a key with a default may be left out, and the default is part of the identity")
    func defaults() throws {
        var text = EnvelopeText(.position)
        for row in KeyTable.envelope.rows {
            if case .standard(let value) = row.presence { text.robot[row.name] = "\(value)" }
        }
        var silent = text
        for row in KeyTable.envelope.rows {
            if case .standard = row.presence { silent.robot[row.name] = nil }
        }
        #expect(silent.robot.count < text.robot.count)
        #expect(try silent.parse().envelope.identity == text.parse().envelope.identity)
    }

    @Test("the identity is the same however the file is written")
    func identity() throws {
        let text = EnvelopeText(.position).text
        let identity = try EnvelopeFile(parsing: Array(text.utf8)).envelope.identity
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let rewritten = "// reviewed\n" + text.replacing("period_s: 0.01,", with: "'period_s': +10.e-3, /* ms */")
        let reversed = lines[1...24].reversed() + lines[25...]
        let moved = text.replacing("drive: 'position',", with: "")
            .replacing("  joints: [", with: "  every_joint: { drive: 'position' },\n  joints: [")
        for other in [rewritten, "{\n" + reversed.joined(separator: "\n"), moved] {
            #expect(other != text)
            #expect(try EnvelopeFile(parsing: Array(other.utf8)).envelope.identity == identity)
        }
    }

    @Test("names and the order of joints are part of the identity")
    func namesAndOrder() throws {
        let base = EnvelopeText(.position, .speed)
        var renamed = base
        renamed.joints[0]["name"] = "'other'"
        var robot = base
        robot.robot["robot"] = "'other'"
        var swapped = base
        swapped.joints.reverse()
        let identities = try [base, renamed, robot, swapped].map { try $0.parse().envelope.identity.text }
        #expect(Set(identities).count == 4)
        #expect(identities.allSatisfy { $0.count == 64 })
    }

    @Test("a digest is written as sha256sum writes it")
    func digest() {
        let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Digest(of: "abc").text == digits)
        #expect(Digest(0, 1, 0, .max).text.hasPrefix("00000000000000000000000000000001"))
    }

    @Test("no change of any byte makes the reader stop", arguments: [1, 2, 3] as [UInt64])
    func anyBytes(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let data = try Data(contentsOf: envelopeFolder.appending(path: "pendulum.json5"))
        var refused = 0
        for _ in 0..<300 {
            var bytes = Array(data)
            for _ in 0..<(1 + random.next() % 4) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
            do throws(FileProblems) {
                _ = try EnvelopeFile(parsing: bytes)
            } catch {
                refused += 1
                #expect(!error.all.isEmpty)
                for problem in error.all { #expect(!problem.problem.isEmpty && !problem.expected.isEmpty) }
            }
        }
        #expect(refused > 50)
    }
}
