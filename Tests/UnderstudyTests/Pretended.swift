import FoundationEssentials
import Ports

@testable import understudy

/// Surroundings that a test makes up: files in memory, no terminal, a machine that is well.
struct Pretended {
    var files: [String: String] = [:]
    var style = Style.plain
    var facts = MachineFacts.healthy
    var ports: Result<[PortFacts], PortError> = .success([])
    var deadMan: Result<DeadManFacts, PortError> = .failure(.missing)

    var surroundings: Surroundings {
        surroundings(
            with: DeviceAccess(
                ports: { ports }, open: { OpenedLine($0, $1) }, deadMan: { _ in deadMan }, tell: { _ in },
                isWatched: false,
                isInterrupted: { false }, ask: { nil }, save: { _, _ in nil }, stateFolder: { "state" }))
    }

    func surroundings(
        with devices: DeviceAccess, read: ((String) -> Result<[UInt8], FileTrouble>)? = nil
    ) -> Surroundings {
        Surroundings(
            output: style, errors: style,
            read: read ?? { path in
                files[path].map { .success(Array($0.utf8)) }
                    ?? .failure(FileTrouble(code: 2, reason: "No such file or directory"))
            },
            list: { folder in
                let inside = files.keys.filter { $0.hasPrefix("\(folder)/") }.map { $0.dropFirst(folder.count + 1) }
                let names = Set(inside.map { String($0.prefix { $0 != "/" }) })
                return names.isEmpty ? nil : names.sorted()
            },
            examine: { _ in facts }, user: { "ada" },
            devices: devices, say: { _ in })
    }

    func run(_ line: String) -> Outcome { run(line.split(separator: " ").map(String.init)) }

    func run(_ words: [String]) -> Outcome { Verb.run(words, in: surroundings) }

    /// With the envelopes and the robots that are shipped.
    static func shipped() throws -> Pretended {
        var pretended = Pretended()
        for folder in ["safety/envelopes", "Calibration"] {
            let root = tree.appending(path: folder)
            for file in try FileManager.default.subpathsOfDirectory(atPath: root.path(percentEncoded: false)) {
                guard let data = try? Data(contentsOf: root.appending(path: file)), file.contains(".") else { continue }
                pretended.files["\(folder)/\(file)"] = String(decoding: data, as: UTF8.self)
            }
        }
        return pretended
    }

    /// The robots that have a folder.
    static var robots: [String] {
        let found = try? FileManager.default.contentsOfDirectory(
            atPath: tree.appending(path: "Calibration").path(percentEncoded: false))
        return (found ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    static let tree = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
}

extension MachineFacts {
    static let healthy = MachineFacts(
        user: "ada",
        scheduling: SchedulingFacts(
            priority: 10, refusal: nil, lateness: (1...200).map { $0 * 400 }, sleepMicroseconds: 1_000),
        memory: MemoryFacts(limitBytes: nil, triedBytes: 32 << 20, refusal: nil),
        clock: ClockFacts(source: "tsc", otherSources: ["hpet"], resolutionNanoseconds: 1),
        cores: CoreFacts(online: 4, allowed: 4),
        kernel: KernelFacts(release: "6.1.0-rt", version: "#1 SMP PREEMPT_RT", isRealTime: true),
        disk: DiskFacts(wanted: "/var/lib/understudy", found: "/var/lib/understudy", freeBytes: 80 << 30),
        serial: SerialFacts(ports: [.adapter], isInDialout: true),
        swiftLibraries: [],
        envelopes: EnvelopeFacts(folder: "safety/envelopes", files: [.init(name: "arm.json5", problems: [])]))

    static let ailing = MachineFacts(
        user: "ada",
        scheduling: SchedulingFacts(
            priority: 10, refusal: FileTrouble(code: 1, reason: "Operation not permitted"),
            lateness: Array(repeating: 90_000, count: 197) + [260_000, 900_000, 4_200_000], sleepMicroseconds: 1_000),
        memory: MemoryFacts(
            limitBytes: 8 << 20, triedBytes: 32 << 20, refusal: FileTrouble(code: 12, reason: "Cannot allocate memory")),
        clock: ClockFacts(source: "hpet", otherSources: ["acpi_pm", "tsc"], resolutionNanoseconds: 4_000_000),
        cores: CoreFacts(online: 4, allowed: 1),
        kernel: KernelFacts(release: nil, version: nil, isRealTime: false),
        disk: DiskFacts(wanted: "/var/lib/understudy", found: "/var/lib", freeBytes: 50 << 20),
        serial: SerialFacts(ports: [.slowAdapter, .strangeBoard], isInDialout: false),
        swiftLibraries: ["libswiftCore.so"],
        envelopes: EnvelopeFacts(
            folder: "safety/envelopes",
            files: [
                .init(name: "arm.json5", problems: []),
                .init(name: "leg.json5", problems: ["line 3, 'speed' is not a key", "line 9, 'robot' is 7"]),
            ]))
}

extension PortFacts {
    /// As it should be.
    static let adapter = PortFacts(
        path: "/dev/ttyUSB0", identity: "usb:0403:6014:FT7W9ZLQ", aliases: ["/dev/serial/by-id/usb-FTDI_adapter"],
        device: "FTDI USB-RS485 Cable", vendor: "0403", product: "6014", mayUse: true, group: "dialout",
        latencyMilliseconds: 1, mayAutosuspend: false, heldBy: [])

    /// As delivered, and at work for somebody else.
    static let slowAdapter = PortFacts(
        path: "/dev/ttyUSB1", identity: "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0", aliases: [],
        device: "FTDI FT232R", vendor: "0403", product: "6001", mayUse: true, group: "dialout",
        latencyMilliseconds: 16, mayAutosuspend: true, heldBy: ["minicom (812)"])

    /// Without a name that stays, and with one that a terminal would act on.
    static let strangeBoard = PortFacts(
        path: "/dev/ttyACM0\u{1B}[2J", identity: nil, aliases: [], device: "board\u{1B}[2J", vendor: "1a86",
        product: "55d3", mayUse: false, group: "plugdev", latencyMilliseconds: nil, mayAutosuspend: nil, heldBy: [])
}
