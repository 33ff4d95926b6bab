/// The name that was probably meant, or nil when none is close: at most a third of the letters wrong, two of a short
/// name, never all.
func nearest(to word: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(word.unicodeScalars.prefix(65))
    guard wanted.count <= 64 else { return nil }
    let allowed = min(max(2, wanted.count / 3), wanted.count - 1)
    var best: (name: String, distance: Int)?
    for name in known {
        let distance = edits(wanted, Array(name.unicodeScalars))
        let isCloser = best.map { (distance, name) < ($0.distance, $0.name) } ?? true
        if distance <= allowed, isCloser { best = (name, distance) }
    }
    return best?.name
}

/// How many letters have to be inserted, removed or replaced to turn one word into the other.
private func edits(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var above = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let replaced = above[column] + (left[row] == right[column] ? 0 : 1)
            current.append(min(replaced, above[column + 1] + 1, current[column] + 1))
        }
        above = current
    }
    return above[right.count]
}
