import EventModel
import Foundation
import RuleEngine
import RuleLanguage
import TestSupport
import Testing

@testable import Configuration

/// The configuration file that Falco ships, key by key.
@Suite struct FalcoConfigurationTests {
    /// The keys in it that mean nothing here.
    private static let withoutEffect = [
        "engine", "load_plugins", "plugins", "plugins_hostinfo", "webserver.threadiness",
        "webserver.ssl_certificate", "log_stderr", "log_syslog", "libs_logger",
        "syscall_event_timeouts", "syscall_event_drops", "metrics.output_file",
        "metrics.kernel_event_counters_per_cpu_enabled", "metrics.libbpf_stats_enabled",
        "metrics.plugins_metrics_enabled", "metrics.kernel_iter_event_counters_enabled",
        "metrics.jemalloc_stats_enabled", "base_syscalls", "falco_libs",
    ]

    private func load() throws -> ConfigurationLoader.Result {
        let file = try #require(
            Bundle.module.url(forResource: "falco-0.44", withExtension: "yaml", subdirectory: "Fixtures"))
        let text = try String(contentsOf: file, encoding: .utf8)
        return ConfigurationLoader(files: InventedFiles(texts: ["falco.yaml": text]), environment: { _ in nil })
            .load(path: "falco.yaml", overrides: [])
    }

    @Test func `it is accepted, with one warning for each key that means nothing here`() throws {
        let result = try load()
        #expect(!result.hasErrors)
        let warned = result.diagnostics.compactMap { diagnostic in
            diagnostic.message.wholeMatch(of: /'([^']+)' has no effect: .+/).map { String($0.output.1) }
        }
        #expect(warned == Self.withoutEffect)
        // Its directory of included files comes with it, and is not here.
        #expect(result.diagnostics.first?.message.hasPrefix("'config_files': there is no file or directory ") == true)
        #expect(result.diagnostics.count == warned.count + 1, "\(result.diagnostics.map(\.message))")
    }

    @Test func `each warning stands at its key`() throws {
        for (diagnostic, key) in zip(try load().diagnostics.dropFirst(), Self.withoutEffect) {
            #expect(diagnostic.severity == .warning)
            #expect(diagnostic.location.column == (key.contains(".") ? 3 : 1), "\(key)")
        }
    }

    @Test func `what means something here has that effect`() throws {
        let configuration = try load().configuration
        #expect(configuration.rulesFiles?.count == 3 && !configuration.mustRulesFilesExist)
        #expect(configuration.outputs.standardOutput == true && configuration.outputs.syslog)
        #expect(!configuration.outputs.http.isEnabled && !configuration.outputs.program.isEnabled)
        #expect(configuration.outputAdditions.map(\.addsSuggestedFields) == [true])
        #expect(configuration.webServer.isEnabled && configuration.webServer.address == "0.0.0.0")
        #expect(!configuration.metrics.isEnabled && configuration.metrics.intervalMilliseconds == 3_600_000)
        #expect(configuration.priorityThreshold == .debug && configuration.logLevel == .informational)
        #expect(configuration.watchesFiles && configuration.ruleMatching == .first)
    }
}
