/// The word that was probably meant, or nil when none is close.
///
/// Close is at most a third of the letters wrong, and two wrong letters for short words, but never all of them.
public func nearest(to word: String, among known: [String]) -> String? {
    let wanted = Array(word.unicodeScalars.prefix(longestWord + 1))
    guard wanted.count <= longestWord else { return nil }
    let candidates = known.map { (name: $0, distance: distance(wanted, Array($0.unicodeScalars))) }
    guard let best = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
    let allowed = min(max(2, wanted.count / 3), max(wanted.count - 1, 0))
    return best.distance <= allowed ? best.name : nil
}

/// No word of ours is nearly as long, and comparing is work in proportion to the length.
private let longestWord = 64

/// How many letters have to be inserted, removed, replaced or swapped with their neighbour to turn one into the other.
private func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var above = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let same = left[row] == right[column]
            var best = min(above[column] + (same ? 0 : 1), above[column + 1] + 1, current[column] + 1)
            let swapped = row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
            if swapped { best = min(best, before[column - 1] + 1) }
            current.append(best)
        }
        before = above
        above = current
    }
    return above[right.count]
}
