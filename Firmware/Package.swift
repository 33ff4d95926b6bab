// swift-tools-version: 6.2
import PackageDescription

/// As in the house itself; Embedded Swift and the processor come from toolset.json.
let house: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of ring 0. Its folder here is a link to the one that the host compiles: there is no second source.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

/// What the images are made of.
let shared: [Target.Dependency] = ["Quantities", "BoardLink", "Supervision", "BoardFirmware", "CPU"]

/// The image of one board: its registers, and the memory that its linker script describes.
func image(_ name: String) -> Target {
    let folder = "\(Context.packageDirectory)/Linker"
    return .executableTarget(
        name: name, dependencies: shared + ["BoardApplication"], swiftSettings: house,
        linkerSettings: [
            .unsafeFlags(["-Xlinker", "-L\(folder)", "-Xlinker", "-T", "-Xlinker", "\(folder)/\(name).ld"])
        ])
}

let package = Package(
    name: "BoardImages",
    targets: [
        room("Quantities"),
        room("BoardLink", ["Quantities"]),
        room("Supervision", ["Quantities"]),
        room("BoardFirmware", ["Quantities", "BoardLink", "Supervision"]),
        // What Swift cannot say: start-up, fault handlers, single instructions.
        .target(name: "CPU"),
        // The loop of every board, whatever its registers are.
        .target(name: "BoardApplication", dependencies: shared, swiftSettings: house),
        image("STM32F405"),
        image("MPS2AN386"),
    ],
    swiftLanguageModes: [.v6]
)
