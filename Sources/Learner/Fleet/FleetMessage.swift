internal import Episodes
internal import GuardCalls
internal import JSON
internal import Learning
internal import Supervision
internal import Varlink

/// What the ranks of a fleet say to each other; the first byte says which.
enum FleetMessage {
    /// Of rank 0: what everybody must have the same of, and the record that everybody's models go by.
    case greeting(Digest, record: [UInt8])
    /// Whether it is the same there, the name of the machine, and where a guard would be there.
    case answer(isSame: Bool, host: String, socket: String)
    case order(StageOrder)
    case played(StageAnswer)
    /// Rank 0 says it, and whoever goes says it once more: nothing comes behind it.
    case end
    /// Which robot the guard there has.
    case look
    case robot(GuardedRobot)
    /// To be handed to the guard there, and followed to its end.
    case fly(Proposal)
    case standing(PlanStanding)
    /// How it ended, with all bytes of the recording; none where there is none, or where it cannot be read.
    case flown(PlanStanding, recording: [UInt8])
    /// The guard there gave no answer.
    case trouble(CallError)
    /// Nothing has happened, and somebody is there.
    case waits
    /// The guard there gives no answer, and is looked for.
    case gone(CallError)

    init(_ news: RobotNews) {
        switch news {
        case .standing(let standing): self = .standing(standing)
        case .gone(let error): self = .gone(error)
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .greeting(let digest, let record): [0] + Array(digest.text.utf8) + record
        case .answer(let isSame, let host, let socket):
            [1, isSame ? 1 : 0] + Array(host.utf8) + [0] + Array(socket.utf8)
        case .order(let order): [2] + order.encoded
        case .played(let answer): [3] + answer.encoded
        case .end: [4]
        case .look: [5]
        case .robot(let robot): [6] + JSONValue.object(robot.words).bytes
        case .fly(let proposal): [7] + proposal.canonicalBytes
        case .standing(let standing): [8] + JSONValue.object(standing.words).bytes
        // No text of JSON has a zero in it.
        case .flown(let standing, let recording): [9] + JSONValue.object(standing.words).bytes + [0] + recording
        case .trouble(let error): [10] + error.bytes
        case .waits: [11]
        case .gone(let error): [12] + error.bytes
        }
    }

    /// Nil is what no program of this version says.
    init?(_ bytes: [UInt8]) {
        let rest = Array(bytes.dropFirst())
        do {
            switch bytes.first {
            case 0:
                guard let digest = Digest(text: String(decoding: rest.prefix(64), as: UTF8.self)) else { return nil }
                self = .greeting(digest, record: Array(rest.dropFirst(64)))
            case 1:
                guard let flag = rest.first else { return nil }
                let ends = rest.dropFirst().split(separator: 0, omittingEmptySubsequences: false)
                guard ends.count == 2 else { return nil }
                let texts = ends.map { String(decoding: $0, as: UTF8.self) }
                self = .answer(isSame: flag == 1, host: texts[0], socket: texts[1])
            case 2: self = .order(try StageOrder(decoding: rest))
            case 3: self = .played(try StageAnswer(decoding: rest))
            case 4: self = .end
            case 5: self = .look
            case 6: self = .robot(try GuardedRobot(JSONValue(parsing: rest).object ?? [:]))
            case 7: self = .fly(try Proposal(canonical: rest))
            case 8: self = .standing(try PlanStanding(JSONValue(parsing: rest).object ?? [:]))
            case 9:
                let parts = rest.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
                guard parts.count == 2 else { return nil }
                self = .flown(try PlanStanding(JSONValue(parsing: parts[0]).object ?? [:]), recording: parts[1])
            case 10, 12:
                guard let error = CallError(rest) else { return nil }
                self = bytes.first == 10 ? .trouble(error) : .gone(error)
            case 11: self = .waits
            default: return nil
            }
        } catch { return nil }
    }
}

/// Which way a call failed, and the one word that is told of it.
extension CallError {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .call(.missing): [0]
        case .call(.notPermitted): [1]
        case .call(.timedOut): [2]
        case .call(.hungUp): [3]
        case .call(.refused(let refusal)): [4] + Array(refusal.name.utf8)
        case .call: [5]
        case .unreadable(let field): [6] + Array(field.utf8)
        }
    }

    fileprivate init?(_ bytes: [UInt8]) {
        let word = String(decoding: bytes.dropFirst(), as: UTF8.self)
        switch bytes.first {
        case 0: self = .call(.missing)
        case 1: self = .call(.notPermitted)
        case 2: self = .call(.timedOut)
        case 3: self = .call(.hungUp)
        case 4: self = .call(.refused(VarlinkError(word)))
        case 5: self = .call(.notAReply)
        case 6: self = .unreadable(word)
        default: return nil
        }
    }
}
