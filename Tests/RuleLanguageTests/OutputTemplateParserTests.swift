import RuleLanguage
import Testing

@Suite struct OutputTemplateParserTests {
    static let fields = FieldNameTable([
        "proc.name", "proc.aname", "evt.time", "evt.time.s", "evt.arg", "user.name", "user.loginuid", "evt.type",
    ])

    /// The template as text again: literals as they are, values in angle brackets.
    private func shape(_ text: String) -> String {
        let parsed = OutputTemplateParser.parse(text, fields: Self.fields)
        var result = ""
        for piece in parsed.template.pieces {
            switch piece {
            case .text(let bytes): result += String(decoding: bytes, as: UTF8.self)
            case .value(.field(let field), let width):
                result += "<\(field.name)\(field.argument.map { "[\($0)]" } ?? "")\(width.map { ":\($0)" } ?? "")>"
            case .value(.transformer(let transformer), let width):
                result += "<\(transformer.name)()\(width.map { ":\($0)" } ?? "")>"
            }
        }
        return parsed.problems.isEmpty ? result : result + " " + parsed.problems.map(\.message).joined(separator: "; ")
    }

    @Test(arguments: [
        ("plain", "plain"),
        ("(user=%user.name)", "(user=<user.name>)"),
        ("%proc.name%evt.type", "<proc.name><evt.type>"),
        ("%proc.names.", "<proc.name>s."),
        ("%evt.time.", "<evt.time>."),
        ("%evt.time.s", "<evt.time.s>"),
        ("%evt.time.x", "<evt.time>.x"),
        ("%20proc.name|", "<proc.name:20>|"),
        ("%proc.aname[2] %proc.aname[x y", "<proc.aname[2]>  y the '[' has no ']'"),
        ("flags=%evt.arg.flags.", "flags=<evt.arg.flags>."),
        ("%evt.arg[1]", "<evt.arg[1]>"),
        ("%toupper(proc.name)x", "<toupper()>x"),
        ("%10toupper(b64(proc.name))", "<toupper():10>"),
        ("* %proc.name", "* <proc.name>"),
    ])
    func `a template has these pieces`(_ text: String, _ expected: String) {
        #expect(shape(text).hasPrefix(expected), "\(shape(text))")
        if !expected.contains("has no") { #expect(shape(text) == expected) }
    }

    @Test func `all unknown fields are reported, with suggestions`() {
        let parsed = OutputTemplateParser.parse(
            "a %proc.nmae b %user.nam. c %proc.name", fields: Self.fields, textID: 4)
        #expect(parsed.problems.map(\.suggestion) == ["did you mean 'proc.name'?", "did you mean 'user.name'?"])
        #expect(parsed.problems.map(\.range) == [TextRange(3, 12, text: 4), TextRange(16, 24, text: 4)])
        #expect(parsed.template.pieces.count == 2)
    }

    @Test(arguments: ["100%", "50% of", "%%", "%99999999999999999999proc.name", "%9999999proc.name", "%nope(", "%len("])
    func `a lone percent sign or a broken reference is an error`(_ text: String) {
        #expect(!OutputTemplateParser.parse(text, fields: Self.fields).problems.isEmpty)
    }

    @Test func `a name may hold a dotted argument`() {
        #expect(Self.fields.contains("evt.arg.flags"))
        #expect(!Self.fields.contains("evt.arg."))
        #expect(!Self.fields.contains("proc.name.x"))
    }
}
