import RuleLanguage
import Testing

@Suite struct ConditionParserTests {
    /// A condition and its canonical text.
    struct Accepted: CustomTestStringConvertible, Sendable {
        var text: String
        var canonical: String
        init(_ text: String, _ canonical: String) {
            self.text = text
            self.canonical = canonical
        }
        var testDescription: String { text }
    }

    static let accepted = [
        // Boolean structure.
        Accepted("m", "m"),
        Accepted("a and b and c", "(a and b and c)"),
        Accepted("a or b and c or d", "(a or (b and c) or d)"),
        Accepted("(a or b) and c", "((a or b) and c)"),
        Accepted("a or (b) and c", "(a or (b and c))"),
        Accepted("a and(b or c)", "(a and (b or c))"),
        Accepted("a or(b)", "(a or b)"),
        Accepted("a and(b) or c", "((a and b) or c)"),
        Accepted("not a", "not a"),
        Accepted("not not a", "a"),
        Accepted("not not not a", "not a"),
        Accepted("not(a)", "not a"),
        Accepted("not not(a)", "a"),
        Accepted("not (a or b) and c", "(not (a or b) and c)"),
        Accepted("notx and orx and android", "(notx and orx and android)"),
        Accepted("((((a))))", "a"),
        Accepted(" \t\r\n\u{08}a\nor\r\nb ", "(a or b)"),
        // Comparisons.
        Accepted("proc.name=bash", "proc.name = bash"),
        Accepted("proc.name == bash", "proc.name = bash"),
        Accepted("proc.name!=bash", "proc.name != bash"),
        Accepted("fd.sport<=80 and fd.sport<80", "(fd.sport <= 80 and fd.sport < 80)"),
        Accepted("fd.sport >= 80 and fd.sport>0x1F", "(fd.sport >= 80 and fd.sport > 0x1F)"),
        Accepted("proc.name exists", "proc.name exists"),
        Accepted("(proc.name exists)", "proc.name exists"),
        Accepted("proc.name contains a", "proc.name contains a"),
        Accepted("proc.name icontains a", "proc.name icontains a"),
        Accepted("evt.buffer bcontains cafe", "evt.buffer bcontains cafe"),
        Accepted("evt.buffer bstartswith cafe", "evt.buffer bstartswith cafe"),
        Accepted("fd.name startswith /etc", "fd.name startswith /etc"),
        Accepted("fd.name endswith .so", "fd.name endswith .so"),
        Accepted("fd.name glob /etc/*", "fd.name glob /etc/*"),
        Accepted("fd.name iglob '/ETC/*'", "fd.name iglob /ETC/*"),
        Accepted("fd.name regex [a-z]+", "fd.name regex [a-z]+"),
        // Lists.
        Accepted("proc.name in (a, 'b c', 1.5e+3)", "proc.name in (a, \"b c\", 1.5e+3)"),
        Accepted("proc.name in(a)", "proc.name in (a)"),
        Accepted("proc.name in ()", "proc.name in ()"),
        Accepted("proc.name in ( )", "proc.name in ()"),
        Accepted("proc.name in shells", "proc.name in (shells)"),
        Accepted("proc.args intersects(a,b)", "proc.args intersects (a, b)"),
        Accepted("fd.name pmatch (/etc, /usr)", "fd.name pmatch (/etc, /usr)"),
        Accepted("a.b in (x ,y\n, z )", "a.b in (x, y, z)"),
        // Modifiers.
        Accepted("fd.name startswith anyof (/a, /b)", "fd.name startswith anyof (/a, /b)"),
        Accepted("fd.name != allof (a)", "fd.name != allof (a)"),
        Accepted("fd.name = oneof names", "fd.name = oneof (names)"),
        Accepted("fd.name = oneof", "fd.name = \"oneof\""),
        Accepted("fd.name = oneof and m", "(fd.name = \"oneof\" and m)"),
        Accepted("fd.name=anyof or m", "(fd.name = \"anyof\" or m)"),
        // Fields with arguments.
        Accepted("proc.aname[2] = sh", "proc.aname[2] = sh"),
        Accepted("evt.arg.flags contains O_CREAT", "evt.arg.flags contains O_CREAT"),
        Accepted("proc.env[LD_PRELOAD] exists", "proc.env[LD_PRELOAD] exists"),
        Accepted("proc.env['a b'] exists", "proc.env[\"a b\"] exists"),
        Accepted("evt.arg[0] = 1", "evt.arg[0] = 1"),
        // Transformers and val().
        Accepted("tolower(proc.name) = bash", "tolower(proc.name) = bash"),
        Accepted("toupper( b64(evt.buffer) ) contains X", "toupper(b64(evt.buffer)) contains X"),
        Accepted("join(\",\", (proc.name, proc.pname)) = \"a,b\"", "join(\",\", (proc.name, proc.pname)) = \"a,b\""),
        Accepted("concat(proc.name, \"-\", proc.exe) = x", "concat(proc.name, \"-\", proc.exe) = x"),
        Accepted("getopt(proc.args, 'ab:')[b] = c", "getopt(proc.args, \"ab:\")[b] = c"),
        Accepted("join(',', (proc.name, 1, -2.5e+3, ())) = a", "join(\",\", (proc.name, 1, -2.5e+3, ())) = a"),
        Accepted("join(',', ( )) = a", "join(\",\", ()) = a"),
        Accepted("proc.name = val(proc.pname)", "proc.name = val(proc.pname)"),
        Accepted("proc.name = val( proc.aname[2] )", "proc.name = val(proc.aname[2])"),
        Accepted("proc.name = toupper(proc.pname)", "proc.name = toupper(proc.pname)"),
        Accepted("proc.args intersects val(proc.aargs)", "proc.args intersects val(proc.aargs)"),
        Accepted("proc.name in val(proc.aname)", "proc.name in val(proc.aname)"),
        // Strings.
        Accepted(#"a.b = "x\"y""#, #"a.b = "x\"y""#),
        Accepted(#"a.b = 'x\'y'"#, #"a.b = "x'y""#),
        Accepted(#"a.b = "\b\f\n\r\t\\\/ \x41""#, #"a.b = "\b\f\n\r\t\\/ A""#),
        Accepted(#"a.b = "x\ y""#, #"a.b = "x\\y""#),
        Accepted(#"a.b = a\b"#, #"a.b = "a\\b""#),
        Accepted("a.b = 'two\nlines'", #"a.b = "two\nlines""#),
        Accepted("a.b = \"\"", "a.b = \"\""),
        Accepted("a.b = \"a,(b)\"", "a.b = \"a,(b)\""),
        Accepted("a.b = <NA>", "a.b = <NA>"),
        Accepted("a.b = ünïcode", "a.b = ünïcode"),
    ]

    @Test(arguments: accepted)
    func `parses to its canonical text, which parses to itself`(_ accepted: Accepted) throws {
        let condition = try ConditionParser.parse(accepted.text)
        #expect(condition.canonicalText == accepted.canonical)
        #expect(try ConditionParser.parse(accepted.canonical).canonicalText == accepted.canonical)
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        var text: String
        /// Offset of the problem.
        var at: Int
        /// Part of the message.
        var part: String
        /// Part of the suggestion.
        var suggestion: String?
        init(_ text: String, _ at: Int, _ part: String, _ suggestion: String? = nil) {
            self.text = text
            self.at = at
            self.part = part
            self.suggestion = suggestion
        }
        var testDescription: String { text }
    }

    static let refused = [
        Refused("", 0, "empty"),
        Refused(" \n ", 3, "empty"),
        Refused("a or(b) and c", 8, "unexpected 'and': a group directly after 'or'"),
        Refused("(a or(b) and c)", 9, "unexpected 'and': a group directly after 'or'", "a blank"),
        Refused("a or(b) or (c) and(d) or(e) and f", 28, "unexpected 'and': a group directly after 'or'"),
        Refused("a b", 2, "unexpected 'b'"),
        Refused("a && b", 2, "unexpected '&&'", "'and'"),
        Refused("a || b", 2, "unexpected '||'", "'or'"),
        Refused("a AND b", 2, "unexpected 'AND'", "'and'"),
        Refused("a adn b", 2, "unexpected 'adn'", "'and'"),
        Refused("!a", 0, "unexpected '!a'"),
        Refused("a and", 5, "ends where a condition after 'and'"),
        Refused("a and ", 6, "ends where"),
        Refused("a and or b", 6, "before 'or'"),
        Refused("and a", 0, "before 'and'"),
        Refused("a and\"b\"", 5, "a blank or '(' after 'and'"),
        Refused("(a", 0, "has no ')'"),
        Refused("(a b)", 3, "unexpected 'b'"),
        Refused("a)", 1, "unexpected ')'"),
        Refused("()", 1, "unexpected ')'"),
        Refused("not", 3, "ends where"),
        Refused("proc.name", 0, "compared with nothing", "proc.name exists"),
        Refused("proc.name and b", 0, "compared with nothing"),
        Refused("proc_name = bash", 0, "no field", "'proc.name'"),
        Refused("procname contains bash", 0, "no field"),
        Refused("proc.name startwith a", 10, "expected an operator", "'startswith'"),
        Refused("proc.name like a", 10, "expected an operator", "'glob'"),
        Refused("proc.name int (a)", 10, "expected an operator"),
        Refused("proc.name =", 11, "ends where a value"),
        Refused("proc.name = )", 12, "unexpected ')'"),
        Refused("proc.name contains\"x\"", 18, "a blank after 'contains'"),
        Refused("proc.name contains", 18, "ends where a blank"),
        Refused("proc.name in \"a\"", 13, "a list in parentheses"),
        Refused("proc.name in", 12, "ends where a list"),
        Refused("proc.name in (a", 13, "the list has no ')'"),
        Refused("proc.name in (a,)", 16, "a value in the list"),
        Refused("proc.name in (a b)", 16, "',' or ')'"),
        Refused("proc.name in (a, (b))", 17, "a value in the list"),
        Refused("proc.name = a b", 14, "unexpected 'b'"),
        Refused("proc.name =oneof (a)", 17, "unexpected '('"),
        Refused("proc.name startswith anyof(/a, /b)", 26, "a blank is missing", "anyof (…)"),
        Refused("proc.name < abc", 12, "a number after '<'"),
        Refused("proc.name >= 'abc'", 13, "a number after '>='"),
        Refused("fd.sport < 1e3", 11, "a number after '<'"),
        Refused("tolower(proc_name) = a", 8, "neither a field", "quotes"),
        Refused("concat(proc.name, -) = a", 18, "neither a field", "quotes"),
        Refused("proc.aname[ = a", 10, "no argument"),
        Refused("proc.aname[2 = a", 10, "no ']'"),
        Refused("proc.aname [2] = a", 11, "expected an operator"),
        Refused("tolower() = a", 8, "a field or a value"),
        Refused("tolower(proc.name = a", 18, "',' or ')'"),
        Refused("a.b = val(x)", 10, "a field in 'val"),
        Refused("a.b = val(x.y", 13, "')' after the field"),
        Refused("a.b = \"x", 6, "no closing double quote"),
        Refused("a.b = 'x", 6, "no closing single quote"),
        Refused(#"a.b = "x\\""#, 6, "no closing double quote", "backslash"),
        Refused(#"a.b = "\d""#, 7, #"unknown escape '\d'"#),
        Refused(#"a.b = "\'""#, 7, #"unknown escape '\''"#),
        Refused(#"a.b = '\"'"#, 7, #"unknown escape '\"'"#),
        Refused(#"a.b = "\x4""#, 7, "two hexadecimal digits"),
        Refused("a.b = " + String(repeating: "x", count: 256), 6, "256 bytes is too long"),
        Refused("a.b in (" + String(repeating: "x", count: 256) + ")", 8, "too long"),
    ]

    @Test(arguments: refused)
    func `a refused condition says where and what`(_ refused: Refused) throws {
        let problem = try #require(throws: SyntaxProblem.self) { try ConditionParser.parse(refused.text, textID: 7) }
        #expect(problem.range.start == refused.at, "\(problem.message)")
        #expect(problem.range.text == 7)
        #expect(problem.range.end <= refused.text.utf8.count)
        #expect(problem.message.contains(refused.part), "\(problem.message)")
        if let suggestion = refused.suggestion {
            #expect(problem.suggestion?.contains(suggestion) == true, "\(problem.suggestion ?? "none")")
        }
    }

    @Test func `a constant may have 255 bytes`() throws {
        _ = try ConditionParser.parse("a.b = " + String(repeating: "x", count: 255))
    }

    @Test func `groups nest to the limit and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try ConditionParser.parse(nested(1000)).canonicalText == "a")
        let problem = try #require(throws: SyntaxProblem.self) { try ConditionParser.parse(nested(1001)) }
        #expect(problem.message.contains("max depth"))
        #expect(problem.range.start == 1000)
        #expect(throws: SyntaxProblem.self) { try ConditionParser.parse(nested(101), maximumDepth: 100) }
        #expect(throws: SyntaxProblem.self) { try ConditionParser.parse(String(repeating: "not(", count: 1001)) }
        #expect(throws: SyntaxProblem.self) {
            try ConditionParser.parse(String(repeating: "len(", count: 5000) + "a.b")
        }
        #expect(throws: SyntaxProblem.self) {
            try ConditionParser.parse("len(" + String(repeating: "(", count: 5000))
        }
    }

    @Test func `ranges cover what was written`() throws {
        let text = "not m1 and tolower(proc.name[1]) in ( 'a' , b)"
        guard case .and(let operands) = try ConditionParser.parse(text, textID: 3) else {
            Issue.record("no conjunction")
            return
        }
        func written(_ range: TextRange) -> String {
            #expect(range.text == 3)
            return String(decoding: Array(text.utf8)[range.start..<range.end], as: UTF8.self)
        }
        guard case .not(.macro(_, let macro)) = operands[0], case .comparison(let comparison) = operands[1],
            case .transformer(let transformer) = comparison.left, case .list(let values) = comparison.right,
            case .operand(.field(let field)) = try #require(transformer.arguments.first)
        else {
            Issue.record("another tree")
            return
        }
        #expect(written(macro) == "m1")
        #expect(written(comparison.range) == "tolower(proc.name[1]) in ( 'a' , b)")
        #expect(written(transformer.range) == "tolower(proc.name[1])")
        #expect(written(field.range) == "proc.name[1]")
        #expect(values.map { written($0.range) } == ["'a'", "b"])
        #expect(values.map(\.isQuoted) == [true, false])
    }
}
