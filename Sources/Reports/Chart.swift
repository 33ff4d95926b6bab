/// Lines, bands and spans over a common axis, as a drawing that needs nothing beside it.
public struct Chart: Sendable {
    /// One line. Where a value is no number, the line has a hole.
    public struct Line: Sendable {
        public let name: String
        public let points: [(x: Double, y: Double)]
        public let colour: Colour
        public let isDashed: Bool

        public init(_ name: String, _ points: [(x: Double, y: Double)], _ colour: Colour, isDashed: Bool = false) {
            self.name = name
            self.points = points
            self.colour = colour
            self.isDashed = isDashed
        }
    }

    /// A region between two lines.
    public struct Band: Sendable {
        public let name: String
        public let points: [(x: Double, low: Double, high: Double)]
        public let colour: Colour

        public init(_ name: String, _ points: [(x: Double, low: Double, high: Double)], _ colour: Colour) {
            self.name = name
            self.points = points
            self.colour = colour
        }
    }

    /// A piece of the horizontal axis that something is true of.
    public struct Span: Sendable {
        public let from: Double
        public let to: Double
        public let colour: Colour
        /// Shown by the pointer.
        public let text: String

        public init(from: Double, to: Double, _ colour: Colour, _ text: String) {
            self.from = from
            self.to = to
            self.colour = colour
            self.text = text
        }
    }

    /// Colours by what they mean; the page says what they look like.
    public enum Colour: String, CaseIterable, Sendable {
        case real, model, still, good, clamped, stopped, limit
    }

    public let title: String
    public let xLabel: String
    public let yLabel: String
    public let lines: [Line]
    public let bands: [Band]
    public let spans: [Span]

    public init(
        _ title: String, x xLabel: String, y yLabel: String, lines: [Line] = [], bands: [Band] = [],
        spans: [Span] = []
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.lines = lines
        self.bands = bands
        self.spans = spans
    }

    /// The drawing: an element of SVG.
    public var svg: String { Drawing(self).svg }
}

/// A chart with its axes.
private struct Drawing {
    private let chart: Chart
    private let x: Axis
    private let y: Axis
    private let height: Double
    private let width = 720.0
    private let left = 64.0
    private let right = 14.0
    private let top = 30.0
    private let bottom = 40.0

    init(_ chart: Chart) {
        self.chart = chart
        let isTimeline = chart.lines.isEmpty && chart.bands.isEmpty
        height = isTimeline ? 96 : 240
        let xs = chart.lines.flatMap { $0.points.map(\.x) } + chart.bands.flatMap { $0.points.map(\.x) }
        x = Axis(of: xs + chart.spans.flatMap { [$0.from, $0.to] }, marks: 8, isTight: true)
        let ys =
            chart.lines.flatMap { $0.points.map(\.y) }
            + chart.bands.flatMap { $0.points.flatMap { [$0.low, $0.high] } }
        y = Axis(of: ys, marks: isTimeline ? 0 : 5)
    }

    var svg: String {
        let inside = [
            chart.spans.map(span).joined(), grid, chart.bands.map(band).joined(), chart.lines.map(line).joined(),
            frame, labels, legend,
        ]
        return """
            <svg class="chart" viewBox="0 0 \(Int(width)) \(Int(height))" role="img" aria-label="\(escaped(chart.title))">
            \(inside.joined())</svg>

            """
    }

    private func across(_ value: Double) -> Double { left + x.share(of: value) * (width - left - right) }
    private func up(_ value: Double) -> Double { height - bottom - y.share(of: value) * (height - top - bottom) }
    private func text(_ number: Double) -> String { Axis.text(number, upTo: 0.1).replacingMinus }

    private func span(_ span: Chart.Span) -> String {
        let (from, to) = (across(span.from), across(span.to))
        return "<rect class=\"\(span.colour.rawValue) span\" x=\"\(text(from))\" y=\"\(text(top))\" "
            + "width=\"\(text(max(to - from, 1)))\" height=\"\(text(height - top - bottom))\">"
            + "<title>\(escaped(span.text))</title></rect>\n"
    }

    private var grid: String {
        y.marks.map { mark in
            let place = text(up(mark))
            return "<path class=\"grid\" d=\"M\(text(left)) \(place)H\(text(width - right))\"/>"
                + "<text class=\"mark\" x=\"\(text(left - 6))\" y=\"\(text(up(mark) + 4))\" text-anchor=\"end\">"
                + "\(y.label(mark))</text>\n"
        }.joined()
            + x.marks.map { mark in
                "<text class=\"mark\" x=\"\(text(across(mark)))\" y=\"\(text(height - bottom + 15))\" "
                    + "text-anchor=\"middle\">\(x.label(mark))</text>\n"
            }.joined()
    }

    private var frame: String {
        "<rect class=\"frame\" x=\"\(text(left))\" y=\"\(text(top))\" width=\"\(text(width - left - right))\" "
            + "height=\"\(text(height - top - bottom))\"/>\n"
    }

    private var labels: String {
        "<text class=\"title\" x=\"\(text(left))\" y=\"18\">\(escaped(chart.title))</text>"
            + "<text class=\"label\" x=\"\(text((left + width - right) / 2))\" y=\"\(text(height - 6))\" "
            + "text-anchor=\"middle\">\(escaped(chart.xLabel))</text>"
            + "<text class=\"label\" transform=\"translate(14 \(text((top + height - bottom) / 2))) rotate(-90)\" "
            + "text-anchor=\"middle\">\(escaped(chart.yLabel))</text>\n"
    }

    private var legend: String {
        let names = chart.lines.map { ($0.name, $0.colour) } + chart.bands.map { ($0.name, $0.colour) }
        var place = width - right
        return names.reversed().map { name, colour in
            place -= Double(name.count) * 6.6 + 22
            return "<rect class=\"\(colour.rawValue) key\" x=\"\(text(place))\" y=\"11\" width=\"10\" height=\"6\"/>"
                + "<text class=\"mark\" x=\"\(text(place + 14))\" y=\"18\">\(escaped(name))</text>\n"
        }.joined()
    }

    private func line(_ line: Chart.Line) -> String {
        var (path, isDown) = ("", false)
        for point in thinned(line.points) {
            guard point.x.isFinite, point.y.isFinite else {
                isDown = false
                continue
            }
            path += "\(isDown ? "L" : "M")\(text(across(point.x))) \(text(up(point.y)))"
            isDown = true
        }
        return "<path class=\"\(line.colour.rawValue) line\(line.isDashed ? " dashed" : "")\" d=\"\(path)\"/>\n"
    }

    private func band(_ band: Chart.Band) -> String {
        let whole = band.points.filter { $0.x.isFinite && $0.low.isFinite && $0.high.isFinite }
        guard !whole.isEmpty else { return "" }
        let above = whole.map { "\(text(across($0.x))) \(text(up($0.high)))" }
        let below = whole.reversed().map { "\(text(across($0.x))) \(text(up($0.low)))" }
        return "<path class=\"\(band.colour.rawValue) band\" d=\"M\((above + below).joined(separator: "L"))Z\"/>\n"
    }

    /// No more points than can be seen, and no peak less: of all that share a column, the first, the ends, the last.
    private func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        guard points.count > 4 * Int(width) else { return points }
        var kept: [(x: Double, y: Double)] = []
        let size = points.count / Int(width) + 1
        for start in stride(from: 0, to: points.count, by: size) {
            let column = Array(points[start..<min(start + size, points.count)])
            let numbers = column.indices.filter { column[$0].y.isFinite }
            let ends = [
                column.startIndex, numbers.min { column[$0].y < column[$1].y },
                numbers.max { column[$0].y < column[$1].y },
                column.endIndex - 1,
            ].compactMap(\.self)
            kept += Set(ends).sorted().map { column[$0] }
        }
        return kept
    }
}

extension String {
    /// What SVG reads as a number.
    fileprivate var replacingMinus: String { String(map { $0 == "−" ? "-" : $0 }) }
}

/// A text as it may stand in a page.
func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": safe += "&amp;"
        case "<": safe += "&lt;"
        case ">": safe += "&gt;"
        case "\"": safe += "&quot;"
        case "\u{00}"..."\u{08}", "\u{0B}"..."\u{1F}", "\u{7F}"..."\u{9F}": safe += "\u{FFFD}"
        default: safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}
