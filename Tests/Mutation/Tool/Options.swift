import Foundation

/// What the caller wants.
struct Options {
    var target = "Supervision"
    var tests: [String]?
    var package = URL(filePath: FileManager.default.currentDirectoryPath)
    /// The folder of this tool, with the C switch and the list of equivalents.
    var tool = URL(filePath: FileManager.default.currentDirectoryPath)
    var scratch: URL?
    var equivalents: URL?
    var jobs = 2
    var configuration = "release"
    var sample: Int?
    var seed: UInt64 = 1
    var only: (file: String, line: Int?)?
    var buildsOnly = false
    var lists = false
    var showsDropped = false
    /// The image of our board in which the target is mutated, instead of the host's program.
    var image: String?

    static let help = """
        Tests/Mutation/run: changes the code of one target in many small ways and demands that a test fails each time.

          --target NAME          what to mutate (Supervision)
          --tests NAME[,NAME]    the test targets that judge it (NAMETests)
          --only FILE[:LINE]     only mutants of this file, or of this line
          --sample N             only N mutants, the same ones for the same seed
          --seed S               chooses the sample (1)
          --jobs N               test processes at a time (2)
          --configuration NAME   release or debug (release)
          --equivalent FILE      mutants that no test can kill (equivalent.txt, or equivalent-NAME.txt)
          --package FOLDER       the package (the one around this tool)
          --scratch FOLDER       where everything is built and remembered (.build/mutation of the package)
          --build-only           stop when the mutants are built
          --list                 print the mutants instead of running them
          --show-dropped         print what did not compile
          --image NAME           mutate the target inside this image of our board (MPS2AN386); the tests of images judge,
                                 and the host's verdicts are printed beside theirs
          --self-test            mutate the fixture beside the tool, with known survivors

        Results on stdout, progress on stderr. Exit status: 0 every mutant was killed or is listed as equivalent,
        1 a mutant survived or the list is wrong, 2 usage, 3 the tests cannot be built or do not pass.
        An interrupted run goes on where it was, as long as sources and tests stay the same.
        """

    init(_ words: [String]) throws(ToolError) {
        var rest = words.flatMap { word in
            word.hasPrefix("--") ? word.split(separator: "=", maxSplits: 1).map(String.init) : [word]
        }[...]
        while let name = rest.popFirst() {
            switch name {
            case "--build-only": buildsOnly = true
            case "--list": lists = true
            case "--show-dropped": showsDropped = true
            default:
                guard name.hasPrefix("--") else { throw .usage("unexpected '\(name)'") }
                guard let value = rest.popFirst() else { throw .usage("\(name) needs a value") }
                try take(name, value)
            }
        }
    }

    private mutating func take(_ name: String, _ value: String) throws(ToolError) {
        switch name {
        case "--target": target = value
        case "--tests": tests = value.split(separator: ",").map(String.init)
        case "--package": package = URL(filePath: value).standardizedFileURL
        case "--scratch": scratch = URL(filePath: value).standardizedFileURL
        case "--tool": tool = URL(filePath: value).standardizedFileURL
        case "--equivalent": equivalents = URL(filePath: value).standardizedFileURL
        case "--image": image = value
        case "--jobs": jobs = try number(name, value)
        case "--sample": sample = try number(name, value)
        case "--seed": seed = UInt64(try number(name, value, from: 0))
        case "--configuration":
            guard value == "release" || value == "debug" else { throw .usage("'\(value)' is not release or debug") }
            configuration = value
        case "--only":
            let parts = value.split(separator: ":", maxSplits: 1).map(String.init)
            only = (parts[0], parts.count > 1 ? try number("the line in --only", parts[1]) : nil)
        default: throw .usage("'\(name)' is not an option")
        }
    }

    private func number(_ name: String, _ value: String, from least: Int = 1) throws(ToolError) -> Int {
        guard let number = Int(value), number >= least else {
            throw .usage("\(name) is '\(value)', not a number from \(least) on")
        }
        return number
    }

    /// Where the target's package is: the images have one of their own, on the same sources.
    var mutated: URL { image == nil ? package : package.appending(path: "Firmware") }

    static let imageTests = "FirmwareTests"

    /// The tests of the house, in which those of images are.
    var judge: URL {
        package.appending(path: ".build-debug/debug/understudyPackageTests.xctest").resolvingSymlinksInPath()
    }

    /// What is built beside the target, and judges it or holds it.
    var users: [String] { image.map { [$0] } ?? tests ?? ["\(target)Tests"] }

    /// The list of equivalents: one file per target.
    var equivalentFile: URL {
        equivalents ?? tool.appending(path: target == "Supervision" ? "equivalent.txt" : "equivalent-\(target).txt")
    }
}
