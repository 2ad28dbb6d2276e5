import Foundation
import Testing

/// What is installed: configuration, man page, package. The program is the one of the tests, so that none need be built.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndPackagingTests {
    private static func path(_ relative: String) -> String {
        EndToEndServiceTests.repository.appendingPathComponent(relative).path
    }

    @Test func `the sample configuration is accepted without a remark`() throws {
        let result = try ShrikeProcess.run(["-L", "-c", Self.path("samples/shrike.yaml")])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty, "\(result.errors)")
    }

    @Test func `the man page has every command and no error of roff`() throws {
        let page = try Command.shell(
            "\(ShrikeProcess.binary.path) --experimental-dump-help | python3 \(Self.path("scripts/make-man"))")
        #expect(page.status == 0)
        for text in ["\\fB\\-\\-rules\\-file\\fR", ".SS shrike rules check", ".SH EXIT STATUS"] {
            #expect(page.output.contains(text), "no '\(text)'")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `the package installs, runs, upgrades and leaves nothing behind`() throws {
        try Command.withDirectory { directory in
            let built = try Command.run(
                Self.path("scripts/build-deb"), [directory],
                environment: ["BINARY": ShrikeProcess.binary.path, "COMPRESSION": "none"])
            try #require(built.status == 0, "\(built.output)")
            let installed = try Command.shell("\(Self.path("Tests/packaging/install-deb")) \(directory)/shrike_*.deb")
            #expect(installed.status == 0, "\(installed.output)")
            #expect(installed.output.contains("the package is good"))
            // Releases' own archives, without the later updates that this machine has. 77: no list of packages is to be had here.
            for release in ["bookworm", "trixie"] {
                let simulated = try Command.shell(
                    "\(Self.path("Tests/packaging/simulate-install")) \(directory)/shrike_*.deb \(release)")
                #expect(simulated.status == 0 || simulated.status == 77, "\(release): \(simulated.output)")
            }
        }
    }

    @Test func `the alert rules for Prometheus are valid and do what they say`() throws {
        let rules = Self.path("samples/prometheus")
        let checked = try Command.shell(
            "promtool check rules \(rules)/shrike-alerts.yaml && promtool test rules \(rules)/shrike-alerts.test.yaml")
        #expect(checked.status == 0, "\(checked.output)")
    }

    @Test(.timeLimit(.minutes(5)))
    func `the Kubernetes samples and the Helm chart satisfy Kubernetes' schema and keep what they promise`() throws {
        let checked = try Command.run(
            Self.path("Tests/packaging/python"),
            [Self.path("Tests/packaging/check_kubernetes.py"), ShrikeProcess.binary.path])
        #expect(checked.status == 0, "\(checked.output)")
    }
}
