// swift-tools-version: 6.2
import PackageDescription

/// Measures Shrike's stages inside one process. Run with `Benchmarks/run`.
let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "shrike", path: "..")],
    targets: [
        .executableTarget(
            name: "StageBenchmark",
            dependencies: [.product(name: "ShrikeCore", package: "shrike")]
        )
    ],
    swiftLanguageModes: [.v6]
)
