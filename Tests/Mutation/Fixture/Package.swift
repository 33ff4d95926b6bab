// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "fixture",
    targets: [
        .target(name: "Units", swiftSettings: settings),
        .target(name: "Sample", dependencies: ["Units"], swiftSettings: settings),
        .target(name: "Unrelated", swiftSettings: settings),
        .testTarget(name: "SampleTests", dependencies: ["Sample", "Units"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
