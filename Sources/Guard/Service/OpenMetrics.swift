import Episodes
import Ledger
import Quantities
import Supervision

/// The guard in numbers, as OpenMetrics 1.0 writes them. Counters that come from the ledger go on across restarts; those
/// of the loop begin with it, which whoever scrapes knows how to read.
struct OpenMetrics {
    private(set) var text = ""

    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# TYPE understudy_\(name) \(type)\n# HELP understudy_\(name) \(help)\n"
    }

    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
        let words = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        // A number that is none has a word here.
        let number = value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : "\(value)"
        text += "understudy_\(name)\(words.isEmpty ? "" : "{\(words)}") \(number)\n"
    }

    mutating func end() { text += "# EOF\n" }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(scalar)
            }
        }.joined()
    }
}

extension OpenMetrics {
    mutating func write(_ state: GuardState, isStopped: Bool, _ sight: SeatSight, _ facts: RobotFacts) {
        family("state", "stateset", "Where the guard stands.")
        for each in GuardState.allCases {
            sample("state", [("understudy_state", each.rawValue)], each == state ? 1 : 0)
        }
        family("stopped_by_person", "gauge", "Whether a person has stopped the robot and nobody has resumed since.")
        sample("stopped_by_person", [], isStopped ? 1 : 0)
        family("ticks", "counter", "Supervised ticks since the loop began.")
        sample("ticks_total", [], Double(sight.timing.ticks))
        family("ticks_missed", "counter", "Ticks that were left out because the one before took too long.")
        sample("ticks_missed_total", [], Double(sight.timing.missed))
        write(sight.timing)
        family("bus_errors", "counter", "What went wrong on the bus, by its cause.")
        for (cause, count) in sight.busErrors.sorted(by: { $0.key < $1.key }) {
            sample("bus_errors_total", [("cause", cause)], Double(count))
        }
        family("temperature_celsius", "gauge", "Of each motor, as it was read last.")
        for (name, joint) in zip(facts.joints, sight.joints) {
            sample("temperature_celsius", [("joint", name)], Double(joint.reading.temperature.value))
        }
    }

    private mutating func write(_ timing: SeatSight.Timing) {
        family("lateness_seconds", "histogram", "How late ticks began.")
        for (most, count) in timing.latenesses {
            sample("lateness_seconds_bucket", [("le", "\(most / .seconds(1))")], Double(count))
        }
        sample("lateness_seconds_bucket", [("le", "+Inf")], Double(timing.lateCount))
        sample("lateness_seconds_count", [], Double(timing.lateCount))
        sample("lateness_seconds_sum", [], timing.lateSum / .seconds(1))
        family("lateness_worst_seconds", "gauge", "How late the latest tick began.")
        sample("lateness_worst_seconds", [], timing.lateWorst / .seconds(1))
    }

    mutating func write(_ account: Desk.Account, _ totals: EpisodeTotals, faults: Int, entries: UInt64) {
        family("episodes", "counter", "Episodes that ended, by how.")
        for (step, count) in totals.episodes { sample("episodes_total", [("end", step.rawValue)], Double(count)) }
        family("verdicts", "counter", "How often a rule of the supervisor spoke up in an episode.")
        for verdict in totals.verdicts {
            let rule = "\(verdict.rule)"
            sample("verdicts_total", [("rule", rule), ("ruling", "clamp")], Double(verdict.clampedTicks))
            sample("verdicts_total", [("rule", rule), ("ruling", "stop")], Double(verdict.stops))
        }
        family("budget", "gauge", "What may be spent, in each currency, after what was approved.")
        for (currency, amount) in account.remaining.amounts { sample("budget", [("currency", currency)], amount) }
        family("faults_open", "gauge", "Faults that wait for a person.")
        sample("faults_open", [], Double(faults))
        family("ledger_entries", "counter", "Entries of the ledger.")
        sample("ledger_entries_total", [], Double(entries))
        end()
    }
}

extension Cost {
    fileprivate var amounts: [(String, Double)] {
        [
            ("time_seconds", Double(time.rawValue) / 1_000), ("wear_microlives", Double(wear.rawValue)),
            ("heat_joules", Double(heat.rawValue) / 1_000), ("attention_seconds", Double(attention.rawValue) / 1_000),
        ]
    }
}

extension Desk {
    /// Everything that is counted, as text for programs that watch.
    func metrics() throws(GuardRefusal) -> String {
        var metrics = OpenMetrics()
        metrics.write(state, isStopped: stopped != nil, sight, facts)
        let totals = try read { history throws(LedgerError) in try history.totals() }
        metrics.write(try account(), totals, faults: faults.count, entries: head.serial)
        return metrics.text
    }
}
