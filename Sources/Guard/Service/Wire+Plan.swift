import Episodes
import Hashing
import JSON
import Ledger
import Quantities
import Supervision

// Plans, dossiers and prices in the words of the interface.

/// What becomes JSON; each extension here is one type of `org.understudy.Guard.varlink`.
enum Wire {
    static func real(_ value: Float) -> JSONValue { .real(Double(value)) }

    /// Nothing where nothing was measured.
    static func measured(_ value: Float) -> JSONValue? { value.isFinite ? real(value) : nil }

    static func count(_ value: some BinaryInteger) -> JSONValue { .integer(Int64(clamping: value)) }

    static func nanoseconds(_ instant: WallInstant) -> JSONValue {
        let (whole, isOver) = instant.milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return .integer(isOver ? .max : whole)
    }

    static func nanoseconds(_ span: Duration) -> JSONValue {
        let (seconds, attoseconds) = span.components
        return .integer(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    static func list<Element>(_ elements: [Element], _ body: (Element) -> JSONObject) -> JSONValue {
        .list(elements.map { .object(body($0)) })
    }

    static func reference(_ reference: Reference) -> JSONObject {
        ["name": .text(reference.name.text), "sha256": .text(reference.digest.text)]
    }

    static func noise(_ key: NoiseKey) -> JSONObject {
        [
            "run": .text(String(key.run, radix: 16)), "iteration": count(key.iteration),
            "episode": count(key.episode),
        ]
    }

    static func price(_ cost: Cost) -> JSONObject {
        [
            "time_ms": count(cost.time.rawValue), "wear_microlives": count(cost.wear.rawValue),
            "heat_mj": count(cost.heat.rawValue), "attention_ms": count(cost.attention.rawValue),
        ]
    }

    static func account(_ account: Desk.Account) -> JSONObject {
        [
            "granted": .object(price(account.granted)), "spent": .object(price(account.spent)),
            "reserved": .object(price(account.reserved)), "remaining": .object(price(account.remaining)),
            "episodes": count(account.episodes),
        ]
    }

    static func plan(_ plan: EpisodePlan, digest: Digest, _ facts: RobotFacts) -> JSONObject {
        let starts = zip(facts.joints, plan.start).map { name, start -> JSONValue in
            .object(["joint": .text(name), "position": real(start.position.value), "speed": real(start.speed.value)])
        }
        let policy: JSONObject = [
            "format": .text(plan.policy.format.text), "sha256": .text(plan.policy.digest.text),
            "bytes": count(plan.policy.bytes.count),
        ]
        var object: JSONObject = [
            "sha256": .text(digest.text), "robot": .text(plan.robot.text), "task": .object(reference(plan.task)),
            "envelope": .object(reference(plan.envelope)), "calibration": .object(reference(plan.calibration)),
            "policy": .object(policy), "noise": .object(noise(plan.noise)), "start": .list(starts),
            "horizon_ticks": count(plan.horizon.rawValue),
            "tick_ns": .integer(Int64((Double(facts.envelope.robot.period.value) * 1e9).rounded())),
            "price": .object(price(plan.cost)),
        ]
        if plan.policy.format == MotionScript.format { object["motions"] = motions(plan, facts) }
        return object
    }

    /// Step by step what motions do; nothing where their bytes are none.
    private static func motions(_ plan: EpisodePlan, _ facts: RobotFacts) -> JSONValue? {
        guard let script = MotionScript(ofPlan: plan) else { return nil }
        let steps = script.steps.map { step -> JSONValue in
            let words = zip(facts.joints, step.motions).compactMap { name, motion in
                motion == .hold ? nil : "\(name) \(motion.words)"
            }
            return .object(["ticks": count(step.ticks.rawValue), "joints": .list(words.map { .text($0) })])
        }
        return .object([
            "purpose": .text("\(script.purpose)"),
            "from_reset": .boolean(script.followsReset), "steps": .list(steps),
        ])
    }

    static func dossier(_ dossier: Dossier, measured: [PolicyDistance], _ facts: RobotFacts) -> JSONObject {
        var object: JSONObject = [
            "bands": .list(facts.joints.indices.map { .object(band(dossier.band, joint: $0, facts)) }),
            "forecasts": .list(zip(facts.joints, dossier.joints).map { .object(forecast($0, $1)) }),
            "nearest": .object(limit(dossier.nearest, facts)), "rollouts": count(dossier.worst.rollouts),
            "rollouts_leaving": count(dossier.worst.crossings),
            "worst": .object(limit(dossier.worst.nearest, facts)), "measured": list(measured, distance),
            "hottest_joint": .text(facts.joint(dossier.thermal.joint) ?? ""),
            "hottest_celsius": real(dossier.thermal.peak.value), "time_left_s": real(dossier.thermal.timeLeft.value),
            "wear_microlives": count(dossier.wear.rawValue),
        ]
        object["widening"] = dossier.widening.map { .object(widening($0, facts)) }
        if let claimed = dossier.distance { object["distance"] = .object(distance(claimed)) }
        return object
    }

    private static func band(_ band: ApprovedBand, joint place: Int, _ facts: RobotFacts) -> JSONObject {
        guard let joint = band.joints.joint(at: UInt8(clamping: place)) else { return [:] }
        let limits = (0..<band.steps).map { band.limit(of: joint, step: $0) }
        return [
            "joint": .text(facts.joints[place]), "stride_ticks": count(band.stride.rawValue),
            "low": .list(limits.map { real($0.low.value) }), "high": .list(limits.map { real($0.high.value) }),
        ]
    }

    private static func widening(_ widening: BandWidening, _ facts: RobotFacts) -> JSONObject {
        let joints = zip(facts.joints, widening.most).map { name, most -> JSONValue in
            .object(["joint": .text(name), "most": real(most.value)])
        }
        return ["joints": .list(joints), "flights": count(widening.flights), "left": count(widening.left)]
    }

    private static func forecast(_ name: String, _ forecast: JointForecast) -> JSONObject {
        [
            "joint": .text(name), "speed_low": real(forecast.speed.low.value),
            "speed_high": real(forecast.speed.high.value), "effort_low": real(forecast.effort.low.value),
            "effort_high": real(forecast.effort.high.value),
            "temperature_high_celsius": real(forecast.temperature.high.value),
        ]
    }

    private static func limit(_ limit: NearestLimit, _ facts: RobotFacts) -> JSONObject {
        [
            "joint": .text(facts.joint(limit.joint) ?? ""), "rule": .text("\(limit.rule)"),
            "margin": real(limit.margin),
        ]
    }

    private static func distance(_ distance: PolicyDistance) -> JSONObject {
        ["from_sha256": .text(distance.from.text), "nats": real(distance.value)]
    }

    static func summary(_ summary: PlanSummary) -> JSONObject {
        let (story, plan) = (summary.story, summary.story.open.proposal.plan)
        var object: JSONObject = [
            "sha256": .text(story.plan.text), "state": .text(summary.state.rawValue),
            "noise": .object(noise(plan.noise)),
            "price": .object(price(plan.cost)), "proposed_by": count(story.by.userNumber),
            "proposed_at_ns": nanoseconds(story.open.at), "waits_for": .list(summary.waitsFor.map { .text($0) }),
        ]
        if let decided = story.decided {
            object["decided_by"] = count(decided.by.userNumber)
            object["decided_at_ns"] = nanoseconds(decided.at)
            object["why"] = .text(decided.why)
        }
        object["expires_at_ns"] = summary.expires.map { nanoseconds($0) }
        object["recording"] = story.episode?.recording.map { .text($0.path) }
        object["recording_sha256"] = story.episode?.recording.map { .text($0.digest.text) }
        object["end"] = summary.end.map { .text($0.rawValue) }
        object["ticks"] = story.episode?.ticks.map { count($0) }
        object["fault"] = story.episode?.fault.map {
            .object(fault(LatchedFault($0, joint: nil, isLatched: $0.row.latches)))
        }
        return object
    }

    static func fault(_ fault: LatchedFault) -> JSONObject {
        var object: JSONObject = [
            "number": count(fault.fault.rawValue), "name": .text("\(fault.fault)"),
            "latched": .boolean(fault.isLatched),
        ]
        object["joint"] = fault.joint.map { .text($0) }
        return object
    }
}

extension MotionScript.Motion {
    /// As a person reads it before approving.
    fileprivate var words: String {
        switch self {
        case .hold: "stays"
        case .move(let target): "moves to \(rounded(target.value)) rad"
        case .swing(let waves): "swings \(list(waves, "rad"))"
        case .follow(let places):
            "goes by \(places.count) recorded places, from \(rounded(places.map(\.value).min() ?? 0)) to "
                + "\(rounded(places.map(\.value).max() ?? 0)) rad"
        case .push(let effort, let waves):
            waves.isEmpty && effort == .zero
                ? "is let go"
                : "is pushed by \(rounded(effort.value)) N·m\(waves.isEmpty ? "" : " and \(list(waves, "N·m"))")"
        }
    }

    private func list<Unit>(_ waves: [MotionScript.Wave<Unit>], _ unit: String) -> String {
        let shown = waves.prefix(4).map { wave in
            "±\(rounded(wave.amplitude.value.magnitude)) \(unit) at \(rounded(wave.rate.value / (2 * .pi))) Hz"
        }
        let more = waves.count > 4 ? ", and \(waves.count - 4) more" : ""
        return shown.joined(separator: ", ") + more
    }

    private func rounded(_ value: Float) -> Double { (Double(value) * 1_000).rounded() / 1_000 }
}
