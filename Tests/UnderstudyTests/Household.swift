import Episodes
import Foundation
import Guard
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import TestSupport
import Testing
import Varlink

/// Robot, guard, learner and operator as processes and users of their own, as an owner has them.
final class Household {
    static let root = URL(filePath: #filePath).appending(path: "../../..").standardized.path
    let name: String
    let folder: String
    let state: String
    let sample: RobotSample
    let robot: VirtualProcess
    private(set) var keeper: VirtualProcess
    private let words: String
    private let roles: String
    /// What stands before the guard's program, such as `env` with its words.
    private let before: String

    /// - Parameters:
    ///   - record: of a calibration; nil is one that needs none, which counts in lockstep only.
    ///   - isRealTime: behind a terminal, at the pace of this machine's clock.
    ///   - isAsBought: whether the robot differs from what the makers of its parts say, as its seed has it.
    ///   - more: options of the virtual robot; `HERE` stands for its folder.
    ///   - metal: what stands before the robot's program.
    ///   - state: the folder of the ledger; nil for one beside the others.
    ///   - text: what is different in the robot's file.
    ///   - belief: what is different in it for everybody but the robot.
    init(
        _ name: String = "pendulum", record: String? = nil, isRealTime: Bool = false, isAsBought: Bool = false,
        more: String = "",
        metal: String = "", before: String = "", state: String? = nil, changing text: (String) -> String = { $0 },
        believing belief: ((String) -> String)? = nil
    ) throws {
        self.name = name
        self.before = before
        folder = "/tmp/household-\(UUID().uuidString.prefix(8))"
        self.state = state ?? "\(folder)/state"
        sample = try RobotSample(name, record: record, isVirtual: !isRealTime, changing: text)
        for path in ["state", "robots/\(name)"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
        }
        for file in ["robot.json5", "body.xml"] {
            var bytes = try PlanSamples.bytes(of: "Calibration/\(name)/\(file)")
            if file == "robot.json5" { bytes = Array(text(String(decoding: bytes, as: UTF8.self)).utf8) }
            try Data(bytes).write(to: URL(filePath: "\(folder)/robots/\(name)/\(file)"))
        }
        let calibrated = record ?? RobotSample.virtualRecord(of: name)
        try Data(calibrated.utf8).write(to: URL(filePath: "\(folder)/robots/\(name)/2026-01-01-virtual.json"))
        let how = isRealTime ? "" : "--lockstep HERE/robot"
        robot = try VirtualProcess(
            "\(name) \(how) \(isAsBought ? "" : "--spread 0") \(more) --robots \(folder)/robots \(Self.envelopes)",
            before: metal)
        let first = try robot.port()
        let port = isRealTime ? first : "lockstep:\(robot.folder)/robot"
        if let belief {
            let file = "\(folder)/robots/\(name)/robot.json5"
            try belief(String(contentsOfFile: file, encoding: .utf8)).write(
                toFile: file, atomically: true, encoding: .utf8)
        }
        // Who runs the tests proposes, and the user bin approves.
        words =
            "\(name) --port \(port) --robots \(folder)/robots \(Self.envelopes) --state \(self.state) "
            + "--socket \(folder)/guard.sock"
        roles = "--learners root --operators bin --rules \(folder)/rules"
        keeper = try VirtualProcess("\(words) \(roles)", verb: "guard", before: before)
    }

    static var envelopes: String { "--envelopes \(root)/safety/envelopes" }

    var socket: String { "\(folder)/guard.sock" }

    /// Another guard in the place of one that has ended.
    func restart() throws { keeper = try VirtualProcess("\(words) \(roles)", verb: "guard", before: before) }

    /// A stop by whoever runs the tests, who may do what the robot's owner may.
    func stop(as other: String = "") throws -> ProcessRun {
        try ProcessRun.shell("\(other) ./understudy stop \(words)")
    }

    /// What the virtual robot has written down, where it was told `--record HERE/run`, beginning so many bytes before a
    /// place in it, or before its end. All of it is much, so nobody reads it again and again.
    func log(last count: UInt64, before place: UInt64? = nil) throws -> MetalLog {
        let file = try FileHandle(forReadingFrom: URL(filePath: "\(robot.folder)/run"))
        let end = try file.seekToEnd()
        let from = min(place ?? end, end)
        try file.seek(toOffset: from - min(from, count))
        return MetalLog(Array(try file.readToEnd() ?? Data()))
    }

    /// How many bytes it has written down.
    var logged: UInt64 {
        get throws { try FileHandle(forReadingFrom: URL(filePath: "\(robot.folder)/run")).seekToEnd() }
    }

    /// Lets the robot's time go on without a word, where no guard does; of one in lockstep.
    func live(for time: Duration) throws {
        var link = try LockstepLink(to: "\(robot.folder)/robot")
        try link.sleep(until: link.now + time)
    }

    func client() throws -> VarlinkClient {
        try keeper.waited {
            do throws(ClientError) {
                return Held(try VarlinkClient(to: self.socket, by: .now() + .seconds(1)))
            } catch {
                return nil
            }
        }.take()
    }

    /// A verb as a user of the system.
    func operate(_ line: String) throws -> ProcessRun {
        try ProcessRun.shell(
            "setpriv --reuid=2 --regid=2 --clear-groups ./understudy \(line) --socket \(socket)")
    }

    func grant() throws {
        let granted = try operate("grant \(name) --time 90000 --wear 9000 --heat 90000 --attention 90000 --why 'a day'")
        #expect(granted.status == 0, "\(granted.errors)")
    }

    /// What `guard` says of how it ends, after being asked to.
    func dismiss() throws -> ProcessRun {
        try keeper.signal(SIGTERM)
        return try keeper.end()
    }

    /// Whatever of it is still there after a test went wrong is ended, the guard first: so it cannot find its robot gone.
    func end() throws {
        if !keeper.hasEnded {
            try keeper.signal(SIGKILL)
            _ = try? keeper.end()
        }
        try robot.signal(SIGTERM)
        _ = try? robot.end()
        try? FileManager.default.removeItem(atPath: folder)
    }
}

private final class Held {
    private var client: VarlinkClient?
    init(_ client: consuming VarlinkClient) { self.client = consume client }

    func take() throws -> VarlinkClient {
        guard let client = client.take() else { throw VirtualProcessTrouble.neverCame }
        return client
    }
}

extension VarlinkClient {
    mutating func ask(_ method: String, _ parameters: JSONObject = [:]) throws -> JSONObject {
        try call("\(GuardInterface.name).\(method)", parameters, by: .now() + .seconds(60))
    }

    /// Of a plan, or of the guard.
    mutating func state(of plan: String? = nil) throws -> String {
        let reply = try plan.map { try ask("Await", ["sha256": .text($0)]) } ?? ask("Status")
        return (plan == nil ? reply["state"] : reply["summary"]?.object?["state"])?.text ?? ""
    }

    mutating func wait(for states: Set<String>, of plan: String? = nil) throws {
        let end = MonotonicInstant.now() + .seconds(180)
        while true {
            let now = try state(of: plan)
            if states.contains(now) { return }
            if MonotonicInstant.now() >= end {
                let why = try plan.map { try ask("Await", ["sha256": .text($0)]) } ?? ask("Status")
                try #require(Bool(false), "still \(now), not \(states): \(why)")
            }
            usleep(5_000)
        }
    }

    mutating func propose(_ proposal: Proposal) throws -> String {
        let hash = proposal.digest.text
        _ = try ask(
            "Propose",
            ["sha256": .text(hash), "proposal_base64": .text(Data(proposal.canonicalBytes).base64EncodedString())])
        return hash
    }

    /// Proposes a plan and has it approved by an operator.
    mutating func approved(_ number: UInt32, horizon: Int32, in house: Household) throws -> String {
        let hash = try propose(number, horizon: horizon, to: house)
        let run = try house.operate("approve \(house.name) \(hash)")
        try #require(run.status == 0, "\(run.errors)")
        return hash
    }

    mutating func propose(_ number: UInt32, horizon: Int32 = 200, to house: Household) throws -> String {
        try propose(house.sample.proposal(house.sample.policy(), horizon, number: number))
    }
}
