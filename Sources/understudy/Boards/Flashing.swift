import Glibc
import Robots

/// Writing an image into a board's chip: another program does it, after a person has said yes.
struct Flashing {
    let image: String
    let tool: FlashTool
    let isDryRun: Bool

    func run(in surroundings: Surroundings) -> Outcome {
        switch surroundings.read(image) {
        case .failure(let trouble):
            let text = "cannot read the image '\(shown(image))': \(trouble.reason)"
            return .failure(.invalidConfiguration, text, next: "run 'make firmware'", surroundings.errors)
        case .success(let bytes):
            guard Self.isImage(bytes) else {
                let text = "'\(shown(image))' is no image for the flash of an STM32F405"
                let next = "use the .bin that 'make firmware' makes of it"
                return .failure(.invalidConfiguration, text, next: next, surroundings.errors)
            }
        }
        let words = tool.words(image)
        let command = words.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
        if isDryRun { return Outcome(output: "\(command)\n") }
        surroundings.devices.tell(
            """
            This replaces the program of the board. Its outputs must be free to go off: hold or lay down the robot.
              \(command)
            Type yes to run it:\u{20}
            """)
        guard surroundings.devices.ask() == "yes" else {
            return .failure(.refused, "nothing was written", next: "type yes when asked", surroundings.errors)
        }
        return start(words, in: surroundings)
    }

    /// The first word is where the handlers' stack begins, in memory; the second where the program does, in flash.
    private static func isImage(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8 else { return false }
        func word(_ place: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) } }
        return (0x2000_0000...0x2002_0000).contains(word(0)) && (0x0800_0000..<0x0810_0000).contains(word(4))
    }

    private func start(_ words: [String], in surroundings: Surroundings) -> Outcome {
        // SAFETY: the list lives until the program has been started, and is freed once afterwards.
        let list = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe list.forEach { unsafe free($0) } }
        var process = pid_t()
        let code = unsafe posix_spawnp(&process, words[0], nil, nil, list, environ)
        guard code == 0 else {
            let text = "cannot start '\(words[0])': \(FileTrouble(code: code).reason)"
            return .failure(.failed, text, next: "install it: apt-get install \(words[0])", surroundings.errors)
        }
        var status: Int32 = 0
        // SAFETY: the status outlives the call.
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else {
            let next = "check cable and boot mode, then ask the board: understudy board info"
            return .failure(.deviceFault, "'\(words[0])' says that it failed", next: next, surroundings.errors)
        }
        return Outcome(output: "written; see what it says: understudy board info --port PORT\n")
    }
}
