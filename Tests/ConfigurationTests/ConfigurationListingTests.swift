import CommandOutput
import ForwarderProtocol
import Foundation
import NodeState
import RuleLanguage
import TestSupport
import Testing

@testable import Configuration

/// `shrike config`: what it shows can be loaded again, and the schema is the table of keys.
@Suite struct ConfigurationListingTests {
    private func load(_ text: String) -> ConfigurationLoader.Result {
        ConfigurationLoader(files: InventedFiles(texts: ["shrike.yaml": text]), environment: { _ in "token" })
            .load(path: "shrike.yaml")
    }

    private static let further = [
        "shrike: {outputs: [{name: a, url: https://a.example/x, shape: template, template: \"{\\\"r\\\": \\\"{{rule}}\\\"}\", "
            + "tls: {verify: false, ca_file: /ca}, rules: ['A *'], tags: [x, 'y z'], bearer_token_env: TOKEN}]}",
        "append_output: [{match: {rule: 'A: b', tags: [t]}, extra_output: 'at %proc.name #1', extra_fields: [proc.pid, "
            + "{k: 'v \"%evt.type\"'}], suggested_output: true}]",
        "rules: [{disable: {rule: '*'}}, {enable: {tag: network}}]",
        "static_fields: {'yes': 'no', text: \"a\\nb\\u0085 ${X}\", price: '$${X}', empty: ''}",
        "shrike: {sources: [connector, scan, audit-log], spool: {max_age: 1h30m}, host_root: /host}",
        "file_output: {enabled: true, filename: ' a file: # with everything'}",
    ]

    @Test(arguments: (KeyCase.all + KeyCase.networkOutputs).map(\.text) + further)
    func `what is shown is read as the same configuration`(text: String) {
        let first = load(text)
        let shown = first.configuration.listing.yaml
        let second = load(shown)
        #expect(second.diagnostics.isEmpty, "\(shown) \(second.diagnostics.map(\.rendered))")
        var expected = first.configuration
        // What depends on others or on the table itself is shown as it comes out.
        expected.outputs.standardOutput = expected.outputs.usesStandardOutput
        expected.processLimit = expected.processLimit ?? NodeStateOptions().processLimit
        for output in expected.outputs.network.indices {
            guard case .webhook(var webhook) = expected.outputs.network[output].kind else { continue }
            for header in webhook.headers.indices { webhook.headers[header].value = Configuration.hidden }
            expected.outputs.network[output].kind = .webhook(webhook)
        }
        #expect(unplaced(second.configuration) == unplaced(expected), "\(shown)")
    }

    @Test func `the values of headers are not shown`() {
        let text = "shrike: {outputs: [{name: a, url: https://a.example, headers: {Authorization: sesame}}]}"
        let shown = load(text).configuration.listing.yaml
        #expect(!shown.contains("sesame"))
        #expect(shown.contains("Authorization: \"(hidden)\""))
    }

    @Test func `every key that has an effect has a meaning and no other has`() {
        let active = ConfigurationKey.all.filter { if case .ignored = $0.effect { false } else { true } }
        #expect(Set(active.map(\.path)) == Set(ConfigurationKey.meanings.keys))
    }

    @Test func `the schema knows the keys of a network output`() {
        let keys =
            ConfigurationReader.networkOutputKeys + ConfigurationReader.webhookKeys + ConfigurationReader.syslogKeys
        #expect(Set(ConfigurationSchema.networkOutputProperties.map(\.0)) == Set(keys))
    }

    @Test func `the schema knows the keys of overrides`() {
        #expect(
            Set(ConfigurationSchema.repeatOverrideProperties.map(\.0)) == Set(ConfigurationReader.repeatOverrideKeys))
        let limits = ConfigurationSchema.rateLimitOverrideProperties.map(\.0)
        #expect(Set(limits) == Set(ConfigurationReader.rateLimitOverrideKeys))
    }

    @Test func `the shipped schema is the program's`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shipped = try Data(contentsOf: root.appendingPathComponent("docs/shrike.schema.json"))
        #expect(Data(ConfigurationSchema.tree.json.utf8) == shipped, "write it with: shrike config schema")
        let schema = try #require(try JSONSerialization.jsonObject(with: shipped) as? [String: Any])
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        for key in ConfigurationKey.all {
            var level: [String: [String: Any]]? = properties
            let path = key.path.split(separator: ".").map(String.init)
            for name in path.dropLast() { level = level?[name]?["properties"] as? [String: [String: Any]] }
            #expect(level?[path.last ?? ""] != nil, "\(key.path)")
        }
    }

    @Test(arguments: [("90", 90), ("1h30m", 5400), ("500ms500ms", 60), ("2m", 120)])
    func `times have units`(text: String, seconds: Int) {
        let result = load("shrike: {spool: {max_age: \(text)}}")
        // The shortest time that this key takes is a minute.
        #expect(result.hasErrors == (text == "500ms500ms"))
        if !result.hasErrors { #expect(result.configuration.outputs.spool.maximumAgeSeconds == seconds) }
    }

    @Test(arguments: ["", "h", "1.5h", "-5m", "1500ms", "9999999999999999999d", "99999999999999999d", "1h x", "1٣m"])
    func `what is no time is an error`(text: String) {
        #expect(load("shrike: {spool: {max_age: '\(text)'}}").hasErrors)
    }
}
