import Episodes
import Foundation
import Learning
import Supervision
import Testing

@testable import Learner

@Suite("The folder of a run")
struct RunFolderTests {
    @Test("what is kept comes back, and one learner at a time has it")
    func keeps() throws {
        let (samples, path) = (try Samples(), Samples.folder())
        defer { try? FileManager.default.removeItem(atPath: path) }
        let course = try samples.course(samples.identity())
        var state = RunState(
            course: course.checkpoint, robots: [.init(anchor: course.playing), .init(), .init(anchor: course.playing)])
        (state.robots[0].setbacks, state.robots[1].setbacks) = (2, 1)
        state.robotSeconds = 12.5
        state.pending = [7, 8]
        state.robots[0].misses.add(0.75, hasLeft: false)
        state.robots[0].misses.add(1.5, hasLeft: true)
        state.robots[2].misses.add(2.5, hasLeft: false)
        let folder = try LearnerFolder(at: path)
        #expect(throws: FolderError.inUse) { _ = try LearnerFolder(at: path) }
        #expect(try folder.identity() == nil && folder.state() == nil && !folder.hasBegun)
        try folder.note(samples.identity())
        try folder.keep(&state, Array("one\n".utf8))
        #expect(try folder.identity() == samples.identity() && folder.state() == state && folder.hasBegun)
        _ = consume folder
        let again = try LearnerFolder(at: path)
        #expect(try again.state() == state)
    }

    @Test("what was logged and not counted is written once, whatever a kill left behind")
    func log() throws {
        let path = Samples.folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try LearnerFolder(at: path)
        var state = RunState(course: [1, 2, 3])
        try folder.keep(&state, Array("first\n".utf8))
        var lost = state
        try folder.keep(&lost, Array("second\nthird\n".utf8))
        // Killed before the checkpoint: the older state goes on.
        try folder.keep(&state, Array("second\n".utf8))
        let text = try String(contentsOfFile: "\(path)/\(LearnerFolder.log)", encoding: .utf8)
        #expect(text == "first\nsecond\n")
        // A log that is gone begins anew, and is none of zeros.
        try FileManager.default.removeItem(atPath: "\(path)/\(LearnerFolder.log)")
        try folder.keep(&state, Array("fourth\n".utf8))
        #expect(try Data(contentsOf: URL(filePath: "\(path)/\(LearnerFolder.log)")).count == 7)
    }

    @Test("a checkpoint with any byte changed or missing is refused")
    func damage() throws {
        let samples = try Samples()
        let course = try samples.course(samples.identity())
        var state = RunState(course: course.checkpoint, robots: [.init(anchor: course.playing), .init()])
        state.robots[0].misses.add(1.5, hasLeft: true)
        let bytes = state.bytes
        #expect(try RunState(bytes, name: "x") == state)
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 16)) {
            var other = bytes
            other[place] ^= 0x10
            #expect(throws: FolderError.damaged("x")) { try RunState(other, name: "x") }
            #expect(throws: FolderError.damaged("x")) { try RunState(Array(bytes.prefix(place)), name: "x") }
        }
    }

    @Test("a run of another version is no damaged one: it says which version it is of, and which is written now")
    func versions() throws {
        let samples = try Samples()
        let identity = samples.identity()
        let course = try samples.course(identity)
        func sealed(_ body: [UInt8]) -> [UInt8] { body + Digest(of: body.span).bytes }
        let body = Array(RunState(course: course.checkpoint).bytes.dropLast(32))
        let mark = Array("understudy run 2\n".utf8)
        #expect(body.starts(with: mark))
        func state(_ first: String) throws(FolderError) -> RunState {
            try RunState(sealed(Array(first.utf8) + body.dropFirst(mark.count)), name: "x")
        }
        for version in [UInt32(1), 3, 10] {
            #expect(throws: FolderError.otherVersion("x", version, written: 2)) {
                try state("understudy run \(version)\n")
            }
        }
        for strange in ["understudy run two\n", "understudy run \n", "understudy run 2 ", "somebody's run 1\n"] {
            #expect(throws: FolderError.damaged("x")) { try state(strange) }
        }
        let text = String(decoding: identity.bytes, as: UTF8.self)
        let next = Array(text.replacing("\"format\":1", with: "\"format\":2").utf8)
        #expect(throws: FolderError.otherVersion("x", 2, written: 1)) { try RunIdentity(next, name: "x") }
        let without = Array(text.replacing("\"format\":1,", with: "").utf8)
        #expect(without.count < identity.bytes.count)
        #expect(throws: FolderError.damaged("x")) { try RunIdentity(without, name: "x") }
    }

    @Test("a run knows what has changed since it began")
    func identity() throws {
        let samples = try Samples()
        let then = samples.identity()
        #expect(then.change(to: then) == nil)
        #expect(then.change(to: samples.identity(episodes: 99)) == nil, "more episodes are for its owner to buy")
        let record = Digest(of: "another record")
        #expect(
            then.change(to: samples.identity(calibration: record)) == .hash(.calibration, then: .zero, now: record))
        #expect(then.change(to: samples.identity(.real)) == .method(then: .rehearse, now: .real))
        #expect(then.change(to: samples.identity(seed: 4)) == .seed(then: 3, now: 4))
        #expect(try RunIdentity(then.bytes, name: "x") == then)
        // A way of making steps is what the run is of; one that is not written down is the usual one.
        var way = RunIdentity.Way()
        (way.steps, way.reuse, way.models) = (.natural, 2, 3)
        let other = samples.identity(way: way)
        #expect(try RunIdentity(other.bytes, name: "x") == other && other.change(to: other) == nil)
        #expect(then.change(to: other) == .way("steps", then: "adam", now: "natural"))
        way.steps = .adam
        #expect(then.change(to: samples.identity(way: way)) == .way("reuse", then: "0", now: "2"))
        way.reuse = 0
        #expect(then.change(to: samples.identity(way: way)) == .way("models", then: "1", now: "3"))
        // How many robots there are, and by which record each goes.
        var (pair, changed) = (then, then)
        pair.others = [record]
        changed.others = [.zero]
        #expect(try RunIdentity(pair.bytes, name: "x") == pair && pair.robots == 2 && then.robots == 1)
        #expect(pair.change(to: pair) == nil && pair.change(to: then) == .robots(then: 2, now: 1))
        #expect(pair.change(to: changed) == .calibration(robot: 2, then: record, now: .zero))
        #expect(samples.pupil.settings(pair).robots == 2)
        var exchanged = samples.identity(calibration: record)
        exchanged.others = [.zero]
        #expect(pair.change(to: exchanged) == .exchanged(robot: 1, was: 2))
        exchanged.others = [Digest(of: "a third record")]
        #expect(pair.change(to: exchanged) == .exchanged(robot: 1, was: 2))
        let text = String(decoding: then.bytes, as: UTF8.self)
        let older = text.replacing(/"(steps|reuse|models)":("adam"|[01]),?/, with: "").replacing(",}", with: "}")
        #expect(!older.contains("adam") && older != text)
        #expect(try RunIdentity(Array(older.utf8), name: "x") == then)
        for (key, wrong) in [("\"reuse\":0", "\"reuse\":-1"), ("\"models\":1", "\"models\":0"), ("adam", "eve")] {
            let damaged = Array(text.replacing(key, with: wrong).utf8)
            #expect(damaged != then.bytes)
            #expect(throws: FolderError.damaged("x")) { try RunIdentity(damaged, name: "x") }
        }
        let settings = samples.pupil.settings(other)
        #expect(settings.stepRule == .natural && settings.reuse == 2 && settings.models == 3)
        #expect(throws: FolderError.damaged("x")) { try RunIdentity(Array("{}".utf8), name: "x") }
    }
}
