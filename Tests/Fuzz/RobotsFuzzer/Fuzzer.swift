import FuzzDriver
import Robots

// Any bytes are a value or one error inside the text; a value written out is read as the same value.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = unsafe input(start, count)
    do throws(JSON5Error) {
        let value = try JSON5.parse(bytes)
        expectRoundTrip(value)
    } catch {
        expect(isInside(error.position, bytes), "\(error.position) is no place of the text")
        expect(!error.problem.text.isEmpty, "an error without words")
    }
    expectEnvelope(bytes)
    return 0
}

func expectRoundTrip(_ value: JSON5Value) {
    let written = spelled(value)
    guard written.utf8.count <= JSON5.sizeLimit else { return }
    do throws(JSON5Error) {
        let again = spelled(try JSON5.parse(Array(written.utf8)))
        expect(again == written, "\(written) is read as \(again)")
    } catch {
        expect(false, "\(written) cannot be read: \(error.problem.text)")
    }
}

/// Any bytes are an envelope or a list of problems inside the text that a person can read.
func expectEnvelope(_ bytes: [UInt8]) {
    do throws(FileProblems) {
        let file = try EnvelopeFile(parsing: bytes)
        expect(!file.joints.isEmpty, "an envelope of no joints")
    } catch {
        expect(!error.all.isEmpty, "refused without a problem")
        for problem in error.all {
            expect(isInside(problem.position, bytes), "\(problem.position) is no place of the text")
            expect(!problem.problem.isEmpty, "a problem without words")
        }
    }
}

/// A line has at most as many columns as the text has bytes, and one behind the last; the same holds for the lines.
func isInside(_ position: TextPosition, _ bytes: [UInt8]) -> Bool {
    (1...bytes.count + 1).contains(position.line) && (1...bytes.count + 1).contains(position.column)
}

func spelled(_ value: JSON5Value) -> String {
    switch value.content {
    case .null: "null"
    case .boolean(let truth): "\(truth)"
    case .number(let number): spelled(number)
    case .text(let text): quoted(text)
    case .list(let elements): "[" + elements.map(spelled).joined(separator: ",") + "]"
    case .object(let members):
        "{" + members.map { quoted($0.key) + ":" + spelled($0.value) }.joined(separator: ",") + "}"
    }
}

func spelled(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return "\(number)"
}

/// Every UTF-16 unit as an escape, so that nothing depends on which characters a text may hold as they are.
func quoted(_ text: String) -> String {
    "\"" + text.utf16.map { "\\u" + String(0x1_0000 + Int($0), radix: 16).dropFirst() }.joined() + "\""
}
