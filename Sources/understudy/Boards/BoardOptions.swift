import Robots

/// What is asked of a board of ours, or done to one.
struct BoardOptions: Equatable, Sendable {
    enum Task: Equatable, Sendable {
        case info
        case selfTest
        /// Its events, for so many seconds.
        case log(seconds: Double)
        case flash(image: String, FlashTool)
    }

    var task: Task
    var port: PortName?
    var isDryRun = false
    var asJSON = false
}

/// The program that writes an image into the chip.
enum FlashTool: String, CaseIterable, Sendable {
    /// Through the chip's own boot program, over USB.
    case dfuUtil = "dfu-util"
    /// Through a debug probe.
    case openocd

    /// Where the flash of the chip begins.
    private static let start = "0x08000000"

    func words(_ image: String) -> [String] {
        switch self {
        case .dfuUtil:
            [rawValue, "--alt", "0", "--dfuse-address", "\(Self.start):leave", "--download", image]
        case .openocd:
            [
                rawValue, "--file", "interface/stlink.cfg", "--file", "target/stm32f4x.cfg", "--command",
                "program {\(image)} verify reset exit \(Self.start)",
            ]
        }
    }
}

extension BoardOptions {
    private static let tasks = ["info", "selftest", "log", "flash"]
    private static let allowed: [Option] = [.port, .time, .tool, .dryRun, .json, .help]

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let line = try CommandLineWords(words, of: .board, allowed: allowed)
        guard let word = line.arguments.first else { throw .missingWord("info, selftest, log or flash", .board) }
        let count = word == "flash" ? 2 : 1
        if line.arguments.count > count { throw .unexpectedArgument(line.arguments[count], .board) }
        for (option, task) in [(Option.time, "log"), (.tool, "flash"), (.dryRun, "flash")]
        where line.has(option) && word != task { throw .optionOfTask(option, task, .board) }
        if word == "flash" { return .board(try flash(line)) }
        var options = BoardOptions(task: .info, port: try line.neededPort(), asJSON: line.has(.json))
        switch word {
        case "info": break
        case "selftest": options.task = .selfTest
        case "log": options.task = .log(seconds: try seconds(line))
        default:
            let expected = nearest(to: word, among: tasks).map { "perhaps '\($0)'" } ?? "info, selftest, log or flash"
            throw .badValue("what is asked of a board", word, expected, .board)
        }
        return .board(options)
    }

    private static func seconds(_ line: CommandLineWords) throws(UsageError) -> Double {
        guard let text = line.value(of: .time) else { return 10 }
        guard let seconds = Double(text), (0.1...86_400).contains(seconds) else {
            throw .badValue("--time", text, "seconds from 0.1 to 86400", .board)
        }
        return seconds
    }

    private static func flash(_ line: CommandLineWords) throws(UsageError) -> BoardOptions {
        for option in [Option.port, .json] where line.has(option) {
            throw .optionOfTask(option, "info, selftest and log", .board)
        }
        guard line.arguments.count == 2 else { throw .missingWord("the image behind flash", .board) }
        let word = line.value(of: .tool) ?? FlashTool.dfuUtil.rawValue
        guard let tool = FlashTool(rawValue: word) else {
            throw .badValue("--tool", word, "dfu-util or openocd", .board)
        }
        return BoardOptions(task: .flash(image: line.arguments[1], tool), isDryRun: line.has(.dryRun))
    }
}
