import FuzzDriver
import Policies

// Any bytes are a policy, and then the only bytes of that policy, or an error; the same for NumPy's archives, except
// that a policy may be archived in many ways.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = unsafe input(start, count)
    if let policy = try? Policy(decoding: bytes) {
        expect(policy.encoded == bytes, "a policy of two encodings")
        expect((try? Policy(numPyArchive: policy.numPyArchive)) == policy, "an archive loses something")
    }
    if let policy = try? Policy(numPyArchive: bytes) {
        expect((try? Policy(decoding: policy.encoded)) == policy, "an encoding loses something")
    }
    return 0
}
