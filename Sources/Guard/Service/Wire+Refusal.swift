import Episodes
import JSON
import Ledger
import Supervision
import Varlink

// Every refusal is one error of the interface, with what it is about.
extension GuardRefusal {
    var error: VarlinkError {
        switch self {
        case .invalidParameter(let name): .invalidParameter(name)
        default: VarlinkError("\(GuardInterface.name).\(word)", parameters)
        }
    }

    /// The error's name; also what the ledger keeps of it.
    var word: String {
        switch self {
        case .notAllowed: "NotAllowed"
        case .badPlan: "BadPlan"
        case .hashDiffers: "HashDiffers"
        case .outdated: "Outdated"
        case .unknownPlan: "UnknownPlan"
        case .notPending: "NotPending"
        case .overBudget: "OverBudget"
        case .tooManyPlans: "TooManyPlans"
        case .unknownGround: "UnknownGround"
        case .wrongSigner: "WrongSigner"
        case .wrongState: "WrongState"
        case .latched: "Latched"
        case .notLatched: "NotLatched"
        case .causeRemains: "CauseRemains"
        case .notVerified: "NotVerified"
        case .ledgerUnavailable: "LedgerUnavailable"
        case .invalidParameter: "InvalidParameter"
        }
    }

    private var parameters: JSONObject {
        switch self {
        case .notAllowed(let needed, let has, let user):
            ["needed": .text(needed.rawValue), "has": .text(has.rawValue), "user": Wire.count(user)]
        case .badPlan(let flaw):
            ["field": .text(flaw.field), "given": .text(flaw.given), "needed": .text(flaw.needed)]
        case .hashDiffers(let given, let computed): ["given": .text(given), "computed": .text(computed.text)]
        case .outdated(let field, let planned, let current):
            [
                "field": .text(field.rawValue), "planned_sha256": .text(planned.text),
                "current_sha256": .text(current.text),
            ]
        case .unknownPlan(let hash): ["sha256": .text(hash)]
        case .notPending(let plan, let state): ["sha256": .text(plan.text), "state": .text(state.rawValue)]
        case .overBudget(let price, let remaining):
            ["price": .object(Wire.price(price)), "remaining": .object(Wire.price(remaining))]
        case .tooManyPlans(let waiting, let limit): ["waiting": Wire.count(waiting), "limit": Wire.count(limit)]
        case .unknownGround(let ground): ["ground": .text(ground)]
        case .wrongSigner(let rule, let signer, let user):
            ["rule": .text(rule), "signer": .text(signer.text), "user": .text(user.text)]
        case .wrongState(let state, let needed):
            ["state": .text(state.rawValue), "needed": .list(needed.map { .text($0.rawValue) })]
        case .latched(let fault), .causeRemains(let fault): ["fault": .object(Wire.fault(fault))]
        case .notLatched(let number, let latched): Self.notLatched(number, latched)
        case .notVerified(let checks): ["checks": Wire.list(checks, Wire.check)]
        case .ledgerUnavailable(let error): ["reason": .text("\(error)")]
        case .invalidParameter(let name): ["parameter": .text(name)]
        }
    }

    private static func notLatched(_ number: Int64, _ latched: Fault?) -> JSONObject {
        var object: JSONObject = ["number": .integer(number)]
        object["latched"] = latched.map { Wire.count($0.rawValue) }
        return object
    }
}

extension PlanFlaw {
    var field: String {
        switch self {
        case .notBase64, .notCanonical: "proposal_base64"
        case .robot: "robot"
        case .jointCount: "start"
        case .horizon: "horizon"
        case .policyFormat: "policy.format"
        case .policy: "policy.bytes"
        case .policyInputs: "policy.inputs"
        case .policyOutputs: "policy.outputs"
        case .motions(let flaw): flaw.field
        case .start(let joint, _, _, _): "start.\(joint).position"
        case .startSpeed(let joint, _, _): "start.\(joint).speed"
        case .band(let joint, _, _, _, _): "band.\(joint)"
        case .startOutsideBand(let joint, _, _, _): "start.\(joint).position"
        }
    }

    var given: String {
        switch self {
        case .notBase64: "no base64"
        case .notCanonical(let error): "at byte \(error.position): \(error.problem)"
        case .robot(let name, _), .policyFormat(let name, _): name.text
        case .jointCount(let count, _), .policyInputs(let count, _), .policyOutputs(let count, _): "\(count)"
        case .horizon(let ticks, _): "\(ticks) ticks"
        case .policy: "no policy"
        case .motions(let flaw): flaw.given
        case .start(_, let value, _, _), .startSpeed(_, let value, _), .startOutsideBand(_, let value, _, _):
            "\(value)"
        case .band(_, let low, let high, _, _): "\(low) to \(high)"
        }
    }

    var needed: String {
        switch self {
        case .notBase64: "base64 with its padding"
        case .notCanonical: "the canonical bytes of a proposal"
        case .robot(_, let needed), .policyFormat(_, let needed): needed.text
        case .jointCount(_, let needed), .policyInputs(_, let needed), .policyOutputs(_, let needed): "\(needed)"
        case .horizon(_, let longest): "at most \(longest) ticks"
        case .policy: "the bytes of a policy"
        case .motions(let flaw): flaw.needed
        case .start(_, _, let low, let high), .startOutsideBand(_, _, let low, let high): "\(low) to \(high)"
        case .startSpeed(_, _, let most): "at most \(most)"
        case .band(_, _, _, let low, let high): "inside \(low) to \(high)"
        }
    }
}
