/// The input that libFuzzer lends for one call, copied.
///
/// - Safety: `start` points at `count` bytes.
@unsafe public func input(_ start: UnsafePointer<UInt8>, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: start, count: count))
}

/// Ends the run with a sentence when `holds` is false; libFuzzer keeps the input that led here.
public func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    guard holds else { fatalError(sentence()) }
}
