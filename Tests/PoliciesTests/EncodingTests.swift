import Foundation
import TestSupport
import Testing

@testable import Policies

private func decodingError(_ bytes: [UInt8]) -> PolicyError? {
    do throws(PolicyError) {
        _ = try Policy(decoding: bytes)
        return nil
    } catch {
        return error
    }
}

private func archiveError(_ bytes: [UInt8]) -> PolicyError? {
    do throws(PolicyError) {
        _ = try Policy(numPyArchive: bytes)
        return nil
    } catch {
        return error
    }
}

@Suite struct EncodingTests {
    @Test("a policy comes back with the same bits, from bytes that anyone else would have written")
    func roundTrip() throws {
        for (hidden, squashes) in [([64, 64], true), ([], false), ([3], true)] as [([Int], Bool)] {
            let policy = try samplePolicy(5, hidden, 2, squashes: squashes)
            let again = try Policy(decoding: policy.encoded)
            #expect(again == policy && again.encoded == policy.encoded)
        }
        let shape = try PolicyShape(inputs: 1, hidden: [2], outputs: 1, squashes: true, deviationFloor: 0.5)
        let policy = try Policy(shape, parameters: [1, -1, 0, 0.5, 2, -2, 0.25, -0.0])
        let bytes = policy.encoded
        let expected: [UInt8] = [
            0x55, 0x53, 0x50, 0x4C, 1, 0, 1, 0, 0, 0, 0, 0x3F, 1, 0, 1, 0, 1, 0, 2, 0, 8, 0, 0, 0,
            0, 0, 0x80, 0x3F, 0, 0, 0x80, 0xBF, 0, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0, 0x40, 0, 0, 0, 0xC0, 0, 0, 0x80,
            0x3E,
            0, 0, 0, 0x80,
        ]
        #expect(bytes == expected)
    }

    @Test("the identity changes with every bit of the encoding that makes another policy")
    func identity() throws {
        let policy = try samplePolicy(2, [3], 1)
        var parameters = policy.parameters
        parameters[4] = parameters[4].nextUp
        let near = try Policy(policy.shape, parameters: parameters)
        let words = { (policy: Policy) in (0..<8).map { policy.identity[$0] } }
        #expect(words(policy) == words(policy) && words(policy) != words(near))
    }

    @Test("what is not a policy is refused, at any length and with any field changed")
    func refused() throws {
        let bytes = try samplePolicy(2, [3], 1).encoded
        for length in 0..<bytes.count { #expect(decodingError(Array(bytes[..<length])) != nil, "\(length) bytes") }
        #expect(decodingError(bytes + [0]) == .length(bytes.count + 1, needed: bytes.count))
        #expect(decodingError([0x55, 0x53, 0x50]) == .notAPolicy)
        let changes: [(place: Int, value: UInt8, error: PolicyError)] = [
            (0, 0, .notAPolicy), (4, 2, .unknownVersion(2)), (6, 2, .unknownFlags(2)), (11, 0xBF, .deviationFloor),
            (12, 0, .inputs(0, limit: 1_024)), (14, 0, .outputs(0, limit: 64)), (17, 1, .layers(257, limit: 8)),
            (18, 0, .width(0, limit: 1_024)), (20, 9, .parameterCount(9, needed: 14)), (27, 0x7F, .notFinite(at: 0)),
        ]
        for (place, value, error) in changes {
            var changed = bytes
            changed[place] = value
            if place == 27 { changed[26] = 0xC0 }
            #expect(decodingError(changed) == error, "byte \(place)")
        }
    }

    @Test("an archive for NumPy comes back with the same bits, and damage to it is named")
    func archive() throws {
        let policy = try samplePolicy(3, [4, 5], 2, squashes: true)
        let bytes = policy.numPyArchive
        #expect(try Policy(numPyArchive: bytes) == policy)
        for length in stride(from: 0, to: bytes.count, by: 13) { #expect(archiveError(Array(bytes[..<length])) != nil) }
        var damaged = bytes
        // Inside the numbers of the first entry.
        damaged[200] ^= 1
        #expect(archiveError(damaged) == .damagedEntry("weights0.npy"))
        #expect(archiveError([]) == .notAnArchive)
        for place in bytes.indices where place % 7 == 0 {
            var changed = bytes
            changed[place] ^= 0x80
            _ = archiveError(changed)
        }
    }

    @Test("the checksum is that of zip files")
    func checksum() {
        #expect(CyclicChecksum.of(Array("123456789".utf8)[...]) == 0xCBF4_3926)
    }
}

/// NumPy itself reads what we write, computes the same, and writes what we read.
@Suite("NumPy", .serialized)
struct NumPyTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    @Test(
        "reads our policies, finds the same means, densities and scores in double, and gives them back",
        arguments: [false, true])
    func numpy(squashes: Bool) throws {
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": Self.root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" numpy numpy==2.2.6", environment: surroundings)
        try #require(python.status == 0, "no environment for numpy: \(python.errors)")
        let folder = FileManager.default.temporaryDirectory.appending(path: "numpy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let policy = try samplePolicy(5, [16, 12], 3, squashes: squashes)
        let sample = NumPySample(policy, lanes: 33)
        try Data(policy.numPyArchive).write(to: folder.appending(path: "policy.npz"))
        try Data(sample.archive).write(to: folder.appending(path: "sample.npz"))
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let run = try ProcessRun.shell("'\(interpreter)' '\(Self.root)/Tests/Peers/numpy_policy.py' '\(folder.path)'")
        #expect(run.status == 0, "\(run.output)\(run.errors.suffix(2_000))")
        #expect(run.output.split(separator: "\n").count { $0.hasPrefix("ok ") } == 10, "\(run.output)")
        // What NumPy wrote, in its own double precision.
        let back = try Policy(numPyArchive: Array(Data(contentsOf: folder.appending(path: "back.npz"))))
        #expect(back == policy)
    }

    @Test(
        "PyTorch differentiates the same density to the same score, in double",
        .enabled(
            if: ProcessInfo.processInfo.environment["UNDERSTUDY_CAMPAIGN"] == "proof",
            "PyTorch is a large download; NumPy checks the same in every run"),
        arguments: [false, true])
    func torch(squashes: Bool) throws {
        let surroundings = ProcessInfo.processInfo.environment.merging(["ROOT": Self.root]) { $1 }
        let python = try ProcessRun.shell(
            "\"$ROOT/.ci/python-peers\" torch numpy==2.2.6 torch==2.13.0", environment: surroundings)
        try #require(python.status == 0, "no environment for torch: \(python.errors)")
        let folder = FileManager.default.temporaryDirectory.appending(path: "torch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let policy = try samplePolicy(5, [16, 12], 3, squashes: squashes)
        try Data(policy.numPyArchive).write(to: folder.appending(path: "policy.npz"))
        try Data(NumPySample(policy, lanes: 33).archive).write(to: folder.appending(path: "sample.npz"))
        let interpreter = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let run = try ProcessRun.shell("'\(interpreter)' '\(Self.root)/Tests/Peers/torch_policy.py' '\(folder.path)'")
        #expect(run.status == 0, "\(run.output)\(run.errors.suffix(2_000))")
        #expect(run.output.split(separator: "\n").count { $0.hasPrefix("ok ") } == 2, "\(run.output)")
    }
}
