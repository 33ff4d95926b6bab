import Guard
import JSON
import Robots
import Varlink

// Why a call did not do what it was for, with the status and the next step that fit.
extension CallOptions {
    func failure(_ error: ClientError, _ style: Style) -> Outcome {
        let place = "'\(shown(path))'"
        switch error {
        case .missing, .hungUp:
            return .failure(
                .notReachable, "no guard answers at \(place)",
                next: "systemctl status understudy-guard@\(robot), or: understudy guard \(robot)", style)
        case .timedOut:
            return .failure(
                .notReachable, "the guard at \(place) does not answer",
                next: "journalctl -u understudy-guard@\(robot)", style)
        case .notPermitted:
            return .failure(
                .notReachable, "this user may not connect to \(place)", next: "ls -l \(place)   # says who may", style)
        case .refused(let refusal): return refused(refusal, style)
        default:
            return .failure(
                .failed, "what answers at \(place) is no guard of this version: \(error)",
                next: "compare 'understudy --version' with the guard's", style)
        }
    }

    private func refused(_ refusal: VarlinkError, _ style: Style) -> Outcome {
        let name = refusal.name.split(separator: ".").last.map(String.init) ?? refusal.name
        let told = refusal.parameters
        let (text, next) = words(name, told)
        var outcome = Outcome.failure(.refused, text, next: next, style)
        if name == "LedgerUnavailable" { outcome.status = .failed }
        if let checks = told["checks"]?.list, !checks.isEmpty { outcome.output = GuardTexts(style: style).checks(told) }
        return outcome
    }

    private func words(_ name: String, _ told: JSONObject) -> (String, String) {
        switch name {
        case "NotAllowed":
            (
                "user \(told.whole("user")) has the role '\(told.word("has"))', which may not do that; "
                    + "'\(told.word("needed"))' may",
                "sudo usermod -aG understudy-\(told.word("needed"))s USER   # then log in again"
            )
        case "UnknownPlan": ("no plan has the hash '\(told.word("sha256"))'", "understudy status \(robot)")
        case "NotPending": ("the plan is \(told.word("state")) already", "understudy status \(robot)")
        case "Outdated":
            (
                "the plan was made for another \(told.word("field")) than the one in force",
                "let the learner propose it anew"
            )
        case "BadPlan":
            ("\(told.word("field")) is \(told.word("given")), needed: \(told.word("needed"))", "mend the learner")
        case "OverBudget": ("the plan costs more than is left", "understudy budget LEDGER, then a grant")
        case "UnknownGround":
            (
                "the guard knows no batch or rule '\(shown(told.word("ground")))'",
                "understudy status \(robot); a rule is a file NAME.json5 in the guard's --rules folder"
            )
        case "WrongSigner":
            (
                "the rule names '\(shown(told.word("signer")))' as who answers for it, and this is "
                    + "'\(shown(told.word("user")))'",
                "let that user adopt it, or change the file's 'signer' after a review"
            )
        case "HashDiffers":
            (
                "the guard has another file of that name: \(told.word("computed").prefix(12))",
                "show the file that the guard reads: the one in its --rules folder"
            )
        case "WrongState": ("not while the robot is \(told.word("state"))", "understudy status \(robot)")
        case "Latched", "CauseRemains":
            (
                "fault \(told["fault"]?.object?.whole("number") ?? 0) \(told["fault"]?.object?.word("name") ?? "")"
                    + (name == "Latched" ? " is latched" : " is still there"),
                "understudy explain fault \(told["fault"]?.object?.whole("number") ?? 0)"
            )
        case "NotLatched": ("fault \(told.whole("number")) is not latched", "understudy status \(robot)")
        case "NotVerified": ("the robot was looked at, and is not as it must be", "see the checks that fail")
        case "LedgerUnavailable":
            ("the ledger cannot be written: \(told.word("reason"))", "make room: df -h, then try again")
        case "Crowded":
            (
                "all \(told.whole("limit")) connections that the guard has for this user are taken",
                "ss -xp | grep \(shown(path))   # says by which programs"
            )
        case "InvalidParameter": ("the guard does not take this '\(told.word("parameter"))'", "see --help")
        default: ("the guard refuses: \(shown(name))", "understudy status \(robot)")
        }
    }
}
