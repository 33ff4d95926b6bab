import Foundation
import Testing

@testable import Reports

@Suite("Pages and charts") struct ReportsTests {
    @Test("axes hold every number, and their marks are round and inside")
    func axes() {
        let axis = Axis(of: [0.13, .nan, 2.47, .infinity], marks: 5)
        #expect(axis.low < 0.13 && axis.high > 2.47)
        #expect(axis.marks.map(axis.label) == ["0.5", "1.0", "1.5", "2.0", "2.5"])
        let flat = Axis(of: [3, 3], marks: 5)
        #expect(flat.low < 3 && flat.high > 3 && flat.marks.contains(3))
        #expect(Axis(of: [], marks: 5, isTight: true).high == 1)
        #expect(Axis(of: [-2_000_000, 3_000_000], marks: 5).marks.map { $0 / 1_000_000 } == [-2, -1, 0, 1, 2, 3])
    }

    @Test(
        "numbers are written with the digits that a step needs",
        arguments: [(0.1234, 0.01, "0.12"), (-0.004, 0.01, "0.00"), (-1.5, 0.5, "−1.5"), (1_234, 100, "1234")])
    func numbers(number: Double, step: Double, text: String) { #expect(Axis.text(number, upTo: step) == text) }

    @Test("a page is well-formed, is one file, and nothing that it is told can become markup")
    func page() throws {
        var page = Page("run <script>&\"\u{1B}")
        page.add(heading: "</h2>")
        page.add(text: "a < b")
        page.add(table: [["joint", "error"], ["<b>", "1"]])
        page.add(
            Chart(
                "p<q", x: "t, s", y: "rad", lines: [.init("real", [(0, 1), (1, .nan), (2, 3)], .real)],
                bands: [.init("±", [(0, 0.5, 1.5), (2, 2, 4)], .model)], spans: [.init(from: 0, to: 1, .clamped, "x>y")]
            ))
        let html = page.html
        #expect(!html.contains("<script") && !html.contains("http") && !html.contains("\u{1B}"))
        for element in ["h1", "h2", "p", "table", "tr", "td", "svg", "title", "body"] {
            let opened =
                html.components(separatedBy: "<\(element)>").count + html.components(separatedBy: "<\(element) ").count
            #expect(opened - 1 == html.components(separatedBy: "</\(element)>").count, "\(element)")
        }
        #expect(html.contains("run &lt;script&gt;&amp;&quot;\u{FFFD}") && html.contains("x&gt;y"))
    }

    @Test("a line has a hole where there is no number, and a peak survives thinning")
    func lines() {
        let holes = Chart("", x: "", y: "", lines: [.init("a", [(0, 1), (1, .nan), (2, 3), (3, 4)], .real)]).svg
        let path = holes.components(separatedBy: "class=\"real line\" d=\"")[1].prefix { $0 != "\"" }
        #expect(path.count { $0 == "M" } == 2 && path.count { $0 == "L" } == 1)
        var points = (0..<20_000).map { (x: Double($0), y: 0.0) }
        points[7_123].y = 1
        let long = Chart("", x: "", y: "", lines: [.init("a", points, .real)]).svg
        #expect(long.count < 60_000)
        // The top of the drawing: only the peak is there.
        let peak = long.components(separatedBy: "class=\"real line\"")[1]
        let heights = peak.components(separatedBy: "L").compactMap {
            $0.split(separator: " ").last.flatMap { Double($0) }
        }
        #expect((heights.min() ?? 999) < 40)
    }

    @Test("an event file has the checksums that others compute, and begins as every event file does")
    func events() {
        #expect(EventFile.checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(EventFile.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        var file = EventFile()
        #expect(Array(file.bytes.prefix(12)) == [24, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22])
        #expect(file.bytes.count == 8 + 4 + 24 + 4)
        file.add(0.5, to: "a", step: 300, seconds: 2)
        let record = file.bytes.dropFirst(40 + 12).dropLast(4)
        #expect(
            Array(record) == [
                0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 0xAC, 0x02, 0x2A, 10, 0x0A, 8, 0x0A, 1, 97, 0x15, 0, 0, 0, 0x3F,
            ])
    }
}
