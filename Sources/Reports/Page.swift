/// A page of texts, tables and charts that is one file: no script, no picture, no font and no address outside of it.
public struct Page: Sendable {
    private let title: String
    private var body = ""

    public init(_ title: String) { self.title = title }

    public mutating func add(heading: String) { body += "<h2>\(escaped(heading))</h2>\n" }

    public mutating func add(text: String) { body += "<p>\(escaped(text))</p>\n" }

    public mutating func add(_ chart: Chart) { body += chart.svg }

    /// Rows of cells; the first row says what the columns are.
    public mutating func add(table: [[String]]) {
        guard let head = table.first else { return }
        let cells = { (row: [String], kind: String) in row.map { "<\(kind)>\(escaped($0))</\(kind)>" }.joined() }
        body += "<table>\n<tr>\(cells(head, "th"))</tr>\n"
        for row in table.dropFirst() { body += "<tr>\(cells(row, "td"))</tr>\n" }
        body += "</table>\n"
    }

    public var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <style>
        \(Page.style)
        </style>
        </head>
        <body>
        <h1>\(escaped(title))</h1>
        \(body)</body>
        </html>

        """
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1c2024; --paper: #fff; --faint: #d8dce0; --grey: #6a737b;
          --real: #0b66c3; --model: #d2691e; --still: #8a9199; --good: #2e8b57; --clamped: #e0a800; --stopped: #c62828;
          --limit: #7b1fa2; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --paper: #15181b; --faint: #32383e;
          --grey: #9aa3ab; --real: #64b0f4; --model: #f0a060; --still: #8a9199; --good: #5cc08a; --clamped: #f2c744;
          --stopped: #f06a6a; --limit: #c792ea; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 760px;
          margin: 2em auto; padding: 0 1em; }
        h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
        table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .2em 1em .2em 0; border-bottom: 1px solid var(--faint); }
        th { color: var(--grey); font-weight: 600; }
        .chart { width: 100%; height: auto; display: block; margin: 1em 0; }
        .chart text { font: 11px system-ui, sans-serif; fill: var(--grey); }
        .chart .title { font-size: 12px; font-weight: 600; fill: var(--ink); }
        .grid { stroke: var(--faint); stroke-width: 1; } .frame { fill: none; stroke: var(--faint); }
        .line { fill: none; stroke-width: 1.5; } .dashed { stroke-dasharray: 4 3; } .band { opacity: .2; }
        .span { opacity: .75; }
        .real { fill: var(--real); } .model { fill: var(--model); } .still { fill: var(--still); }
        .good { fill: var(--good); } .clamped { fill: var(--clamped); } .stopped { fill: var(--stopped); }
        .limit { fill: var(--limit); }
        .line.real { fill: none; stroke: var(--real); } .line.model { fill: none; stroke: var(--model); }
        .line.still { fill: none; stroke: var(--still); } .line.good { fill: none; stroke: var(--good); }
        .line.clamped { fill: none; stroke: var(--clamped); } .line.stopped { fill: none; stroke: var(--stopped); }
        .line.limit { fill: none; stroke: var(--limit); }
        """
}
