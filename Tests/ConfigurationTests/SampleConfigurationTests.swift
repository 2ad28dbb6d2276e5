import Foundation
import RuleLanguage
import TestSupport
import Testing

@testable import Configuration

/// samples/shrike.yaml is the documentation that an administrator edits: it has every key, and no other.
@Suite struct SampleConfigurationTests {
    private static let text: String = {
        let repository = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let sample = repository.appendingPathComponent("samples/shrike.yaml")
        return (try? String(contentsOf: sample, encoding: .utf8)) ?? ""
    }()

    /// The paths of the keys in it, those included that stand there as a comment (`# key:`).
    private static var paths: Set<String> {
        var found: Set<String> = []
        var levels: [(indentation: Int, name: Substring)] = []
        for line in text.split(separator: "\n") {
            let indentation = line.prefix { $0 == " " }.count
            var rest = line.dropFirst(indentation)
            if rest.hasPrefix("#") { rest = rest.dropFirst(rest.hasPrefix("# ") ? 2 : 1) }
            let name = rest.prefix { $0 == "_" || $0.isLowercase || $0.isNumber }
            guard rest.dropFirst(name.count).first == ":", name.first?.isLetter ?? false else { continue }
            levels.removeAll { $0.indentation >= indentation }
            levels.append((indentation, name))
            found.insert(levels.map(\.name).joined(separator: "."))
        }
        return found
    }

    /// The keys that do something; `rules_file` is an old name.
    private static let keys: [String] = ConfigurationKey.all.compactMap { key in
        if case .ignored = key.effect { return nil }
        return key.path == "rules_file" ? nil : key.path
    }

    @Test func `it has every key that does something`() {
        let missing = Self.keys.filter { !Self.paths.contains($0) }
        #expect(missing.isEmpty)
    }

    @Test func `it has every key of a network output and of an exception from a limit`() {
        let names =
            ConfigurationSchema.networkOutputProperties.map(\.0) + ConfigurationSchema.repeatOverrideProperties.map(\.0)
            + ConfigurationSchema.rateLimitOverrideProperties.map(\.0)
        let missing = names.filter { name in
            !Self.text.split(separator: "\n").contains { line in
                line.drop { "# -".contains($0) }.hasPrefix("\(name):")
            }
        }
        #expect(missing.isEmpty)
    }

    @Test func `it is accepted without a remark, and what it shows are the defaults`() {
        func load(_ text: String) -> ConfigurationLoader.Result {
            ConfigurationLoader(files: InventedFiles(texts: ["shrike.yaml": text]), environment: { _ in nil })
                .load(path: "shrike.yaml")
        }
        let sample = load(Self.text)
        #expect(sample.diagnostics.isEmpty, "\(sample.diagnostics.map(\.rendered))")
        var shown = sample.configuration
        let defaults = load("{}").configuration
        // What an administrator is shown an example of, without it being in effect, and what is on in a file to begin with.
        shown.outputs.file.target = defaults.outputs.file.target
        shown.outputs.file.keepsAlive = defaults.outputs.file.keepsAlive
        shown.outputs.program.target = defaults.outputs.program.target
        shown.outputs.standardOutput = defaults.outputs.standardOutput
        shown.processLimit = defaults.processLimit
        #expect(shown == defaults)
    }
}
