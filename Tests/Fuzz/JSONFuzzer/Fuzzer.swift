import FuzzDriver
import JSON

// Any bytes are a value or one error inside the text; a value that is written is read as the same value, and holds no
// zero byte, which is what messages end with.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = unsafe input(start, count)
    do throws(JSONError) {
        expectRoundTrip(try JSONValue(parsing: bytes))
    } catch {
        expect((0...bytes.count).contains(error.byte), "byte \(error.byte) is no place of the text")
    }
    // What a stingy reader takes, a generous one takes too.
    let stingy = JSONLimits(bytes: 200, depth: 3, values: 10)
    do throws(JSONError) {
        let small = try JSONValue(parsing: bytes, limits: stingy)
        expect(small == (try JSONValue(parsing: bytes)), "limits change what is read")
    } catch {
        expect((0...bytes.count).contains(error.byte), "byte \(error.byte) is no place of the text")
    }
    return 0
}

func expectRoundTrip(_ value: JSONValue) {
    let written = value.bytes
    expect(!written.contains(0), "a zero byte was written")
    do throws(JSONError) {
        let again = try JSONValue(parsing: written, limits: JSONLimits(bytes: .max, values: .max))
        expect(again == value, "\(value) is read as \(again)")
    } catch {
        expect(false, "\(value) cannot be read: \(error)")
    }
}
