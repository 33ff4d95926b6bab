// swift-tools-version: 6.2
import PackageDescription

/// How every target of the house is compiled; the walls between them are listed in Tests/HouseTests/walls.json.
let house: [SwiftSetting] =
    [.strictMemorySafety(), .treatAllWarnings(as: .error)]
    + ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility"].map { .enableUpcomingFeature($0) }

/// The compiler proves `@_noAllocation @_noLocks` only where it sees every body: the whole module, in debug as well.
let proven: [SwiftSetting] = [
    .unsafeFlags(["-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"])
]

/// What runs by the million is optimised in debug builds too, or its tests would take minutes.
let busy: [SwiftSetting] = proven + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// For rooms that hand out spans of what they hold.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

/// What nearly everybody around a guard needs to know.
let values: [Target.Dependency] = [
    "Quantities", "Supervision", "Episodes", "Policies", "Hashing", "Robots", "Ports", "Ledger",
]
/// What the whole program and its tests know.
let whole =
    values + [
        "BoardFirmware", "BoardLink", "Actuators", "Simulator", "VirtualRobot", "Embodiment", "Recordings", "JSON",
        "Varlink", "Guard", "GuardCalls", "Learning", "Learner",
    ]
let maths: [Target.Dependency] = ["Quantities", "Expressions", "Hashing", "Policies"]
let learnt = maths + ["Supervision", "Episodes", "Models", "Robots", "Recordings", "Learning"]
let replayed = maths + ["Supervision", "Episodes", "Models", "Robots", "Recordings", "Metrology"]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], _ more: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house + more)
}

func door(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: house + lifetimes)
}

/// Registers that not every PC has. Other processors have no such names.
func registers(_ names: String...) -> [SwiftSetting] {
    #if arch(x86_64)
        return [.unsafeFlags(names.flatMap { ["-Xcc", "-m\($0)"] })]
    #else
        return []
    #endif
}

/// In release builds what is tested is optimised, the tests themselves are not: optimising them took most of a build.
let plain: [SwiftSetting] = [.unsafeFlags(["-Onone"], .when(configuration: .release))]

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: house + plain)
}

/// A program or a room of help for tests, in the folder of its name.
func help(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: house)
}

func probe(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: house)
}

// Ring 0: shared with the microcontroller. Embedded Swift, no heap, no Foundation.
let shared: [Target] = [
    room("Quantities"),
    room("BoardLink", ["Quantities"]),
    room("BoardFirmware", ["Quantities", "BoardLink", "Supervision"]),
    .target(
        name: "Supervision", dependencies: ["Quantities"], swiftSettings: house + proven,
        linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
]

// Ring 1: pure host code. No input, no output, no clock, no threads.
let pure: [Target] = [
    room("Expressions", [], busy),
    // One folder, compiled twice, and never with fused products, which round differently.
    .target(name: "CProcessor"),
    room("Kernels256", ["Expressions"], busy + registers("avx2")),
    room("Kernels512", ["Expressions"], busy + [.define("LANES_512")] + registers("avx512vl", "avx512bw", "avx512dq")),
    room("Hashing", [], busy),
    room("Episodes", ["Quantities", "Supervision", "Hashing"]),
    room("Models", maths, lifetimes + busy),
    room("JSON"),
    room("Reports"),
    room("Metrology", ["Quantities", "Expressions", "Supervision", "Episodes", "Models"]),
    room("Policies", ["Expressions", "Hashing", "CProcessor", "Kernels256", "Kernels512"], busy),
    room("Learning", maths + ["Models", "JSON"], busy),
]

// Ring 2: one wall for each C library. Ring 3: the shell around the core.
let shell: [Target] = [
    .target(name: "CLinux"),
    .target(name: "CMPI"),
    .systemLibrary(name: "CSerialPort", pkgConfig: "libserialport", providers: [.apt(["libserialport-dev"])]),
    .systemLibrary(name: "CUSB", pkgConfig: "libusb-1.0", providers: [.apt(["libusb-1.0-0-dev"])]),
    .target(name: "CMuJoCo", linkerSettings: [.linkedLibrary("mujoco")]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    room("Ports", ["CLinux", "CSerialPort", "CUSB"]),
    room("Actuators", ["Quantities", "BoardLink", "Ports"], lifetimes + busy),
    room("Simulator", ["Quantities", "CMuJoCo"], lifetimes + busy),
    room("Threads", ["CLinux"], proven),
    room("ControlLoop", maths + ["Supervision", "Episodes", "Robots", "Ports", "Actuators", "Threads"], busy),
    room(
        "VirtualRobot", ["Quantities", "BoardLink", "BoardFirmware", "Ports", "Actuators", "Simulator", "Threads"],
        lifetimes + busy),
    room("Robots", ["Quantities", "Supervision", "Expressions", "Episodes", "Hashing", "Models"]),
    room("Embodiment", ["Quantities", "BoardLink", "Robots", "Ports", "Actuators", "Simulator", "VirtualRobot"]),
    room("Varlink", ["JSON", "Ports"]),
    room("GuardCalls", ["Quantities", "Supervision", "Episodes", "JSON", "Ports", "Varlink"]),
    room("Recordings", ["Quantities", "Hashing", "Threads", "CLinux", "CZstd"], busy),
    room("Ledger", ["Quantities", "Supervision", "Episodes", "Hashing", "CSQLite"]),
    room("Replay", replayed),
    room("Learner", learnt + ["CMPI", "JSON", "Replay", "Threads", "Varlink", "GuardCalls"]),
    .target(
        name: "Guard", dependencies: values + ["JSON", "Varlink"],
        resources: [.embedInCode("org.understudy.Guard.varlink")], swiftSettings: house),
    room(
        "Cockpit", values + ["Expressions", "BoardLink", "Actuators", "Threads", "ControlLoop", "Recordings", "Guard"],
        busy),
]

// Ring 4: the doors.
let doors: [Target] = [
    door("understudy", whole + ["Expressions", "ControlLoop", "Cockpit", "Replay", "Reports", "Models", "Metrology"]),
    door(
        "bench",
        values + [
            "BoardLink", "Expressions", "Models", "Learning", "Actuators", "Simulator", "VirtualRobot", "Embodiment",
            "Threads", "Recordings", "ControlLoop", "Replay", "Learner", "Reports",
        ]),
]

let counted: [Target.Dependency] = ["CAllocationCounter", "TestSupport"]
/// What tests need that speak to virtual robots in the bytes of the real ones.
let wires: [Target.Dependency] = [
    "VirtualRobot", "Simulator", "Actuators", "Ports", "BoardFirmware", "BoardLink", "Quantities", "TestSupport",
]

let proofs: [Target] = [
    tests("QuantitiesTests", ["Quantities"]),
    tests("BoardLinkTests", ["BoardLink", "Quantities"]),
    tests("ExpressionsTests", ["Expressions", "CAllocationCounter"]),
    tests("ModelsTests", maths + ["Models"] + counted),
    tests("LearningTests", maths + ["Learning", "Models"]),
    tests("JSONTests", ["JSON"]),
    tests("PoliciesTests", ["Policies", "Expressions", "CAllocationCounter", "TestSupport"]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .target(name: "CSerialShim", path: "Tests/CSerialShim"),
    tests("PortsTests", ["Ports", "CAllocationCounter", "CSerialShim", "TestSupport"]),
    .target(name: "CUSBEmulator", path: "Tests/CUSBEmulator"),
    help("USBEmulator", ["CUSBEmulator", "Ports"]),
    probe("USBProbe", ["Ports", "Actuators", "BoardLink", "Quantities", "CAllocationCounter"]),
    tests(
        "USBTests",
        [
            "Ports", "BoardFirmware", "BoardLink", "Quantities", "Simulator", "VirtualRobot", "understudy",
            "USBEmulator", "USBProbe",
        ] + counted),
    // Optimised throughout: its campaigns run for billions of ticks.
    .testTarget(
        name: "SupervisionTests", dependencies: ["Quantities", "Supervision", "CAllocationCounter"],
        swiftSettings: house),
    help("TestSupport"),
    tests("HashingTests", ["Hashing"]),
    probe("RecordingProbe", ["Recordings", "Threads", "Quantities"]),
    tests("RecordingsTests", ["Recordings", "RecordingProbe", "Hashing", "Threads", "Quantities"] + counted),
    help("LedgerSamples", ["Quantities", "Supervision", "Episodes", "Hashing"]),
    tests("EpisodesTests", ["Quantities", "Supervision", "Episodes", "Hashing", "LedgerSamples"] + counted),
    probe("LedgerProbe", ["Quantities", "Episodes", "Ledger", "LedgerSamples", "Supervision"]),
    tests(
        "LedgerTests",
        ["Quantities", "Supervision", "Episodes", "Ledger", "CSQLite", "LedgerSamples", "LedgerProbe", "TestSupport"]),
    tests(
        "RobotsTests",
        ["Quantities", "Supervision", "Expressions", "Episodes", "Hashing", "Models", "Robots", "TestSupport"],
        exclude: ["Golden"]),
    tests(
        "UnderstudyTests", whole + ["understudy", "LedgerSamples", "TestSupport", "GuardSamples", "USBEmulator"],
        exclude: ["Golden"]),
    probe("ThreadsProbe", ["Threads"]),
    tests("ThreadsTests", ["Threads", "ThreadsProbe", "CAllocationCounter", "TestSupport"]),
    tests(
        "ControlLoopTests",
        values + ["ControlLoop", "VirtualRobot", "Simulator", "Actuators", "BoardLink", "Threads", "Expressions"]
            + counted),
    tests("EmbodimentTests", wires + ["Embodiment", "Robots"]),
    tests("SimulatorTests", ["Simulator", "Quantities", "CMuJoCo", "CAllocationCounter", "TestSupport"]),
    tests("ActuatorsTests", ["Actuators", "Quantities", "CAllocationCounter"]),
    tests("DriverTests", wires + ["CAllocationCounter"]),
    tests("BoardFirmwareTests", ["BoardFirmware", "BoardLink", "Supervision", "Quantities"]),
    tests("FirmwareTests", wires + ["Supervision", "Embodiment", "Robots"], exclude: ["Golden"]),
    tests("VirtualRobotTests", wires + ["VirtualBench", "Supervision"]),
    help("GuardSamples", values + ["Guard"]),
    tests("GuardTests", values + ["Guard", "GuardCalls", "GuardSamples", "JSON", "Varlink", "TestSupport"]),
    tests(
        "CockpitTests",
        values + [
            "Cockpit", "Guard", "GuardSamples", "Actuators", "Simulator", "VirtualRobot", "ControlLoop", "Recordings",
            "Embodiment", "JSON", "TestSupport", "CAllocationCounter", "BoardLink",
        ]),
    tests(
        "ReplayTests",
        replayed + [
            "Replay", "Ports", "Ledger", "Actuators", "Simulator", "VirtualRobot", "Guard", "GuardSamples", "Cockpit",
            "ControlLoop", "TestSupport",
        ],
        exclude: ["Golden"]),
    tests("ReportsTests", ["Reports"]),
    tests("LearnerTests", learnt + ["Learner", "GuardCalls", "JSON", "Varlink", "GuardSamples"]),
    tests("MetrologyTests", ["Metrology"]),
    tests("VarlinkTests", ["Varlink", "JSON", "Ports", "VarlinkPeer", "TestSupport"]),
    probe("VarlinkPeer", ["Varlink", "JSON", "Ports"]),
    probe("VirtualBench", ["VirtualRobot", "Simulator", "Actuators", "Ports", "Quantities"]),
    // What keeps the house in order; nothing of it is shipped.
    probe("Gate", []),
    tests("HouseTests", ["Gate", "Supervision"], exclude: ["walls.json", "CompileFail"]),
]

let package = Package(
    name: "understudy",
    products: [
        .library(name: "FirmwareShared", type: .static, targets: shared.map(\.name)),
        // The rooms that take bytes from outside, for Tests/Fuzz.
        .library(
            name: "Parsers",
            targets: [
                "BoardLink", "Supervision", "Expressions", "Episodes", "JSON", "Policies", "Ports", "Actuators",
                "Robots", "Recordings", "Varlink", "VirtualRobot",
            ]),
    ],
    targets: shared + pure + shell + doors + proofs,
    swiftLanguageModes: [.v6]
)
// `UNDERSTUDY_TESTS=PortsTests,BoardLinkTests` leaves these test targets and what they need: a build that takes as long
// as the rooms it is about. The gate uses it for the builds that are slow.
if let names = Context.environment["UNDERSTUDY_TESTS"] {
    var wanted = Set(names.split(separator: ",").map(String.init))
    for _ in package.targets {
        for target in package.targets where wanted.contains(target.name) {
            wanted.formUnion(target.dependencies.compactMap { if case .byNameItem(let it, _) = $0 { it } else { nil } })
        }
    }
    package.targets = package.targets.filter { wanted.contains($0.name) }
    package.products = []
}
