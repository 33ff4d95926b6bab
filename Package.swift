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

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func door(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: [], swiftSettings: house)
}

// Ring 0: shared with the microcontroller. Embedded Swift, no heap, no Foundation.
let shared: [Target] = [
    room("Quantities"),
    room("BoardLink", ["Quantities"]),
]

let proofs: [Target] = [
    tests("QuantitiesTests", ["Quantities"]),
    tests("BoardLinkTests", ["BoardLink", "Quantities"]),
]

let package = Package(
    name: "understudy",
    products: [
        .library(name: "FirmwareShared", targets: ["Quantities", "BoardLink"])
    ],
    targets: shared + proofs,
    swiftLanguageModes: [.v6]
)
