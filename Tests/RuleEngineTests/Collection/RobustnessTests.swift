import RuleEngine
import RuleFiles
import RuleLanguage
import SeededRandom
import Testing

/// Rules text that was broken at random neither crashes nor hangs the loader.
@Suite struct RobustnessTests {

    private static let seed = """
        - required_engine_version: 0.31.0
        - required_plugin_versions: [{name: container, version: 0.4.0}]
        - list: shells
          items: [bash, "z sh", &a ksh]
        - list: more
          items: [shells, *a]
        - macro: spawned
          condition: (evt.type in (execve, execveat) and proc.name in (shells))
        - rule: Shell é
          desc: d
          condition: >
            spawned and not proc.pname startswith anyof (more)
            and (tolower(proc.exe) = "x\\"y" or proc.aname[2] exists)
          output: "%proc.name %20proc.args (x=%evt.arg.flags)"
          priority: WARNING
          tags: [a, b]
          exceptions:
            - name: n
              fields: [proc.name, fd.name]
              comps: [=, startswith]
              values:
                - [a, "/b c"]
        ---
        - rule: Shell é
          condition: |
            and x.y = val(proc.name)
          exceptions: [{name: n, values: [[c, d]]}]
          override: {condition: append, exceptions: append}
        """

    @Test(arguments: 1...20)
    func `mutated rules load or are refused`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15)
        let pieces = [
            "(", ")", "\"", "'", "\\", "\n", " ", "- ", ": ", "[", "]", ",", "*a", "&a", "not ", "%", "é", "\0", "|",
        ]
        for _ in 0..<100 {
            var bytes = Array(Self.seed.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: pieces.randomElement(using: &generator)?.utf8 ?? "".utf8, at: at)
                default:
                    let end = min(bytes.count, at + Int.random(in: 1...40, using: &generator))
                    bytes.insert(
                        contentsOf: Array(bytes[at..<end]), at: Int.random(in: 0..<bytes.count, using: &generator))
                }
            }
            let loaded = RuleLoader.load(bytes: bytes) { RuleFileReader.read($0, file: $1) }
            for diagnostic in loaded.diagnostics {
                #expect(diagnostic.location.line >= 1 && diagnostic.location.column >= 1)
                #expect(!diagnostic.rendered.isEmpty)
            }
            #expect(!LoadResult.json(of: loaded.results).isEmpty)
            for rule in loaded.rules {
                let text = rule.condition.canonicalText
                #expect((try? ConditionParser.parse(text))?.canonicalText == text)
            }
        }
    }
}
