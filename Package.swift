// swift-tools-version: 6.2
import PackageDescription

/// How every target of the house is compiled; the walls between them are listed in Tests/HouseTests/walls.json.
let house: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// The compiler proves `@_noAllocation @_noLocks` only where it sees every body: the whole module, in debug as well.
let proven: [SwiftSetting] = [
    .unsafeFlags(["-whole-module-optimization", "-num-threads", "2", "-disable-batch-mode"])
]

/// For rooms that hand out spans of what they hold.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func door(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: house)
}

// Ring 0: shared with the microcontroller. Embedded Swift, no heap, no Foundation.
let shared: [Target] = [
    room("Quantities"),
    room("BoardLink", ["Quantities"]),
    .target(
        name: "Supervision", dependencies: ["Quantities"], swiftSettings: house + proven,
        linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
]

// Ring 1: pure host code. No input, no output, no clock, no threads.
let pure: [Target] = [
    room("Expressions")
]

// Ring 2: one wall for each C library. Ring 3: the shell around the core.
let shell: [Target] = [
    .target(name: "CLinux"),
    .systemLibrary(name: "CSerialPort", pkgConfig: "libserialport", providers: [.apt(["libserialport-dev"])]),
    .systemLibrary(name: "CUSB", pkgConfig: "libusb-1.0", providers: [.apt(["libusb-1.0-0-dev"])]),
    .systemLibrary(name: "CMuJoCo", providers: [.apt(["libmujoco-dev"])]),
    room("Ports", ["CLinux", "CSerialPort", "CUSB"]),
    .target(name: "Actuators", dependencies: ["Quantities", "BoardLink", "Ports"], swiftSettings: house + lifetimes),
    .target(
        name: "Simulator", dependencies: ["Quantities", "CMuJoCo"], swiftSettings: house + lifetimes),
    room("Threads", ["CLinux"]),
    room("ControlLoop", ["Quantities", "Supervision", "Ports", "Actuators", "Threads"]),
    .target(
        name: "VirtualRobot",
        dependencies: ["Quantities", "BoardLink", "Supervision", "Ports", "Actuators", "Simulator", "Threads"],
        swiftSettings: house + lifetimes),
    room("Robots", ["Quantities", "Supervision"]),
]

// Ring 4: the doors.
let doors: [Target] = [
    door("understudy", ["Quantities", "Supervision", "Robots", "Ports", "Actuators", "Simulator", "VirtualRobot"]),
    .executableTarget(
        name: "bench",
        dependencies: ["Quantities", "Supervision", "Expressions", "Ports", "Actuators", "Simulator", "VirtualRobot"],
        swiftSettings: house + lifetimes),
]

let proofs: [Target] = [
    tests("QuantitiesTests", ["Quantities"]),
    tests("BoardLinkTests", ["BoardLink", "Quantities"]),
    tests("ExpressionsTests", ["Expressions", "CAllocationCounter"]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .target(name: "CSerialShim", path: "Tests/CSerialShim"),
    tests("PortsTests", ["Ports", "CAllocationCounter", "CSerialShim", "TestSupport"]),
    .target(name: "CUSBEmulator", path: "Tests/CUSBEmulator"),
    .target(
        name: "USBEmulator", dependencies: ["CUSBEmulator", "Ports"], path: "Tests/USBEmulator", swiftSettings: house),
    .executableTarget(
        name: "USBProbe", dependencies: ["Ports", "CAllocationCounter"], path: "Tests/USBProbe", swiftSettings: house),
    tests("USBTests", ["Ports", "USBEmulator", "USBProbe", "CAllocationCounter"]),
    tests("SupervisionTests", ["Quantities", "Supervision", "CAllocationCounter"]),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: house),
    tests("RobotsTests", ["Quantities", "Supervision", "Robots", "TestSupport"], exclude: ["Golden"]),
    tests(
        "UnderstudyTests",
        [
            "Quantities", "Supervision", "Robots", "Ports", "Actuators", "Simulator", "VirtualRobot", "understudy",
            "TestSupport",
        ],
        exclude: ["Golden"]),
    tests("ThreadsTests", ["Threads", "CAllocationCounter"]),
    tests(
        "ControlLoopTests",
        [
            "ControlLoop", "VirtualRobot", "Simulator", "Actuators", "Ports", "Supervision", "Threads", "Quantities",
            "Robots", "CAllocationCounter", "TestSupport",
        ]),
    tests("SimulatorTests", ["Simulator", "Quantities", "TestSupport"]),
    tests("ActuatorsTests", ["Actuators", "Quantities", "CAllocationCounter"]),
    tests(
        "DriverTests",
        [
            "VirtualRobot", "Simulator", "Actuators", "Ports", "BoardLink", "Quantities", "CAllocationCounter",
            "TestSupport",
        ]),
    tests(
        "VirtualRobotTests",
        [
            "VirtualRobot", "VirtualBench", "Simulator", "Actuators", "BoardLink", "Supervision", "Ports", "Quantities",
            "TestSupport",
        ]),
    .executableTarget(
        name: "VirtualBench", dependencies: ["VirtualRobot", "Simulator", "Actuators", "Ports", "Quantities"],
        path: "Tests/VirtualBench", swiftSettings: house),
]

// What keeps the house in order; nothing of it is shipped.
let gate: [Target] = [
    .executableTarget(name: "Gate", path: "Tests/Gate", swiftSettings: house),
    .testTarget(
        name: "HouseTests", dependencies: ["Gate", "Supervision"], exclude: ["walls.json", "CompileFail"],
        swiftSettings: house),
]

let package = Package(
    name: "understudy",
    products: [
        .library(name: "FirmwareShared", type: .static, targets: ["Quantities", "BoardLink", "Supervision"]),
        // The rooms that take bytes from outside, for Tests/Fuzz.
        .library(name: "Parsers", targets: ["BoardLink", "Expressions", "Actuators", "Robots"]),
    ],
    targets: shared + pure + shell + doors + proofs + gate,
    swiftLanguageModes: [.v6]
)
