import Foundation
import Testing
import VirtualRobot

/// The images that `make firmware` has built.
enum Images {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().appending(path: "../../..").standardized

    /// Mutants live in the second board's image only, which is larger and slower with them.
    static let areMutated = ProcessInfo.processInfo.environment["UNDERSTUDY_CAMPAIGN"] == "mutants"
    static let machines: [BoardMachine] = areMutated ? [.mps2AN386] : BoardMachine.allCases
    static let usual: BoardMachine = areMutated ? .mps2AN386 : .stm32F405

    static func path(_ machine: BoardMachine) throws -> String {
        let path = root.appending(path: ".build-firmware/\(machine.rawValue).elf").resolvingSymlinksInPath().path
        try #require(
            FileManager.default.fileExists(atPath: path), "there is no image at \(path); run 'make firmware' first")
        return path
    }

    static func board(_ machine: BoardMachine) throws -> ImageBoard { try ImageBoard(path(machine), on: machine) }
}
