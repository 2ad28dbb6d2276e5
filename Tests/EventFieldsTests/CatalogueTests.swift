import Foundation
import TestNode
import Testing

@testable import EventFields
@testable import EventModel

@Suite struct CatalogueTests {
    struct Golden: Sendable, CustomTestStringConvertible {
        let name: String
        let type: String
        let flags: String
        var testDescription: String { name }

        static let all: [Golden] = CatalogueGolden.rows.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            return Golden(name: words[0], type: words[1], flags: words[2])
        }
    }

    @Test func `every field of the reference is there with its type and flags`() throws {
        for golden in Golden.all {
            let id = try #require(EventFields.catalogue.id(named: golden.name), "\(golden.name) is missing")
            let field = EventFields.catalogue[id]
            if golden.type != "-" { #expect(field.type.rawValue == golden.type, "type of \(golden.name)") }
            if golden.flags != "-" {
                #expect(letters(field) == golden.flags.filter { $0 != "." }, "flags of \(golden.name)")
            }
        }
    }

    /// The reference's letters for a field's flags, in its order.
    private func letters(_ field: FieldDescription) -> String {
        // The plug-ins' tables have no letters but those of the argument and the list.
        let pairs: [(FieldFlags, String)] = [
            (.list, "L"), (.argumentAllowed, "A"), (.filterOnly, "F"), (.argumentRequired, "R"), (.outputOnly, "P"),
            (.deprecated, "D"), (.noRightSide, "v"), (.noTransformer, "t"),
        ]
        return pairs.filter { field.flags.contains($0.0) }.map(\.1).joined()
    }

    @Test(
        arguments: [
            ("evt.type", .free), ("proc.name", .free), ("evt.res", .free), ("proc.cmdline", .cheap),
            ("proc.aname", .cheap),
            ("fd.name", .cheap), ("fd.sip", .cheap), ("fd.sport", .cheap), ("container.image.repository", .cheap),
            ("fd.net", .lookup), ("fd.cip", .lookup), ("fd.lport", .lookup), ("proc.is_exe_upper_layer", .lookup),
            ("proc.vpid", .lookup), ("proc.sname", .lookup), ("fd.types", .expensive), ("proc.vmsize", .expensive),
        ] as [(String, FieldCost)])
    func `what is read from the kernel costs more than what is told`(_ name: String, _ cost: FieldCost) {
        #expect(EventFields.catalogue.id(named: name).map { EventFields.catalogue[$0].cost } == cost)
    }

    /// A page of docs/.
    private static func page(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("docs/\(name)"), encoding: .utf8)
    }

    @Test func `the page about Falco has every field that Falco has not, and what its generic events have here`() throws
    {
        let page = try Self.page("falco-compatibility.md")
        let known = Set(Golden.all.map(\.name))
        for field in EventFields.catalogue.fields where !known.contains(field.name) && !field.sourceNames.isEmpty {
            #expect(page.contains("`\(field.name)`") || page.contains("`\(field.name)[N]`"), "\(field.name)")
        }
        for row in EventTypeRow.extended {
            let line = page.split(separator: "\n").first {
                $0.hasPrefix("| `") && $0.split(separator: "|").first?.contains("`\(row.name)`") == true
                    && $0.contains("| `res`")
            }
            let named = line?.split(separator: "|").last.map {
                $0.split(separator: "`").filter { !$0.contains(" ") && !$0.contains(",") }.map(String.init)
            }
            #expect(named == EventType(name: row.name)?.arguments.map(\.name), "\(row.name)")
        }
    }

    @Test func `names are unique`() {
        let names = EventFields.catalogue.fields.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func `every field is described and says how its argument is written`() {
        for field in EventFields.catalogue.fields {
            #expect(!field.meaning.isEmpty, "\(field.name)")
            let takesArgument = !field.flags.isDisjoint(with: [.argumentRequired, .argumentAllowed])
            #expect(field.argumentForm.isEmpty == !takesArgument, "\(field.name)")
        }
    }

    @Test func `a field that no source knows has no source, and is missing`() {
        let scene = FieldScene()
        scene.apply("openat", result: 3, registers: [0xffff_ff9c, 0, 0, 0], paths: ["/etc/hosts"])
        for name in ["evt.cpu", "evt.buffer", "ka.verb", "json.obj", "k8smeta.pod.name", "fd.sip.name", "fdlist.nums"] {
            let id = scene.catalogue.id(named: name)
            #expect(id.map { scene.catalogue[$0].sourceNames } == [], "\(name)")
            #expect(scene[name] == nil, "\(name)")
        }
    }

    @Test func `fields of the audit events of Kubernetes belong to their own source`() throws {
        let id = try #require(EventFields.catalogue.id(named: "ka.verb"))
        #expect(EventFields.catalogue[id].eventSource == "k8s_audit")
        let process = try #require(EventFields.catalogue.id(named: "proc.name"))
        #expect(EventFields.catalogue[process].eventSource == "syscall")
        let number = try #require(EventFields.catalogue.id(named: "evt.num"))
        #expect(EventFields.catalogue[number].eventSource == nil)
    }

    @Test func `static fields are the configuration's`() {
        let scene = FieldScene(staticFields: [("node", "one"), ("zone", "two")])
        #expect(scene["static.node"] == "one")
        #expect(scene["static.zone"] == "two")
        #expect(scene["static.other"] == "no such field")
    }

    @Test(.enabled(if: rulesDirectory != nil, "SHRIKE_FALCO_RULES names the directory of Falco's rule files"))
    func `every field that the upstream rule files use is known`() throws {
        let directory = try #require(rulesDirectory)
        let pattern = try Regex(
            "(?:^|[^A-Za-z0-9_./-])((?:evt|proc|thread|user|group|fd|fs|container|k8s|syscall)\\.[a-z0-9_.]+)")
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name.hasSuffix(".yaml") {
            let text = try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)
            let lines = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }
            for match in lines.joined(separator: "\n").matches(of: pattern) {
                var field = String(match.output[1].substring ?? "")
                while field.last == "." { field.removeLast() }
                #expect(isKnown(field), "\(field) in \(name)")
            }
        }
    }

    private func isKnown(_ field: String) -> Bool {
        if EventFields.catalogue.id(named: field) != nil || notFields.contains(field) { return true }
        return field.hasPrefix("evt.arg.") && EventArgument.nativeType(named: String(field.dropFirst(8))) != nil
    }
}

/// Words of the rule files that only look like fields: a log file's name, and an argument that a remark says is gone.
private let notFields: Set<String> = ["user.log", "evt.arg.res_or_fd"]

let rulesDirectory = ProcessInfo.processInfo.environment["SHRIKE_FALCO_RULES"]
