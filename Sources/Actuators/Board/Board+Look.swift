public import BoardLink
public import Ports

/// What a board says of itself to somebody who changes nothing.
public struct BoardSighting: Equatable, Sendable {
    public let identification: Identification
    /// Why what it says further is not understood. It is not asked then.
    public let refusal: LayoutRefusal?
    /// What it measured and did last; nil when it was not asked.
    public let state: State?
}

extension Board {
    /// Asks a board who it is, and how it is. Nothing is configured, and nothing moves.
    public static func look(at line: consuming DeviceLine) throws(MasterFailure) -> BoardSighting {
        // Bytes take no time on a port whose rate is not heeded.
        var master = Master(line, rate: nil)
        let deadline = master.now + .seconds(2)
        let found = try master.identify(by: deadline)
        if let refusal = master.layout.refusal(of: found.layout) {
            return BoardSighting(identification: found, refusal: refusal, state: nil)
        }
        return BoardSighting(identification: found, refusal: nil, state: try master.freshState(by: deadline))
    }
}
