import Foundation

/// Why the tool stops without a result.
enum ToolError: Error, CustomStringConvertible {
    case usage(String)
    case command(String, output: String)
    case unknownTarget(String, known: [String])
    case unusableDescription(String)
    case stuck(String)
    case baseline(String)
    case disturbed(String)
    case badEquivalent(line: Int, String)

    var description: String {
        switch self {
        case .usage(let problem): "\(problem); see Tests/Mutation/run --help"
        case .command(let command, let output): "\(command) failed:\n\(output)"
        case .unknownTarget(let name, let known):
            "there is no target '\(name)' in the package; there are: \(known.joined(separator: ", "))"
        case .unusableDescription(let problem): "the package description cannot be read: \(problem)"
        case .stuck(let output): "the mutated package does not build, and no mutant is to blame:\n\(output)"
        case .baseline(let problem): "the tests must pass before anything is mutated: \(problem)"
        case .disturbed(let place):
            "the tests of the mutant at \(place) were ended from outside again and again: by a person, or for want of "
                + "memory; what is known is kept, so start again when the machine is free"
        case .badEquivalent(let line, let problem): "equivalent.txt, line \(line): \(problem)"
        }
    }
}

func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

/// Runs a command to its end and gives back what it said.
func output(of command: [String], in folder: URL) throws -> (status: Int32, text: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// A hash for telling whether something changed; not for more than that.
struct Fingerprint {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        state = (state ^ 0xff) &* 0x100_0000_01b3
    }

    mutating func add(_ text: String) { add(text.utf8) }

    var value: UInt64 { state }
    var text: String { String(state, radix: 16) }
}
