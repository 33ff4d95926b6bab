import Embodiment
import Ports
import Robots
import Simulator
import VirtualRobot

/// Which build of the board's program a virtual robot runs.
enum BoardFirmwareChoice: Equatable, Sendable {
    /// The one that is compiled into this program.
    case host
    /// The image of the microcontroller, in an emulator.
    case image(String)

    init(_ word: String) {
        switch word {
        case "host": self = .host
        case "qemu": self = .image(Self.usualImage)
        default: self = .image(word)
        }
    }

    static let usualImage = ".build-firmware/STM32F405.elf"
}

extension VirtualRobotOptions {
    func hostBoard(
        _ file: RobotFile, _ body: RobotBody, in surroundings: Surroundings
    ) throws(FileProblems) -> Outcome {
        guard case .image(let path) = firmware else { return host(file, try file.boardWire(), body, in: surroundings) }
        if case .failure(let trouble) = surroundings.read(path) {
            let text = "cannot read the image '\(shown(path))': \(trouble.reason)"
            return .failure(
                .failed, text, next: "run 'make firmware', or name the FILE of an image", surroundings.errors)
        }
        let board: ImageBoard
        do {
            let machine = BoardMachine.allCases.first { path.hasSuffix("\($0.rawValue).elf") } ?? .stm32F405
            board = try ImageBoard(path, on: machine)
        } catch {
            let text = "'qemu-system-arm' does not run the image '\(shown(path))'"
            let next = "install it with 'apt-get install qemu-system-arm', or build the image with 'make firmware'"
            return .failure(.failed, text, next: next, surroundings.errors)
        }
        return host(file, try file.boardWire(running: board), body, in: surroundings)
    }
}
