import Episodes
import Foundation
import Glibc
import GuardCalls
import JSON
import Learning
import Policies
import Supervision
import Testing
import Varlink

@testable import Learner

@Suite("Several robots of a run")
struct CastTests {
    private static let shared = Digest(1, 2, 3, 4)

    private static func robot(
        _ name: String = "arm", file: Digest = shared, envelope: Digest = shared, calibration: Digest?
    ) throws(CallError) -> GuardedRobot {
        var words: JSONObject = [
            "name": .text(name), "tick_ns": .integer(5_000_000), "robot_sha256": .text(file.text),
            "envelope_sha256": .text(envelope.text),
        ]
        words["calibration_sha256"] = calibration.map { .text($0.text) }
        return try GuardedRobot(words)
    }

    private static func now() -> Duration { .seconds(ProcessInfo.processInfo.systemUptime) }

    @Test("robots of a run are of one kind, and each goes by a record of its own")
    func kinds() throws {
        let (one, two) = (Digest(of: "one"), Digest(of: "two"))
        let found = [try Self.robot(calibration: one), try Self.robot(calibration: two)]
        #expect(Cast.difference(try Self.robot(calibration: .zero), found) == nil)
        #expect(Cast.difference(try Self.robot("leg", calibration: .zero), found) == .otherKind(.robotFile))
        #expect(Cast.difference(try Self.robot(file: .zero, calibration: .zero), found) == .otherKind(.robotFile))
        #expect(Cast.difference(try Self.robot(envelope: .zero, calibration: .zero), found) == .otherKind(.envelope))
        #expect(Cast.difference(try Self.robot(calibration: two), found) == .sameRobot(as: 2))
        let bare = try Self.robot(calibration: nil)
        #expect(Cast.difference(bare, found) == nil && Cast.difference(bare, [bare]) == .sameRobot(as: 1))
    }

    @Test("what a guard says comes over whole, with its recording; what is cut off is nothing that was said")
    func messages() throws {
        let robot = try Self.robot(calibration: Self.shared)
        let words: JSONObject = [
            "sha256": .text(Self.shared.text), "state": .text("finished"), "recording": .text("a b"),
        ]
        let standing = try PlanStanding(words)
        let samples = try Samples()
        let writer = PlanWriter(samples.pupil, envelope: .zero, calibration: .zero)
        let course = try samples.course(samples.identity())
        let plan = try #require(try writer.planned(course, anchor: nil, Misses())).proposal
        let messages: [FleetMessage] = [
            .look, .robot(robot), .fly(plan), .standing(standing), .flown(standing, recording: [0, 1, 0]), .waits,
        ]
        for message in messages { #expect(FleetMessage(message.bytes)?.bytes == message.bytes) }
        guard case .flown(standing, recording: [0, 1, 0])? = FleetMessage(messages[4].bytes),
            case .robot(robot)? = FleetMessage(messages[1].bytes), case .fly(plan)? = FleetMessage(messages[2].bytes)
        else {
            Issue.record("it is not what was said")
            return
        }
        for message in [messages[1], messages[2], messages[3]] {
            for length in [1, message.bytes.count / 2, message.bytes.count - 1] {
                #expect(FleetMessage(Array(message.bytes.prefix(length))) == nil)
            }
        }
        let kinds: [CallError] = [
            .call(.missing), .call(.notPermitted), .call(.timedOut), .call(.hungUp), .call(.notAReply),
            .unreadable("x"),
        ]
        for kind in kinds {
            guard case .trouble(kind)? = FleetMessage(FleetMessage.trouble(kind).bytes),
                case .gone(kind)? = FleetMessage(FleetMessage.gone(kind).bytes)
            else {
                Issue.record("\(kind)")
                continue
            }
        }
        #expect(
            FleetMessage([10]) == nil && FleetMessage([10, 9]) == nil && FleetMessage([12]) == nil
                && FleetMessage([13]) == nil)
    }

    /// Rank 1, whose guard is never there.
    private static func fleet(_ post: Post) throws -> Fleet {
        let samples = try Samples()
        Thread {
            let link = GuardLink(attempts: 1, pause: {}, connect: { () throws(CallError) in throw .call(.missing) })
            let robot = FarRobot(link, socket: "/far.sock", recordings: "/nowhere")
            var player = FleetPlayer(
                PostRanks(post, 1), sharing: shared, host: "far", now: now, robot: robot
            ) { _ in Ensemble(samples.pupil.stage, threads: 1) }
            _ = player.play(while: { true })
        }.start()
        return try Fleet(
            Ensemble(samples.pupil.stage, threads: 1), PostRanks(post, 0), sharing: shared, now: now,
            lose: { preconditionFailure("\($0)") })
    }

    @Test("a robot whose guard is gone is named, with the place where its guard should be")
    func gone() throws {
        let fleet = try Self.fleet(Post(2))
        defer { fleet.dismiss() }
        let none = GuardLink(attempts: 0, pause: {}, connect: { () throws(CallError) in throw .call(.missing) })
        var cast = Cast(none, recordings: "/nowhere")
        var found: LearnerTrouble?
        let first = try Self.robot(calibration: .zero)
        do throws(LearnerTrouble) { _ = try cast.join(1, of: fleet, like: first, while: { true }) } catch {
            found = error
        }
        let place = RobotPlace(rank: 1, host: "far", socket: "/far.sock")
        #expect(found == .robot(place, .call(.call(.missing))) && place.number == 2)
        #expect(cast.trouble(.noBeginning, of: 1) == .robot(place, .noBeginning))
    }

    @Test("a guard that goes while its plan is there is told of once, and ends the run by name when it stays away")
    func goes() throws {
        let fleet = try Self.fleet(Post(2))
        defer { fleet.dismiss() }
        let samples = try Samples()
        let course = try samples.course(samples.identity())
        let writer = PlanWriter(samples.pupil, envelope: .zero, calibration: .zero)
        let plan = try #require(try writer.planned(course, anchor: nil, Misses())).proposal
        // Whoever waits for the first as well hears of the second meanwhile.
        let link = GuardLink(
            attempts: .max, pause: { usleep(1_000) }, connect: { () throws(CallError) in throw .call(.hungUp) })
        var cast = Cast(link, recordings: "/nowhere")
        let first = try Self.robot(calibration: .zero)
        do throws(LearnerTrouble) { _ = try cast.join(1, of: fleet, like: first, while: { true }) } catch {
            // The guard of the other one was gone before.
        }
        var (found, heard): (LearnerTrouble?, [Int]) = (nil, [])
        do throws(LearnerTrouble) {
            _ = try cast.fly([plan, plan], while: { true }) { robot, news in
                if case .gone = news { heard.append(robot) }
            }
        } catch { found = error }
        #expect(found == .robot(RobotPlace(rank: 1, host: "far", socket: "/far.sock"), .call(.call(.missing))))
        #expect(heard.sorted() == [0, 1], "each once")
    }
}
