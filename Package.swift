// swift-tools-version: 6.2
import PackageDescription

/// CI sets this; a newcomer's compiler may know warnings that ours does not.
let warningsAreErrors = Context.environment["SHRIKE_WARNINGS_AS_ERRORS"] == "1"

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// An expression that takes the compiler longer than these milliseconds is to be written out: one of them once took 14 s of
/// every build. Not for tests, whose tables grow without costing a user anything.
let productSettings =
    settings
    + (warningsAreErrors ? [.unsafeFlags(["-Xfrontend", "-warn-long-expression-type-checking=300"])] : [])

/// A library target and its tests; dependencies point down only (docs/architecture.md has the graph).
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: productSettings)
}

func tests(_ module: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(module)Tests",
        dependencies: [.byName(name: module)] + dependencies,
        resources: resources,
        swiftSettings: settings
    )
}

let package = Package(
    name: "shrike",
    products: [
        .executable(name: "shrike", targets: ["shrike"]),
        .executable(name: "shrike-forward", targets: ["shrike-forward"]),
        // For the package in Fuzz.
        .library(
            name: "ShrikeCore",
            targets: [
                "EventModel", "RuleLanguage", "YAMLTree", "RuleFiles", "RuleEngine", "AuditRecords", "NodeState",
                "EventFields", "EventSources", "Outputs", "AlertReduction", "Detection", "KernelInterface",
                "HealthServer",
            ]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // Pure: no I/O, and no system library but libyaml and RE2; tested without root.
        module("EventModel"),
        module("RuleLanguage"),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        module("YAMLTree", ["CYAML"]),
        module("JSONTree"),
        module("RuleFiles", ["RuleLanguage", "YAMLTree"]),
        .target(
            name: "CRE2",
            // Statically, so that a package built here installs where another version of the library is (its name changes
            // with each); SHRIKE_SHARED_RE2=1 where the static one is missing or needs more libraries.
            linkerSettings: [.linkedLibrary(Context.environment["SHRIKE_SHARED_RE2"] == "1" ? "re2" : ":libre2.a")]
        ),
        module("RuleEngine", ["CRE2", "EventModel", "RuleLanguage"]),
        module("AuditRecords", ["EventModel"]),

        // The kernel and the node.
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CCap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernel"),
        module("KernelInterface", ["CKernel", "CSeccomp", "CCap", "CZlib"]),
        module("NodeState", ["EventModel", "JSONTree", "KernelInterface"]),
        module("EventFields", ["EventModel", "NodeState"]),
        module("EventSources", ["EventModel", "AuditRecords", "NodeState", "KernelInterface"]),
        module("Outputs", ["EventModel", "KernelInterface"]),

        // Delivery over the network: the spool, and the program without privileges that empties it. Only that one has libcurl.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CCurlShim", dependencies: ["CCurl"]),
        module("Spool", ["EventModel", "KernelInterface", "CSQLite"]),
        module("ForwarderProtocol", ["EventModel", "KernelInterface", "Outputs"]),
        module(
            "Forwarder",
            [
                "EventModel", "ForwarderProtocol", "JSONTree", "KernelInterface", "Outputs", "Spool", "CCurl",
                "CCurlShim",
            ]
        ),
        .executableTarget(name: "shrike-forward", dependencies: ["Forwarder"], swiftSettings: productSettings),

        module("HealthServer", ["KernelInterface"]),

        // From events to alerts.
        module("AlertReduction", ["EventModel", "Outputs", "RuleEngine"]),
        module(
            "Detection",
            ["AlertReduction", "EventFields", "EventModel", "EventSources", "NodeState", "Outputs", "RuleEngine"]
        ),
        module("InternalAlerts", ["EventModel"]),

        // What the user wrote, and what the user is told.
        module("CommandOutput", ["EventModel", "Outputs"]),
        module(
            "Configuration",
            [
                "AlertReduction", "CommandOutput", "EventModel", "EventSources", "ForwarderProtocol", "HealthServer",
                "KernelInterface", "NodeState", "Outputs", "RuleEngine", "RuleLanguage", "YAMLTree",
            ]
        ),
        // The rules in rules/, so that the binary needs no file beside it.
        .target(name: "CDefaultRules", exclude: ["DefaultRules.yaml"]),
        module(
            "ConfiguredRules",
            [
                "CDefaultRules", "Configuration", "EventFields", "EventModel", "EventSources", "KernelInterface",
                "RuleEngine",
                "RuleFiles", "RuleLanguage",
            ]
        ),
        module(
            "Delivery",
            [
                "Configuration", "EventModel", "ForwarderProtocol", "InternalAlerts", "KernelInterface", "Outputs",
                "Spool",
            ]
        ),

        // The whole: what runs, and what commands show.
        module(
            "Daemon",
            [
                "AlertReduction", "AuditRecords", "CommandOutput", "Configuration", "ConfiguredRules", "Delivery",
                "Detection", "EventFields", "EventModel", "EventSources", "ForwarderProtocol", "HealthServer",
                "InternalAlerts", "KernelInterface", "NodeState", "Outputs", "RuleEngine", "RuleLanguage", "Spool",
            ]
        ),
        module(
            "Reports",
            [
                "CommandOutput", "Configuration", "ConfiguredRules", "EventFields", "EventModel", "EventSources",
                "KernelInterface", "Outputs", "RuleEngine", "RuleLanguage", "Spool",
            ]
        ),
        module(
            "Doctor",
            [
                "CommandOutput", "Configuration", "ConfiguredRules", "EventModel", "EventSources", "KernelInterface",
                "Outputs", "RuleEngine", "RuleLanguage",
            ]
        ),
        module(
            "Bench",
            [
                "CommandOutput", "Configuration", "Delivery", "EventModel", "KernelInterface", "Outputs",
                "RuleLanguage", "Spool",
            ]
        ),
        .executableTarget(
            name: "shrike",
            dependencies: [
                "Bench", "CommandOutput", "Configuration", "Daemon", "Doctor", "EventModel", "EventSources",
                "ForwarderProtocol", "Reports", "RuleEngine", "RuleLanguage",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),

        // For tests only.
        .target(
            name: "TestSupport",
            dependencies: [
                "Configuration", "EventFields", "EventModel", "KernelInterface", "RuleEngine", "RuleFiles",
                "RuleLanguage",
            ],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),

        // Benchmarks/run measures with it; here, so that it is built with the rest, from the same objects.
        .executableTarget(
            name: "StageBenchmark",
            dependencies: [
                "AuditRecords", "Detection", "EventFields", "EventModel", "EventSources", "NodeState", "RuleEngine",
                "RuleFiles", "RuleLanguage",
            ],
            path: "Benchmarks/Sources/StageBenchmark",
            swiftSettings: settings
        ),
        // The same for Benchmarks/growth.
        .executableTarget(
            name: "StateBenchmark",
            dependencies: ["EventFields", "EventModel", "KernelInterface", "NodeState"],
            path: "Benchmarks/Sources/StateBenchmark",
            swiftSettings: settings
        ),

        tests("EventModel"),
        tests("RuleLanguage"),
        tests("YAMLTree"),
        tests("RuleFiles", ["RuleLanguage", "YAMLTree"]),
        tests("RuleEngine", ["EventModel", "RuleLanguage", "RuleFiles", "EventFields"]),
        tests("AuditRecords", ["EventModel"], resources: [.copy("Fixtures")]),
        tests("KernelInterface"),
        tests("NodeState", ["EventModel", "JSONTree", "KernelInterface"]),
        tests("EventFields", ["EventModel", "NodeState"]),
        tests("EventSources", ["EventModel", "AuditRecords", "NodeState", "KernelInterface"]),
        tests("Outputs", ["EventModel", "KernelInterface"]),
        tests("HealthServer", ["KernelInterface"]),
        tests("Spool", ["EventModel"]),
        tests(
            "Forwarder",
            [
                "Delivery", "EventModel", "ForwarderProtocol", "JSONTree", "KernelInterface", "Outputs", "Spool",
                "shrike", "shrike-forward",
            ],
            resources: [.copy("Receiver")]
        ),
        tests("AlertReduction", ["EventModel"]),
        tests("CommandOutput"),
        tests(
            "Configuration",
            [
                "AlertReduction", "CommandOutput", "EventModel", "EventSources", "ForwarderProtocol", "KernelInterface",
                "NodeState", "Outputs", "RuleEngine", "RuleLanguage", "TestSupport",
            ],
            resources: [.copy("Fixtures")]
        ),
        tests(
            "ConfiguredRules",
            [
                "AlertReduction", "Configuration", "EventModel", "KernelInterface", "RuleEngine", "RuleLanguage",
                "TestSupport",
            ]
        ),
        tests("Delivery", ["KernelInterface"]),
        tests(
            "Detection",
            [
                "AlertReduction", "AuditRecords", "EventFields", "EventModel", "EventSources", "NodeState",
                "RuleEngine",
                "TestSupport",
            ],
            resources: [.copy("Fixtures")]
        ),
        tests(
            "Reports", ["CommandOutput", "Configuration", "ConfiguredRules", "EventFields", "EventModel", "RuleEngine"]
        ),
        tests(
            "Doctor",
            [
                "CommandOutput", "Configuration", "ConfiguredRules", "EventModel", "EventSources", "KernelInterface",
                "RuleLanguage",
                "TestSupport",
            ]
        ),
        tests("Bench", ["Configuration", "EventModel", "Outputs", "Spool"]),
        tests(
            "Daemon",
            [
                "AlertReduction", "AuditRecords", "CommandOutput", "Configuration", "ConfiguredRules", "Delivery",
                "Detection", "EventModel", "EventSources", "HealthServer", "KernelInterface", "NodeState", "Outputs",
                "RuleLanguage", "Spool", "TestSupport",
            ]
        ),
        tests(
            "shrike",
            [
                "Bench", "CommandOutput", "Configuration", "Daemon", "EventModel", "EventSources", "RuleEngine",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["shrike", "shrike-forward"],
            resources: [.copy("Attacks"), .copy("Programs")],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// While one works on a few modules: SHRIKE_ONLY=NodeState,EventFields builds those, what they need, and their tests.
if let only = Context.environment["SHRIKE_ONLY"], !only.isEmpty {
    var wanted = Set(only.split(separator: ",").flatMap { [String($0), "\($0)Tests"] })
    var count = 0
    while count != wanted.count {
        count = wanted.count
        for target in package.targets where wanted.contains(target.name) {
            for dependency in target.dependencies {
                switch dependency {
                case .targetItem(let name, _), .byNameItem(let name, _): wanted.insert(name)
                default: break
                }
            }
        }
    }
    package.targets.removeAll { !wanted.contains($0.name) }
    package.products.removeAll()
}
