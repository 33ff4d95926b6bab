/// Colours for a terminal, or none.
struct Style: Sendable {
    let isColoured: Bool

    static let plain = Style(isColoured: false)

    /// Colours only on a terminal that has them, and not when the reader has asked for none (see no-color.org).
    init(isTerminal: Bool, noColour: String?, terminal: String?) {
        isColoured = isTerminal && noColour?.isEmpty != false && terminal != "dumb"
    }

    init(isColoured: Bool) { self.isColoured = isColoured }

    func bold(_ text: String) -> String { wrap(text, "1") }
    func faint(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "1;31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }

    /// One of six colours that tell things of a kind apart.
    func paint(_ text: String, as number: Int) -> String { wrap(text, "3\([6, 3, 5, 2, 4, 1][number % 6])") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// Breaks a text at its blanks into lines of at most `width` characters, and puts `indent` blanks before the later ones.
func wrapped(_ text: String, width: Int = 80, indent: Int = 0) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty && line.count + 1 + word.count > width {
            lines.append(line)
            line = ""
        }
        line += line.isEmpty ? String(word) : " " + word
    }
    lines.append(line)
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
}

/// The text, filled up with blanks to `width` characters.
func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
