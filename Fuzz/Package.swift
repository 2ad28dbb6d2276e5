// swift-tools-version: 6.2
import PackageDescription

/// libFuzzer targets for whatever reads outside input. Build and run with `Fuzz/run SECONDS`.
let settings: [SwiftSetting] = [.unsafeFlags(["-parse-as-library"])]

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "shrike", path: "..")],
    targets: ["FuzzRules", "FuzzMatch", "FuzzAudit", "FuzzBPF", "FuzzReplay", "FuzzHealth", "FuzzState", "FuzzProfiles", "FuzzPrograms", "FuzzRecording"].map { name in
        .executableTarget(
            name: name,
            dependencies: [.product(name: "ShrikeCore", package: "shrike")],
            swiftSettings: settings
        )
    },
    swiftLanguageModes: [.v6]
)
