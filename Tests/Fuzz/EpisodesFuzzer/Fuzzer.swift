import Episodes
import FuzzDriver

// Any bytes are a proposal that is written again as these bytes, or an error inside of them; the same for the texts of
// digests and moments.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = unsafe input(start, count)
    expectCanonical(Proposal.self, bytes)
    expectCanonical(EpisodePlan.self, bytes)
    expectCanonical(Dossier.self, bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    if let instant = WallInstant(text: text) {
        expect(instant.description.hasPrefix(text.prefix(19)), "\(text) is read as \(instant)")
    }
    if let name = Name(text) { expect(name.text == text, "\(text) is read as \(name)") }
    return 0
}

func expectCanonical<Value: CanonicalDocument>(_: Value.Type, _ bytes: [UInt8]) {
    do throws(CanonicalError) {
        expect(try Value(canonical: bytes).canonicalBytes == bytes, "\(Value.kind) is written another way")
    } catch {
        expect((0...bytes.count).contains(error.position), "\(error.position) is no place in \(bytes.count) bytes")
    }
}
