import ArgumentParser
import Testing

@testable import shrike

struct NormalizerCase: Sendable, CustomTestStringConvertible {
    let line: String
    let expected: String
    var testDescription: String { line }

    init(_ line: String, _ expected: String) { (self.line, self.expected) = (line, expected) }

    static let all = [
        NormalizerCase("", "run"),
        NormalizerCase("run", "run"),
        NormalizerCase("-c f.yaml", "run -c=f.yaml"),
        NormalizerCase("-cf.yaml", "run -c=f.yaml"),
        NormalizerCase("-c=f.yaml", "run -c=f.yaml"),
        NormalizerCase("-r a -r b -o x=y", "run -r=a -r=b -o=x=y"),
        NormalizerCase("-vU", "run -v -U"),
        NormalizerCase("-vUr a.yaml", "run -v -U -r=a.yaml"),
        NormalizerCase("-UM 5", "run -U -M=5"),
        NormalizerCase("-pc", "run -p=c"),
        NormalizerCase("-p -x", "run -p=-x"),
        NormalizerCase("-c", "run -c"),
        NormalizerCase("-x", "run -x"),
        NormalizerCase("-vxU", "run -vxU"),
        NormalizerCase("--list", "run --list"),
        NormalizerCase("--list=syscall -N", "run --list --list-source=syscall -N"),
        NormalizerCase("--dry-run --option a=b", "run --dry-run --option a=b"),
        NormalizerCase("--version", "--version"),
        NormalizerCase("--help", "--help"),
        NormalizerCase("-h", "-h"),
        NormalizerCase("help rules", "help rules"),
        NormalizerCase("replay -ra.yaml - x.log", "replay -r=a.yaml - x.log"),
        NormalizerCase("replay -- -strange", "replay -- -strange"),
        NormalizerCase("rules check -r", "rules check -r"),
        NormalizerCase("rules", "rules"),
        NormalizerCase("rules --help", "rules --help"),
        NormalizerCase("fields proc.name --json", "fields proc.name --json"),
    ]
}

@Suite struct ArgumentNormalizerTests {
    @Test(arguments: NormalizerCase.all)
    func `Falco's ways of writing options become the parser's`(_ c: NormalizerCase) throws {
        let words = c.line.split(separator: " ").map(String.init)
        #expect(try ArgumentNormalizer.normalize(words).joined(separator: " ") == c.expected)
    }

    @Test(arguments: ["--version", "--help", "--verbose", "--validate", "---completion run -- x", "--no-such-thing"])
    func `an option that is meant as it stands is no misspelt one`(_ line: String) {
        #expect(throws: Never.self) { try ArgumentNormalizer.normalize(line.split(separator: " ").map(String.init)) }
    }

    @Test func `every command that the help lists can be reached`() throws {
        for command in Shrike.configuration.subcommands {
            let name = try #require(command.configuration.commandName)
            let inner = command.configuration.subcommands.map { $0.configuration.commandName }
            for inner in [nil] + inner {
                let words = [name] + (inner.map { [$0] } ?? [])
                #expect(throws: Never.self, "\(words)") { try ArgumentNormalizer.normalize(words) }
            }
        }
        #expect(ArgumentNormalizer.commands["rules"]?.contains("cost") == true)
    }

    @Test(
        arguments: [
            ("rulse", "rules"), ("replya x", "replay"), ("rules chekc x", "rules check"), ("frobnicate", nil),
            ("rules frobnicate", nil), ("--versoin", "--version"), ("--hlep", "--help"),
        ] as [(String, String?)])
    func `an unknown command is refused with a suggestion`(_ line: String, _ suggestion: String?) {
        let error = #expect(throws: ArgumentNormalizer.UnknownCommand.self) {
            try ArgumentNormalizer.normalize(line.split(separator: " ").map(String.init))
        }
        #expect(error?.suggestion == suggestion)
    }
}
