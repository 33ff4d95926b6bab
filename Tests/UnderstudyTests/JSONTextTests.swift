import Foundation
import Testing

@testable import understudy

@Suite("JSON for programs")
struct JSONTextTests {
    @Test("every value is written as JSON writes it")
    func values() {
        let value = JSONText.object([
            ("b", .list([.null, .boolean(true), .boolean(false), .integer(-7), .number(0.1), .number(.nan)])),
            ("a", .object([])), ("e", .list([])), ("n", .number(-.infinity)), ("o", .optional(nil)),
        ])
        let lines = [
            "{", "  \"b\": [", "    null,", "    true,", "    false,", "    -7,", "    0.1,", "    null", "  ],",
            "  \"a\": {},", "  \"e\": [],", "  \"n\": null,", "  \"o\": null", "}",
        ]
        #expect(value.description == lines.joined(separator: "\n"))
    }

    @Test("any text comes back from a reader as it was", arguments: [0...0x7F, 0x80...0x2FF])
    func texts(codes: ClosedRange<UInt32>) throws {
        for scalar in codes.compactMap(Unicode.Scalar.init) {
            let text = "\"\\/\(scalar)😀"
            let json = JSONText.list([.text(text)]).description
            #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String] == [text])
            #expect(!json.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F })
        }
    }
}
