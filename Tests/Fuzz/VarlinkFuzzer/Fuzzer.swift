import FuzzDriver
import JSON
import Varlink

/// For streams: what every interface can say, in one method.
private let interface: VarlinkInterface = {
    do throws(InterfaceError) {
        return try VarlinkInterface(
            parsing: """
                interface org.example.fuzz
                type Kind (one, two)
                type Tree (name: string, kind: ?Kind, children: []Tree, sizes: [string]float, any: ?object)
                method M(tree: Tree, count: int, flag: bool) -> ()
                """)
    } catch {
        preconditionFailure("\(error)")
    }
}()

// The first byte chooses: the text of an interface, or a stream of messages. A text is an interface whose own text is
// read as the same one, or one error inside it; a stream gives the same messages however it is cut, none longer than
// allowed, and every one of them is judged against an interface.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = unsafe input(start, count)
    guard let kind = bytes.first else { return 0 }
    let rest = Array(bytes.dropFirst())
    if kind & 1 == 0 { expectInterface(rest) } else { expectStream(rest, cut: Int(kind >> 1) + 1) }
    return 0
}

func expectInterface(_ text: [UInt8]) {
    do throws(InterfaceError) {
        let interface = try VarlinkInterface(parsing: text)
        expect(Array(interface.description.utf8) == text, "the description is another text")
        let again = try VarlinkInterface(parsing: interface.description)
        expect(again.members == interface.members, "read twice, it is another interface")
        for method in interface.methods { expect(interface.method(method) != nil, "\(method) is listed and not there") }
    } catch {
        expect((1...text.count + 1).contains(error.line), "line \(error.line) is none of the text")
        expect((1...text.count + 1).contains(error.column), "column \(error.column) is none of the text")
    }
}

func expectStream(_ stream: [UInt8], cut: Int) {
    let whole = StreamReading(of: stream, limit: 200, pieces: max(stream.count, 1))
    let cutUp = StreamReading(of: stream, limit: 200, pieces: cut)
    expect(whole.messages == cutUp.messages, "cut by \(cut), other messages come out")
    for message in whole.messages {
        expect(message.count <= 200 && !message.contains(0), "a message of \(message.count) bytes")
        judge(message)
    }
}

func judge(_ message: [UInt8]) {
    guard let value = try? JSONValue(parsing: message), let object = value.object,
        let input = interface.method("M")?.input
    else { return }
    do throws(VarlinkMismatch) {
        try interface.check(object, against: input)
        // What is exact is all the more lenient.
        try interface.check(object, against: input, .lenient)
    } catch {
        expect(!error.path.isEmpty, "a mismatch without a path")
    }
}

/// What comes out of a stream that arrives in pieces, up to the first message that is too long.
struct StreamReading {
    private(set) var messages: [[UInt8]] = []

    init(of stream: [UInt8], limit: Int, pieces: Int) {
        var framer = MessageFramer(limit: limit)
        for start in stride(from: 0, to: stream.count, by: pieces) {
            framer.append(stream[start..<min(start + pieces, stream.count)])
            var outcome = framer.next()
            while case .message(let message) = outcome {
                messages.append(message)
                outcome = framer.next()
            }
            if outcome == .tooLarge { return }
        }
    }
}
