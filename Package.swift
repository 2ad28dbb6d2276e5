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

/// Nobody loads the program's symbols or loads it elsewhere than its segments say: without their names, and with relative relocations
/// packed (DT_RELR, which glibc knows since 2.36), it is a tenth smaller; another fiftieth where functions of the same code are one
/// (nothing here asks whether two functions are the same). The toolchain's own linker can do that.
let programLinking: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic",
            "-Xlinker", "--icf=all",
        ], .when(configuration: .release))
]

/// A library target and its tests; dependencies point down only (docs/architecture.md has the graph).
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: productSettings)
}

/// The same, for what alerts go through at most, or events only while somebody records them: small rather than fast.
func command(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies,
        swiftSettings: productSettings + [.unsafeFlags(["-Osize"], .when(configuration: .release))])
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
                "EventModel", "RuleLanguage", "YAMLTree", "RuleFiles", "RuleEngine", "AuditRecords", "BPFRecords",
                "NodeState",
                "EventFields", "EventSources", "Outputs", "AlertReduction", "Detection", "KernelInterface",
                "HealthServer", "Profiles", "ProgramCalls", "FuzzChecks",
            ]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // Pure: no I/O, and no system library but libyaml and RE2; tested without root.
        module("EventModel"),
        module("JSONTree"),
        command("RuleLanguage", ["JSONTree"]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        command("YAMLTree", ["CYAML"]),
        command("RuleFiles", ["RuleLanguage", "YAMLTree"]),
        .target(
            name: "CRE2",
            // Statically, so that a package built here installs where another version of the library is (its name changes
            // with each); SHRIKE_SHARED_RE2=1 where the static one is missing or needs more libraries.
            linkerSettings: [.linkedLibrary(Context.environment["SHRIKE_SHARED_RE2"] == "1" ? "re2" : ":libre2.a")]
        ),
        module("RuleEngine", ["CRE2", "EventModel", "RuleLanguage"]),
        module("AuditRecords", ["EventModel"]),

        // What workloads do, learned.
        module("Profiles", ["EventModel", "YAMLTree"]),

        // The kernel and the node.
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CCap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernel"),
        module("KernelInterface", ["CKernel", "CSeccomp", "CCap", "CZlib"]),
        // What the code of programs can do, without running it.
        module("ProgramCalls", ["KernelInterface"]),

        // eBPF: the programs, compiled by a step of the build; what they share with their readers (layouts of records and
        // maps); and the one module that knows libbpf, which is linked statically, so that no package of it need be installed.
        .plugin(name: "CompileBPF", capability: .buildTool()),
        .target(
            name: "BPFPrograms", exclude: ["bpf"], swiftSettings: productSettings,
            plugins: [.plugin(name: "CompileBPF")]
        ),
        .target(name: "CBPFRecords"),
        .target(
            name: "CBPF",
            linkerSettings: [.linkedLibrary(":libbpf.a"), .linkedLibrary(":libelf.a"), .linkedLibrary("z")]
        ),
        module("BPFRecords", ["CBPFRecords", "EventModel"]),
        module("BPFFilter", ["CBPFRecords", "EventModel"]),
        module("BPFRuntime", ["BPFPrograms", "CBPF", "CBPFRecords", "KernelInterface"]),
        // Ed25519, statically: so that no package of the library need be installed.
        .target(name: "CSodium", linkerSettings: [.linkedLibrary(":libsodium.a")]),
        command("ProfileStorage", ["CSodium", "KernelInterface", "Profiles"]),
        // The packages of hosts that have RPM.
        command("RPMDatabase", ["CSQLite"]),
        module("NodeState", ["EventModel", "JSONTree", "KernelInterface", "RPMDatabase"]),
        // What a live run saw and was answered, to be run again.
        command("Recording", ["EventModel", "KernelInterface", "NodeState"]),
        module("EventFields", ["EventModel", "NodeState", "Profiles"]),
        module("Learning", ["EventFields", "EventModel", "NodeState", "Profiles"]),
        module(
            "EventSources",
            [
                "AuditRecords", "BPFFilter", "BPFRecords", "BPFRuntime", "CBPFRecords", "EventModel", "KernelInterface",
                "NodeState",
            ]
        ),
        module("Outputs", ["EventModel", "JSONTree", "KernelInterface"]),

        // Delivery over the network: the spool, and the program without privileges that empties it. Only that one has libcurl.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CCurlShim", dependencies: ["CCurl"]),
        command("Spool", ["EventModel", "KernelInterface", "CSQLite"]),
        command("ForwarderProtocol", ["EventModel", "KernelInterface", "Outputs"]),
        module(
            "Forwarder",
            [
                "EventModel", "ForwarderProtocol", "JSONTree", "KernelInterface", "Outputs", "Spool", "CCurl",
                "CCurlShim",
            ]
        ),
        .executableTarget(
            name: "shrike-forward", dependencies: ["Forwarder"], swiftSettings: productSettings,
            linkerSettings: programLinking),

        command("HealthServer", ["KernelInterface"]),

        // From events to alerts.
        module("AlertReduction", ["EventModel", "Outputs", "RuleEngine"]),
        module(
            "Detection",
            [
                "AlertReduction", "EventFields", "EventModel", "EventSources", "Learning", "NodeState", "Outputs",
                "Profiles", "Recording", "RuleEngine",
            ]
        ),
        command("InternalAlerts", ["EventModel"]),

        // What the user wrote, and what the user is told.
        command("CommandOutput", ["EventModel", "JSONTree", "Outputs"]),
        command(
            "Configuration",
            [
                "AlertReduction", "CommandOutput", "EventModel", "EventSources", "ForwarderProtocol", "HealthServer",
                "KernelInterface", "NodeState", "Outputs", "ProfileStorage", "Profiles", "RuleEngine", "RuleLanguage",
                "YAMLTree",
            ]
        ),
        // The rules in rules/, so that the binary needs no file beside it.
        .target(name: "CDefaultRules", exclude: ["rules"]),
        module(
            "ConfiguredRules",
            [
                "CDefaultRules", "Configuration", "EventFields", "EventModel", "EventSources", "KernelInterface",
                "RuleEngine",
                "RuleFiles", "RuleLanguage",
            ]
        ),
        // Tests of rules: what must and what must not raise an alert.
        command(
            "RuleTesting",
            [
                "AlertReduction", "Configuration", "ConfiguredRules", "Detection", "EventFields", "EventModel",
                "EventSources", "JSONTree", "KernelInterface", "NodeState", "Outputs", "Recording", "RuleEngine",
                "RuleLanguage", "YAMLTree",
            ]
        ),
        // From alerts that were false to exceptions.
        command(
            "Tuning",
            [
                "Configuration", "ConfiguredRules", "Detection", "EventModel", "JSONTree", "KernelInterface",
                "Recording",
                "RuleEngine", "RuleLanguage", "RuleTesting",
            ]
        ),
        // What a workload needs, from what was seen of it and what its programs can do.
        command(
            "LeastPrivilege",
            [
                "AuditRecords", "CommandOutput", "EventModel", "JSONTree", "KernelInterface", "Learning", "NodeState",
                "Profiles", "ProgramCalls",
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
                "InternalAlerts", "JSONTree", "KernelInterface", "Learning", "NodeState", "Outputs", "ProfileStorage",
                "Profiles",
                "Recording", "RuleEngine", "RuleLanguage",
                "RuleTesting", "Spool",
            ]
        ),
        command(
            "Reports",
            [
                "AuditRecords", "CommandOutput", "Configuration", "ConfiguredRules", "Detection", "EventFields",
                "EventModel", "EventSources", "InternalAlerts", "JSONTree", "KernelInterface", "LeastPrivilege",
                "NodeState", "Outputs", "ProfileStorage", "Profiles", "ProgramCalls", "Recording", "RuleEngine",
                "RuleLanguage",
                "RuleTesting", "Spool", "Tuning",
            ]
        ),
        command(
            "Doctor",
            [
                "CommandOutput", "Configuration", "ConfiguredRules", "EventModel", "EventSources", "JSONTree",
                "KernelInterface", "Outputs", "RuleEngine", "RuleLanguage",
            ]
        ),
        command(
            "SelfTest",
            [
                "CommandOutput", "Configuration", "ConfiguredRules", "EventModel", "EventSources", "JSONTree",
                "KernelInterface", "Outputs", "RuleEngine", "RuleLanguage",
            ]
        ),
        command(
            "Bench",
            [
                "CommandOutput", "Configuration", "Delivery", "EventModel", "JSONTree", "KernelInterface", "Outputs",
                "RuleLanguage", "Spool",
            ]
        ),
        .executableTarget(
            name: "shrike",
            dependencies: [
                "Bench", "CommandOutput", "Configuration", "Daemon", "Doctor", "EventModel", "EventSources",
                "ForwarderProtocol", "LeastPrivilege", "NodeState", "Reports", "RuleEngine", "RuleLanguage", "SelfTest",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings,
            linkerSettings: programLinking
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

        .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: settings),
        // What the fuzzers in Fuzz and the tests check alike.
        .target(
            name: "FuzzChecks",
            dependencies: [
                "BPFRecords", "CBPFRecords", "EventModel", "HealthServer", "NodeState", "ProgramCalls", "Recording",
            ],
            path: "Tests/FuzzChecks", swiftSettings: settings),
        .target(
            name: "TestNode", dependencies: ["KernelInterface", "NodeState"], path: "Tests/TestNode",
            swiftSettings: settings),

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
            dependencies: ["EventFields", "EventModel", "KernelInterface", "Learning", "NodeState", "Profiles"],
            path: "Benchmarks/Sources/StateBenchmark",
            swiftSettings: settings
        ),

        tests("EventModel", ["SeededRandom"]),
        tests("RuleLanguage"),
        tests("YAMLTree"),
        tests("Profiles", ["SeededRandom"]),
        tests("RuleFiles", ["RuleLanguage", "YAMLTree"]),
        tests("RuleEngine", ["EventModel", "RuleLanguage", "RuleFiles", "EventFields", "SeededRandom"]),
        tests("AuditRecords", ["EventModel", "SeededRandom"], resources: [.copy("Fixtures")]),
        tests("BPFRecords", ["CBPFRecords", "EventModel", "FuzzChecks", "SeededRandom"]),
        tests("BPFFilter", ["CBPFRecords", "EventModel", "SeededRandom"]),
        tests("KernelInterface", ["TestSupport"]),
        tests("ProgramCalls", ["FuzzChecks", "KernelInterface", "SeededRandom"]),
        tests("BPFRuntime", ["BPFPrograms", "CBPF", "CBPFRecords", "KernelInterface"], resources: [.copy("Programs")]),
        tests("RPMDatabase", ["CSQLite", "SeededRandom"], resources: [.copy("Fixtures")]),
        tests("NodeState", ["EventModel", "JSONTree", "KernelInterface", "SeededRandom", "TestNode"]),
        tests("ProfileStorage", ["KernelInterface", "Profiles"]),
        tests("Recording", ["EventModel", "FuzzChecks", "KernelInterface", "NodeState", "SeededRandom", "TestNode"]),
        tests("EventFields", ["EventModel", "NodeState", "TestNode"]),
        tests("Learning", ["EventFields", "EventModel", "NodeState", "Profiles", "TestNode"]),
        tests(
            "EventSources",
            [
                "AuditRecords", "BPFFilter", "BPFRecords", "BPFRuntime", "CBPFRecords", "EventModel", "KernelInterface",
                "NodeState",
            ]),
        tests("Outputs", ["EventModel", "JSONTree", "KernelInterface"]),
        tests("HealthServer", ["FuzzChecks", "KernelInterface"]),
        tests("Spool", ["EventModel"]),
        tests(
            "Forwarder",
            [
                "Delivery", "EventModel", "ForwarderProtocol", "JSONTree", "KernelInterface", "Outputs", "Spool",
                "shrike", "shrike-forward",
            ],
            resources: [.copy("Receiver")]
        ),
        tests("AlertReduction", ["EventModel", "SeededRandom"]),
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
        tests(
            "RuleTesting",
            [
                "Configuration", "ConfiguredRules", "EventFields", "EventModel", "KernelInterface", "RuleEngine",
                "RuleLanguage", "TestSupport",
            ]
        ),
        tests("Tuning"),
        tests("Delivery", ["KernelInterface"]),
        tests(
            "LeastPrivilege",
            [
                "AuditRecords", "CommandOutput", "EventModel", "KernelInterface", "NodeState", "Profiles",
                "ProgramCalls", "RuleEngine", "TestNode", "TestSupport", "YAMLTree",
            ],
            resources: [.copy("Programs")]
        ),
        tests(
            "Detection",
            [
                "AlertReduction", "AuditRecords", "EventFields", "EventModel", "EventSources", "Learning", "NodeState",
                "Profiles",
                "RuleEngine", "TestNode", "TestSupport",
            ],
            resources: [.copy("Fixtures")]
        ),
        tests(
            "Reports",
            [
                "CommandOutput", "Configuration", "ConfiguredRules", "EventFields", "EventModel", "InternalAlerts",
                "ProfileStorage", "Profiles", "RuleEngine", "RuleLanguage", "RuleTesting", "TestSupport",
            ]
        ),
        tests(
            "Doctor",
            [
                "CommandOutput", "Configuration", "ConfiguredRules", "EventModel", "EventSources", "KernelInterface",
                "RuleLanguage",
                "TestSupport",
            ]
        ),
        tests(
            "SelfTest",
            ["Configuration", "ConfiguredRules", "EventModel", "EventSources", "KernelInterface", "TestSupport"]
        ),
        tests("Bench", ["Configuration", "EventModel", "Outputs", "Spool"]),
        tests(
            "Daemon",
            [
                "AlertReduction", "AuditRecords", "CommandOutput", "Configuration", "ConfiguredRules", "Delivery",
                "Detection", "EventModel", "EventSources", "HealthServer", "KernelInterface", "NodeState", "Outputs",
                "ProfileStorage",
                "Profiles", "Recording",
                "RuleLanguage", "Spool", "TestNode", "TestSupport",
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
            dependencies: ["SeededRandom", "shrike", "shrike-forward"],
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
    package.targets.removeAll { !wanted.contains($0.name) && $0.type != .plugin }
    package.products.removeAll()
}
