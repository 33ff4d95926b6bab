// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func fuzzer(_ name: String, startingFrom seeds: [String] = []) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzDriver", .product(name: "Parsers", package: "understudy")], path: name,
        exclude: seeds, swiftSettings: house)
}

// One executable for every parser that takes bytes from outside. To add one: make a folder NAMEFuzzer with a Fuzzer.swift
// like the others, add a line below, and, if the parser's room is not in it yet, put the room into the product
// `Parsers` of the house. A file `seeds` in the folder names directories of good inputs to start from. `Tests/Fuzz/run`
// finds the rest by itself.
let fuzzers: [Target] = [
    fuzzer("BoardLinkFuzzer"),
    fuzzer("DynamixelFuzzer"),
    fuzzer("FeetechFuzzer"),
    fuzzer("MoteusFuzzer"),
    fuzzer("LockstepFuzzer"),
    fuzzer("ExpressionsFuzzer", startingFrom: ["seeds", "good"]),
    fuzzer("EpisodesFuzzer"),
    fuzzer("RobotsFuzzer", startingFrom: ["seeds", "good"]),
    fuzzer("RecordingsFuzzer"),
    fuzzer("JSONFuzzer"),
    fuzzer("VarlinkFuzzer", startingFrom: ["seeds", "good"]),
    fuzzer("PoliciesFuzzer"),
    fuzzer("FaultPlanFuzzer", startingFrom: ["seeds", "good"]),
    // What it reads belongs to the command line, which is no library: two links lead there.
    fuzzer("SetupFuzzer", startingFrom: ["seeds", "good"]),
]

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "understudy", path: "../..")],
    targets: fuzzers + [.target(name: "FuzzDriver", path: "FuzzDriver", swiftSettings: house)],
    swiftLanguageModes: [.v6]
)
