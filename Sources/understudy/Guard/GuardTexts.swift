import Episodes
import JSON
import Robots

/// What the guard says, for people. Takes replies as they come, so that a guard of another version is shown as far as it
/// is understood.
struct GuardTexts {
    let style: Style

    func status(_ reply: JSONObject, of robot: String) -> String {
        var lines = [headline(reply, of: robot)]
        if let stop = reply["stopped"]?.object { lines += stopped(stop, of: robot) }
        lines.append("")
        lines += (reply["joints"]?.list ?? []).compactMap(\.object).map(joint)
        let plans = (reply["plans"]?.list ?? []).compactMap(\.object).map(summary)
        lines += [""] + (plans.isEmpty ? ["no plan waits"] : plans)
        let grounds = (reply["grounds"]?.list ?? []).compactMap(\.object).map(ground)
        if !grounds.isEmpty { lines += [""] + grounds }
        if let timing = reply["timing"]?.object {
            lines += ["", "ticks \(timing.whole("ticks")), missed \(timing.whole("missed"))"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The robot, its state, and what keeps it.
    func headline(_ reply: JSONObject, of robot: String) -> String {
        let state = reply.word("state")
        let shown = state == "latched" ? style.red(state) : style.bold(state)
        var line = "\(robot): \(shown)"
        if let rung = reply["rung"]?.text { line += ", stopping on rung \(rung)" }
        if let fault = reply["fault"]?.object { line += "; \(self.fault(fault))" }
        if let mode = reply["mode"]?.text { line += "; approval: \(mode)" }
        return line
    }

    /// Who has stopped the robot, and what comes next.
    func stopped(_ stop: JSONObject, of robot: String) -> [String] {
        let at = WallInstant(milliseconds: stop.whole("at_ns") / 1_000_000)
        let why = stop.word("why")
        return [
            "  \(style.red("stopped")) by user \(stop.whole("by")) at \(at)\(why.isEmpty ? "" : ": \(why)"); what was allowed "
                + "before does not fly", "  next: understudy resume \(shown(robot)), or approve a plan anew",
        ]
    }

    private func fault(_ fault: JSONObject) -> String {
        let joint = fault["joint"]?.text.map { " at \($0)" } ?? ""
        return "fault \(fault.whole("number")) \(fault.word("name"))\(joint)"
    }

    private func joint(_ joint: JSONObject) -> String {
        let cells = [
            joint.measured("position", "rad", 3), joint.measured("speed", "rad/s", 3),
            joint.measured("effort", "N·m", 3), joint.measured("temperature_celsius", "°C", 0),
            joint.measured("voltage", "V", 1),
        ].map { String(repeating: " ", count: max(1, 14 - $0.count)) + $0 }.joined()
        let power = joint["torque_on"]?.boolean == true ? style.bold("on") : "off"
        return "  " + padded(joint.word("name"), 12) + cells + "  " + power
    }

    func summary(_ summary: JSONObject) -> String {
        let waits = (summary["waits_for"]?.list ?? []).compactMap(\.text).joined(separator: ", ")
        var line = "  \(summary.word("sha256").prefix(12))  " + padded(summary.word("state"), 10)
        let noise = summary["noise"]?.object ?? [:]
        line += "iteration \(noise.whole("iteration")), episode \(noise.whole("episode"))"
        if !waits.isEmpty { line += "; waits for \(waits)" }
        if let fault = summary["fault"]?.object { line += "; \(self.fault(fault))" }
        if let recording = summary["recording"]?.text { line += "; \(recording)" }
        return line
    }

    /// What plans fly by without a person.
    private func ground(_ ground: JSONObject) -> String {
        let end = WallInstant(milliseconds: ground.whole("until_ns") / 1_000_000)
        let what =
            ground["rule"]?.text.map { "rule \(shown($0))" } ?? "batch, \(ground.whole("episodes_left")) episodes left"
        return "  without a person  \(what), until \(end); ends by deny --ground \(ground.whole("number"))"
    }

    func checks(_ reply: JSONObject) -> String {
        (reply["checks"]?.list ?? []).compactMap(\.object).map { check in
            let passed = check["passed"]?.boolean == true
            let mark = passed ? style.green("ok  ") : style.red("fail")
            let line = "  \(mark) \(padded(check.word("name"), 14))\(check.word("reason"))\n"
            return passed ? line : line + "       next: \(check.word("remedy"))\n"
        }.joined()
    }

    // MARK: The dossier

    /// What a person decides by, with the band of every joint drawn.
    func dossier(_ reply: JSONObject) -> String {
        let plan = reply["plan"]?.object ?? [:]
        let dossier = reply["dossier"]?.object ?? [:]
        let ticks = plan.whole("horizon_ticks")
        let seconds = Double(ticks) * Double(plan.whole("tick_ns")) * 1e-9
        var lines = [
            style.bold("Plan \(plan.word("sha256"))"),
            "  \(plan.word("robot")), task \(plan["task"]?.object?.word("name") ?? ""), "
                + "\(ticks) ticks or \(decimal(seconds, 2)) s", "  costs \(price(plan["price"]?.object ?? [:]))", "",
        ]
        if let motions = plan["motions"]?.object { lines += self.motions(motions, plan.whole("tick_ns")) }
        lines += (dossier["bands"]?.list ?? []).compactMap(\.object).flatMap { band(of: $0) }
        lines += (dossier["forecasts"]?.list ?? []).compactMap(\.object).map(forecast)
        lines += ["", "  nearest limit    \(limit(dossier["nearest"]?.object ?? [:]))"]
        lines += [
            "  worst of \(dossier.whole("rollouts"))      \(limit(dossier["worst"]?.object ?? [:])), "
                + "\(dossier.whole("rollouts_leaving")) left the envelope"
        ]
        lines += [
            "  hottest          \(dossier.word("hottest_joint")), \(dossier.decimals("hottest_celsius", 0)) °C, "
                + "\(dossier.decimals("time_left_s", 0)) s to its limit at that load"
        ]
        if let widening = dossier["widening"]?.object {
            lines.append("  band             \(WideningText(widening).text)")
        }
        lines += distances(dossier)
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a plan does that has motions in the place of a policy.
    private func motions(_ motions: JSONObject, _ tick: Int64) -> [String] {
        let what =
            switch motions.word("purpose") {
            case "direction": "small motions: watch whether each joint turns the way its file says"
            case "replay": "the motion of a recording, once more"
            default: "motions to measure by"
            }
        let from = motions["from_reset"]?.boolean == true ? "from the start of the task" : "from where the robot stands"
        let steps = (motions["steps"]?.list ?? []).compactMap(\.object).map { step in
            let joints = (step["joints"]?.list ?? []).compactMap(\.text).map { shown($0) }
            let seconds = decimal(Double(step.whole("ticks")) * Double(tick) * 1e-9, 2)
            return "    \(seconds) s  " + (joints.isEmpty ? "all stay" : joints.joined(separator: "; "))
        }
        return ["  \(what), \(from)"] + steps + [""]
    }

    private func distances(_ dossier: JSONObject) -> [String] {
        let claimed = dossier["distance"]?.object.map { "\($0.decimals("nats", 3)) nats, as the learner says" }
        let measured = (dossier["measured"]?.list ?? []).compactMap(\.object).map {
            "\($0.decimals("nats", 3)) nats, as the guard measured"
        }
        let all = [claimed].compactMap { $0 } + measured
        let text = all.isEmpty ? "no policy was approved before" : all.joined(separator: "; ")
        return ["  policy distance  \(text)"]
    }

    func price(_ price: JSONObject) -> String {
        "\(decimal(Double(price.whole("time_ms")) / 1_000, 1)) s, \(price.whole("wear_microlives")) ppm of wear, "
            + "\(decimal(Double(price.whole("heat_mj")) / 1_000, 1)) J, "
            + "\(decimal(Double(price.whole("attention_ms")) / 1_000, 1)) s of a person"
    }

    private func limit(_ limit: JSONObject) -> String {
        "\(limit.word("rule")) of \(limit.word("joint")), \(decimal((limit["margin"]?.number ?? 0) * 100, 1)) % left"
    }

    private func forecast(_ forecast: JSONObject) -> String {
        "  \(padded(forecast.word("joint"), 16))"
            + "\(forecast.decimals("speed_low", 2)) to \(forecast.decimals("speed_high", 2)) rad/s, "
            + "\(forecast.decimals("effort_low", 2)) to \(forecast.decimals("effort_high", 2)) N·m, "
            + "up to \(forecast.decimals("temperature_high_celsius", 0)) °C"
    }

    /// One joint's band over time, in a few rows of characters: what is inside of it is filled.
    private func band(of band: JSONObject) -> [String] {
        let lows = (band["low"]?.list ?? []).compactMap(\.number)
        let highs = (band["high"]?.list ?? []).compactMap(\.number)
        guard let low = lows.min(), let high = highs.max(), lows.count == highs.count, high > low else { return [] }
        let (rows, columns) = (7, min(60, max(1, lows.count)))
        let lines = (0..<rows).map { row -> String in
            let value = high - (Double(row) + 0.5) / Double(rows) * (high - low)
            let cells = (0..<columns).map { column -> String in
                let place = column * lows.count / columns
                return lows[place] <= value && value <= highs[place] ? "█" : "·"
            }.joined()
            let label = row == 0 ? decimal(high, 2) : row == rows - 1 ? decimal(low, 2) : ""
            return "  " + String(repeating: " ", count: max(0, 8 - label.count)) + label + " " + cells
        }
        return ["  \(band.word("joint")): where it may be, in rad; leaving that stops the robot"] + lines + [""]
    }
}

/// A number with so many decimals.
func decimal(_ value: Double, _ places: Int) -> String {
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (value * scale).rounded()
    guard scaled.magnitude < 1e15 else { return "\(value)" }
    let whole = Int64(scaled.magnitude)
    let sign = scaled < 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(whole)" }
    let digits = String(repeating: "0", count: max(0, places + 1 - "\(whole)".count)) + "\(whole)"
    return "\(sign)\(digits.dropLast(places)).\(digits.suffix(places))"
}

extension JSONObject {
    /// A text, with nothing in it that a terminal would obey.
    func word(_ key: String) -> String { shown(self[key]?.text ?? "") }
    func whole(_ key: String) -> Int64 { self[key]?.integer ?? 0 }
    func decimals(_ key: String, _ places: Int) -> String { decimal(self[key]?.number ?? 0, places) }

    fileprivate func measured(_ key: String, _ unit: String, _ places: Int) -> String {
        self[key]?.number.map { "\(decimal($0, places)) \(unit)" } ?? "–"
    }
}
