import Episodes
import Foundation
import Guard
import GuardSamples
import JSON
import Ledger
import Ports
import Quantities
import Supervision
import Synchronization
import Testing
import Varlink

/// A guard with a rehearsed robot behind a real socket, on a thread of its own, in the time of this machine.
final class ServiceBench: Sendable {
    let folder: String
    let socket: String
    let facts: RobotFacts
    let seat: RehearsalSeat
    /// What whoever calls may do from now on.
    let roles = Mutex<Set<Role>>([.anyone, .operator])
    private let isOver = Atomic(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(
        roles: RoleRules? = nil, limits: ServerLimits = ServiceBench.quick, isCalibrated: Bool = true,
        mode: UInt32 = 0o666, scraped: Bool = false
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "guard-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
        socket = "\(folder)/guard.sock"
        // Made yesterday, by the clock of this machine.
        let made = WallInstant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)).advanced(by: -WallInstant.day)
        let record = PlanSamples.calibration.replacingOccurrences(of: "2026-11-26T06:00:00Z", with: made.description)
        facts = try PlanSamples.facts(isCalibrated ? record : nil)
        seat = RehearsalSeat(facts.envelope, provenAt: made.advanced(by: 3_600_000), recordings: folder)
        let now = Self.now()
        let ledger = try Ledger.open(at: "\(folder)/ledger.sqlite", program: "test", now: now.wall)
        let desk = try Desk(
            facts, ledger: ledger, itself: PlanSamples.itself(), verification: PlanSamples.rules,
            measure: PolicyMeasure(reach: 3, states: 32), ruleFiles: { [] })
        var settings = GuardSettings(socket: socket, version: "test") { [weak self] peer in
            // The server may still let somebody in when the bench is gone.
            roles?.roles(of: peer) ?? self?.roles.withLock { $0 } ?? []
        }
        settings.limits = limits
        settings.access = SocketAccess(mode: mode)
        settings.metricsSocket = scraped ? metrics : nil
        settings.verificationTime = .seconds(60)
        try start(Box(try GuardService(desk, seat: seat, settings)))
    }

    var metrics: String { "\(folder)/metrics.sock" }

    /// Tests call faster than people do.
    static var quick: ServerLimits {
        var limits = ServerLimits()
        limits.callsPerSecond = 1e6
        limits.callsAtOnce = 1e6
        return limits
    }

    private final class Box: Sendable {
        let service: Mutex<GuardService>
        init(_ service: consuming sending GuardService) { self.service = Mutex(service) }
    }

    private func start(_ box: Box) throws {
        Thread.detachNewThread { [self] in
            while !isOver.load(ordering: .acquiring) {
                box.service.withLock { service in
                    service.turn(at: Self.now())
                    service.wait(by: .now() + .milliseconds(5))
                }
            }
            hasEnded.signal()
        }
    }

    /// Ends the guard and takes its folder away.
    func end() {
        isOver.store(true, ordering: .releasing)
        hasEnded.wait()
        try? FileManager.default.removeItem(atPath: folder)
    }

    static func now() -> DeskTime {
        DeskTime(wall: WallInstant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)), steady: .now())
    }

    func become(_ role: Role) { roles.withLock { $0 = [.anyone, role] } }

    func client() throws -> VarlinkClient { try VarlinkClient(to: socket, by: soon()) }
}

/// Long enough for a machine that does much else; no test waits for it to pass.
func soon() -> MonotonicInstant { .now() + .seconds(60) }

extension VarlinkClient {
    mutating func ask(_ method: String, _ parameters: JSONObject = [:]) throws(ClientError) -> JSONObject {
        try call(method, of: GuardInterface.interface, parameters, by: soon())
    }

    /// The name of the error that a call ends with; nil when it succeeds.
    mutating func error(of method: String, _ parameters: JSONObject = [:]) -> String? {
        do throws(ClientError) {
            _ = try ask(method, parameters)
            return nil
        } catch {
            guard case .refused(let refusal) = error else { return "\(error)" }
            return refusal.name.split(separator: ".").last.map(String.init)
        }
    }

    mutating func state() throws -> String { try ask("Status")["state"]?.text ?? "" }

    mutating func expectState(_ wanted: String) throws {
        let deadline = soon()
        while try state() != wanted {
            try #require(MonotonicInstant.now() < deadline, "never \(wanted)")
            MonotonicInstant.sleep(until: .now() + .milliseconds(2))
        }
    }

    mutating func propose(_ proposal: Proposal) throws -> String {
        let hash = proposal.digest.text
        let bytes = Data(proposal.canonicalBytes).base64EncodedString()
        let reply = try ask("Propose", ["sha256": .text(hash), "proposal_base64": .text(bytes)])
        #expect(reply["sha256"]?.text == hash)
        return hash
    }

    mutating func grant() throws {
        let amount: JSONValue = [
            "time_ms": 1_000_000, "wear_microlives": 1_000, "heat_mj": 10_000_000, "attention_ms": 1_000_000,
        ]
        _ = try ask("Grant", ["amount": amount, "why": "a day"])
    }
}
