import Episodes
import JSON
import Quantities
import Robots

/// How much wider than its rollouts a band is, and by what, for whoever decides.
struct WideningText {
    var joints: [(name: String, most: Double)]
    var flights: Int64
    var left: Int64

    init(_ widening: BandWidening, _ names: [String]) {
        joints = zip(names, widening.most).map { (shown($0), Double($1.value)) }
        (flights, left) = (Int64(widening.flights), Int64(widening.left))
    }

    /// As a guard says it.
    init(_ widening: JSONObject) {
        joints = (widening["joints"]?.list ?? []).compactMap(\.object).map {
            ($0.word("joint"), $0["most"]?.number ?? 0)
        }
        (flights, left) = (widening.whole("flights"), widening.whole("left"))
    }

    var text: String {
        let most = joints.map { "\(decimal($0.most, 2)) rad (\($0.name))" }.joined(separator: ", ")
        let what = "up to \(most) beyond the rollouts"
        guard flights > 0 else { return "\(what): a first guess, nothing was flown yet" }
        let few = flights == 1 ? "the one that was flown" : "the newest \(flights)"
        let gone =
            left == 0
            ? "none of which left its band" : "\(left) of which left \(left == 1 ? "its band" : "their bands")"
        return "\(what), for 19 of 20 flights to stay within it: by \(few), \(gone)"
    }
}
