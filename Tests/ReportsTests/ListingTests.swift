import CommandOutput
import EventFields
import EventModel
import Foundation
import Testing

@testable import Reports

@Suite struct FieldReportTests {
    @Test func `names only is one name on each line, of all fields`() {
        let report = FieldReport.make(form: .text, namesOnly: true)
        #expect(report.text.split(separator: "\n").map(String.init) == EventFields.catalogue.fields.map(\.name))
    }

    @Test func `a filter leaves the fields whose name contains it`() {
        let lines = FieldReport.make(form: .text, filter: "proc.pcmd", namesOnly: true).text
        #expect(lines == "proc.pcmdline\n")
    }

    @Test func `a filter that finds nothing fails and suggests`() {
        for (filter, suggestion) in [("proc.nmae", "proc.name"), ("prco", "proc")] {
            let report = FieldReport.make(form: .text, filter: filter)
            #expect(report.status == .invalid && report.isError)
            #expect(report.text == "no field's name contains '\(filter)'; did you mean '\(suggestion)'?\n")
        }
    }

    @Test func `text shows type, meaning and sources`() throws {
        let report = FieldReport.make(form: .text, filter: "proc.aname").text
        #expect(report.contains("process"))
        #expect(report.contains("proc.aname([N])"))
        #expect(report.contains("string"))
    }

    @Test func `JSON lists every field with what users ask about`() throws {
        let report = FieldReport.make(form: .json)
        let fields = try #require(try JSONSerialization.jsonObject(with: Data(report.bytes)) as? [[String: Any]])
        #expect(fields.count == EventFields.catalogue.fields.count)
        let name = try #require(fields.first { $0["name"] as? String == "proc.name" })
        #expect(name["type"] as? String == "string")
        #expect(name["event_source"] as? String == "syscall")
        #expect((name["sources"] as? [String])?.contains("audit") == true)
    }

    @Test func `markdown is one table for each class`() {
        let report = FieldReport.make(form: .markdown, filter: "container.id").text
        #expect(report.contains("| Field | Type | Meaning | Sources |"))
        #expect(report.contains("| `container.id` | string |"))
    }

    @Test func `a source's fields are its own and those of every source`() {
        let names = FieldReport.make(form: .text, source: "syscall", namesOnly: true).text
        #expect(names.contains("evt.time\n") && names.contains("proc.name\n"))
        #expect(!names.contains("ka.verb\n"))
    }
}

@Suite struct EventTypeReportTests {
    @Test func `every event is listed with its arguments, in every form`() throws {
        let text = EventTypeReport.make(form: .text).text
        #expect(text.split(separator: "\n").count == EventType.count)
        #expect(text.contains("openat(fd: file descriptor, dirfd: file descriptor, name: path, "))
        let markdown = EventTypeReport.make(form: .markdown).text
        #expect(markdown.contains("| `openat` | fd: file descriptor,"))
        let json = EventTypeReport.make(form: .json)
        let events = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [[String: Any]])
        #expect(events.count == EventType.count)
    }
}
