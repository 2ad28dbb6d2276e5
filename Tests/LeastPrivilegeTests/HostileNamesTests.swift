import CommandOutput
import Foundation
import KernelInterface
import Profiles
import RuleEngine
import TestSupport
import Testing
import YAMLTree

@testable import LeastPrivilege

/// Whoever may make a file or start a container chooses names. None of them may become anything else than a name in what is generated.
@Suite("Names that attackers choose, in what is generated")
struct HostileNamesTests {
    static let names: [[UInt8]] =
        ([
            "a\nb", "a\n  /** rwx,\n#", "a\r\n}", "a\u{0b}b", "a\u{85}---\u{85}b", "a\u{2028}b", "\u{1b}[31m",
            "\u{202e}x", "\u{feff}",
            "a\"b", "a'b", "a\"'b", "\" rwx,", "' or evt.num > 0 or '", "') or (evt.num > 0", "{a,b}", "{any}", "{n}",
            "}", "*", "**",
            "a*", "?", "[a-z]", "[", "]", "^", "#x", "a #x", "@{HOME}", "@{n", "a b", "a,b", "a\\", "a\\\"b", "\\n",
            "\\x2a", "a: b", "- x",
            "&x", "!x", "|", ">", "%proc.name", "%41", "-> x", "x//null", "$(x)", "`x`", "and", "or", "ü", "yes",
            "0x10", ",",
        ].map { Array($0.utf8) }) + [[0xff, 0xfe, 0x41], Array(repeating: 0x78, count: 300), [0xc3]]

    /// A profile that learned of such a name whatever can have one, and of nothing else.
    private static func observed(_ name: [UInt8], _ identity: WorkloadIdentity) -> ObservedPrivileges {
        var profile = Profile(identity: identity)
        let moment = ProfileMoment(now: 1_795_910_400, run: profile.beginRun(), runStart: 1_795_900_000)
        func learn(_ kind: String, _ prefix: String, _ suffix: String = "") {
            guard let kind = BehaviourKind(word: kind) else { return }
            var event = EventBehaviours()
            let mark = event.mark
            event.text += Array(prefix.utf8)
            event.text.append(canonical: name.filter { $0 != UInt8(ascii: "/") })
            event.text += Array(suffix.utf8)
            event.add(kind, from: mark)
            _ = profile.look(&event, at: moment, isJudged: false, ProfileSettings())
            profile.learn(event, at: moment, reason: nil, ProfileSettings())
        }
        learn("exec", "/opt/")
        learn("write", "/srv/")
        learn("write", "/data/", "/{any}")
        learn("read", "/etc/x/", "{n}")
        // By hand, as no learner would.
        learn("listen", "tcp ")
        learn("connect", "tcp ", ":443")
        learn("connect", "tcp 10.0.0.0/24", ":443")
        learn("capability", "CAP_")
        learn("syscall", "")
        learn("user", "")
        return ObservedPrivileges(profile, ProfileSettings())
    }

    private static func text(_ name: [UInt8]) -> String {
        var text: [UInt8] = []
        text.append(canonical: name.filter { $0 != UInt8(ascii: "/") })
        return String(decoding: text, as: UTF8.self)
    }

    private static func identities(_ name: [UInt8]) -> [WorkloadIdentity] {
        [
            .unit("web.service"), .container(name: text(name), image: "x"), .container(name: "x", image: text(name)),
            .unit(text(name)), .program(uid: 0, path: "/opt/\(text(name))"),
            .kubernetes(namespace: text(name), owner: text(name), container: text(name)),
        ]
    }

    // MARK: AppArmor

    /// The bytes that a path of a profile stands for, `*` where it stands for any; nil for what is no such path.
    private func unescaped(_ text: Substring) -> [UInt8?]? {
        var rest = Array(text.utf8)[...]
        let isQuoted = rest.first == UInt8(ascii: "\"")
        if isQuoted {
            guard rest.count > 1, rest.last == UInt8(ascii: "\"") else { return nil }
            rest = rest.dropFirst().dropLast()
        }
        var found: [UInt8?] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "[") where rest.starts(with: #"\\]"#.utf8):
                found.append(UInt8(ascii: "\\"))
                rest = rest.dropFirst(3)
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                found.append(next)
            case UInt8(ascii: "*"): if found.last != .some(nil) { found.append(nil) }
            case UInt8(ascii: "\""), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
                UInt8(ascii: "}"), UInt8(ascii: "^"), 0..<0x20:
                return nil
            case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "#"), UInt8(ascii: "@"):
                guard isQuoted else { return nil }
                found.append(byte)
            default: found.append(byte)
            }
        }
        return found
    }

    @Test("AppArmor: each line is one rule for the very name, or the name is left out and told", arguments: names)
    func appArmor(name: [UInt8]) throws {
        let plain = name.filter { $0 != UInt8(ascii: "/") }
        for identity in Self.identities(name) {
            let observed = Self.observed(name, identity)
            guard let profile = try? AppArmorProfile(observed) else {
                #expect(!(String(validating: plain, as: UTF8.self)?.isPrintable ?? false))
                continue
            }
            let lines = profile.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0].hasPrefix("# ") && lines[4].hasPrefix("profile shrike-") && lines[4].hasSuffix("{"))
            #expect(lines.dropFirst(5).first == "  include <abstractions/base>")
            #expect(lines.suffix(2) == ["}", ""])
            #expect(lines.allSatisfy { String($0).isPrintable })
            let paths = lines.filter { $0.hasPrefix("  /") || $0.hasPrefix("  \"/") }
            for line in lines.dropFirst(6).dropLast(2) where !paths.contains(line) {
                #expect(
                    line.wholeMatch(of: /\ \ (capability [a-z_]+|network inet6? (stream|dgram)),/) != nil, "\(line)")
            }
            let allowed: [[UInt8?]] = [
                Array("/opt/".utf8) + plain, Array("/srv/".utf8) + plain, Array("/data/".utf8) + plain + [0x2f, nil],
                Array("/etc/x/".utf8) + plain + [nil],
            ]
            for line in paths {
                let words = try #require(line.dropFirst(2).wholeMatch(of: /(.*) [rwmix]+,/), "\(line)")
                let bytes = try #require(unescaped(words.1), "\(line)")
                #expect(allowed.contains(bytes), "\(line)")
            }
            if paths.count < 4 { #expect(profile.remarks.first?.contains("left out") == true) }
        }
    }

    private static let parser = ProcessInfo.processInfo.environment["APPARMOR_PARSER"] ?? "/sbin/apparmor_parser"

    @Test(
        "AppArmor's own parser takes every profile",
        .enabled(if: access(parser, X_OK) == 0, "there is no apparmor_parser"))
    func parsed() throws {
        for name in Self.names {
            for identity in Self.identities(name) {
                guard let profile = try? AppArmorProfile(Self.observed(name, identity)) else { continue }
                let file = NSTemporaryDirectory() + "shrike-apparmor-\(UUID().uuidString)"
                try profile.text.write(toFile: file, atomically: true, encoding: .utf8)
                defer { try? FileManager.default.removeItem(atPath: file) }
                let program = try StartedProgram(
                    Self.parser, [Self.parser, "--skip-kernel-load", "--skip-cache", file], output: nil, errors: nil)
                var end = program.end()
                while end == nil {
                    usleep(2000)
                    end = program.end()
                }
                #expect(end == .exited(0), "\(profile.text)")
            }
        }
    }

    // MARK: Rules

    @Test("Rules: the same rules and no others, whatever the names", arguments: names)
    func rules(name: [UInt8]) throws {
        for identity in Self.identities(name) {
            let observed = Self.observed(name, identity)
            guard let document = try? WorkloadRules(observed) else {
                let text = String(validating: name, as: UTF8.self)
                #expect(text.map { !$0.isPrintable || $0.contains("\\") || $0.count > 200 } ?? true)
                continue
            }
            #expect(document.yaml.split(separator: "\n").allSatisfy { String($0).isPrintable })
            let rules = try TestRules.load(document.yaml)
            let label = identity.label
            let expected = [
                "unknown program", "unknown file written", "unknown port listened on", "unknown destination",
            ]
            let found = Set(rules.rules.map(\.name))
            #expect(
                found.isSubset(of: expected.map { "\(label): \($0)" } + ["\(label): unknown user"]), "\(document.yaml)")
            #expect(found.count >= 2)
            // The name is in its list, as it is.
            let items = try #require(YAMLDocument.parse(text: document.yaml).first?.elements)
            for item in items {
                let keys = Set(try #require(item.pairs).compactMap(\.key.text))
                #expect(
                    [
                        ["macro", "condition"], ["list", "items"],
                        ["rule", "desc", "condition", "output", "priority", "tags"],
                    ]
                    .contains { Set($0) == keys })
            }
        }
    }

    // MARK: Manifests

    @Test("Manifests: two documents with the usual keys, whatever the names", arguments: names)
    func manifests(name: [UInt8]) throws {
        for identity in Self.identities(name) {
            let security = PodSecurity(Self.observed(name, identity))
            #expect(security.yaml.split(separator: "\n").allSatisfy { String($0).isPrintable })
            let documents = try YAMLDocument.parse(text: security.yaml)
            #expect(documents.count == 2)
            let keys = documents[0].pairs?.compactMap(\.key.text) ?? []
            #expect(keys.contains("privileged") && Set(keys).isSubset(of: Self.contextKeys), "\(security.yaml)")
            #expect(documents[0]["privileged"]?.bool == false)
            #expect(documents[1].pairs?.compactMap(\.key.text) == ["apiVersion", "kind", "metadata", "spec"])
        }
    }

    private static let contextKeys: Set<String> = [
        "privileged", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "runAsNonRoot", "runAsUser", "capabilities",
        "seccompProfile",
    ]

    // MARK: Seccomp

    @Test("Seccomp: a profile that libseccomp takes, with none of the names that it doesn't know", arguments: names)
    func seccomp(name: [UInt8]) throws {
        var observed = Self.observed(name, .unit("web.service"))
        observed.calls.append(.init("read", .init(count: 1, firstSeen: 1, lastSeen: 1)))
        let advice = SeccompAdvice(observed, programs: [], abi: .x86_64)
        let profile = advice.profile()
        #expect(profile.allowed == ["read"])
        #expect(profile.check().isEmpty)
        #expect(advice.remarks.contains { $0.contains("left out") })
        #expect(advice.remarks.allSatisfy { $0.isPrintable })
    }

    @Test("Labels are words, and no two workloads have the same", arguments: names)
    func labels(name: [UInt8]) {
        let all = Self.identities(name) + Self.identities(name + [0x2d]) + Self.identities([0x2d] + name)
        let labels = Set(all.map(\.label))
        #expect(labels.count == Set(all).count)
        #expect(labels.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9.-]+/) != nil && $0.count <= 63 })
    }
}
