internal import Episodes
internal import Learning
internal import Supervision

/// What the ranks of a fleet say to each other; the first byte says which.
enum FleetMessage {
    /// Of rank 0: what everybody must have the same of.
    case greeting(Digest)
    /// Whether it is the same there, and the name of the machine.
    case answer(isSame: Bool, host: String)
    case order(StageOrder)
    case played(StageAnswer)
    case end

    var bytes: [UInt8] {
        switch self {
        case .greeting(let digest): [0] + Array(digest.text.utf8)
        case .answer(let isSame, let host): [1, isSame ? 1 : 0] + Array(host.utf8)
        case .order(let order): [2] + order.encoded
        case .played(let answer): [3] + answer.encoded
        case .end: [4]
        }
    }

    /// Nil is what no program of this version says.
    init?(_ bytes: [UInt8]) {
        let rest = Array(bytes.dropFirst())
        do throws(CheckpointError) {
            switch bytes.first {
            case 0:
                guard let digest = Digest(text: String(decoding: rest, as: UTF8.self)) else { return nil }
                self = .greeting(digest)
            case 1:
                guard let flag = rest.first else { return nil }
                self = .answer(isSame: flag == 1, host: String(decoding: rest.dropFirst(), as: UTF8.self))
            case 2: self = .order(try StageOrder(decoding: rest))
            case 3: self = .played(try StageAnswer(decoding: rest))
            case 4: self = .end
            default: return nil
            }
        } catch { return nil }
    }
}
