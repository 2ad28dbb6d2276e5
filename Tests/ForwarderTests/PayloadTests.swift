import EventModel
import JSONTree
import Outputs
import Spool
import Testing

@testable import Forwarder
@testable import ForwarderProtocol

/// The bodies of all shapes, whole: a change of one is a change for its receivers.
@Suite struct PayloadTests {
    static let payload = #"""
        {"hostname":"n<1>","message":"m \"q\" <x>","output":"o \"q\" <x>","output_fields":{"evt.time":5,"fd.name":"/a&b","k8s.pod.name":null,"proc.aname[2]":"sh","proc.args":["a","b"],"user.uid":0},"priority":"Warning","rule":"R \"1\"","source":"syscall","tags":["t1","t2"],"time":"1970-01-01T00:00:01.000000002Z"}
        """#
    let alert = SpooledAlert(
        id: 3, timeNanoseconds: 1_000_000_002, priority: .warning, rule: "R \"1\"", tags: ["t1", "t2"],
        source: "syscall", key: "k-3", payload: Array(payload.utf8))

    private func render(
        _ shape: PayloadShape, batch: Int = 1,
        _ change: (inout WebhookSettings, inout AlertFormat) -> Void = { _, _ in }
    ) throws -> (type: String, text: String) {
        var settings = WebhookSettings(url: "http://a")
        var format = AlertFormat()
        settings.shape = shape
        change(&settings, &format)
        let payload = PayloadRenderer(settings, format: format)
            .render(Array(repeating: alert, count: batch), isBatch: batch > 1)
        if shape != .text, shape != .template { _ = try JSONDocument(payload.bytes) }
        return (payload.contentType, String(decoding: payload.bytes, as: UTF8.self))
    }

    static let falco = #"""
        {"hostname":"n<1>","output":"o \"q\" <x>","output_fields":{"evt.time":5,"fd.name":"/a&b","k8s.pod.name":null,"proc.aname[2]":"sh","proc.args":["a","b"],"user.uid":0},"priority":"Warning","rule":"R \"1\"","source":"syscall","tags":["t1","t2"],"time":"1970-01-01T00:00:01.000000002Z"}
        """#

    @Test func `falco is Falco's object with the members that are configured`() throws {
        #expect(try render(.falco) == ("application/json", Self.falco))
        #expect(try render(.falco, batch: 2).text == "[\(Self.falco),\(Self.falco)]")
        let other = try render(.falco) { _, format in
            format.includesMessage = true
            format.includesOutput = false
            format.includesOutputFields = false
            format.includesTags = false
        }
        #expect(
            other.text == #"""
                {"hostname":"n<1>","message":"m \"q\" <x>","priority":"Warning","rule":"R \"1\"","source":"syscall","time":"1970-01-01T00:00:01.000000002Z"}
                """#)
    }

    @Test func `text is the line`() throws {
        #expect(try render(.text) == ("text/plain", #"o \"q\" <x>"#))
    }

    @Test func `slack`() throws {
        #expect(
            try render(.slack).text == #"""
                {"text":"o \"q\" &lt;x&gt;","attachments":[{"color":"#ffc700","fallback":"o \"q\" &lt;x&gt;","fields":[{"title":"rule","value":"R \"1\"","short":true},{"title":"priority","value":"Warning","short":true},{"title":"hostname","value":"n&lt;1&gt;","short":true},{"title":"fd.name","value":"/a&amp;b","short":true},{"title":"k8s.pod.name","value":"null","short":true},{"title":"proc.aname[2]","value":"sh","short":true},{"title":"proc.args","value":"[\"a\",\"b\"]","short":true},{"title":"user.uid","value":"0","short":true}],"ts":1}]}
                """#)
    }

    @Test func `alertmanager`() throws {
        #expect(
            try render(.alertmanager).text == #"""
                [{"labels":{"alertname":"R \"1\"","hostname":"n<1>","priority":"Warning","severity":"warning","source":"syscall","fd_name":"/a&b","proc_aname_2":"sh","user_uid":"0"},"annotations":{"description":"o \"q\" <x>","summary":"m \"q\" <x>","tags":"t1,t2","idempotency_key":"k-3"},"startsAt":"1970-01-01T00:00:01.000000002Z"}]
                """#)
    }

    @Test func `cloudevents`() throws {
        let event =
            #"{"specversion":"1.0","id":"k-3","source":"/shrike/n<1>","type":"falco.rule.output.v1","subject":"R \"1\"","time":"1970-01-01T00:00:01.000000002Z","priority":"Warning","rule":"R \"1\"","datacontenttype":"application/json","data":\#(Self.falco)}"#
        #expect(try render(.cloudevents) == ("application/cloudevents+json", event))
        #expect(try render(.cloudevents, batch: 2) == ("application/cloudevents-batch+json", "[\(event),\(event)]"))
    }

    @Test func `otlp`() throws {
        #expect(
            try render(.otlp).text == #"""
                {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shrike"}},{"key":"host.name","value":{"stringValue":"n<1>"}}]},"scopeLogs":[{"scope":{"name":"shrike"},"logRecords":[{"timeUnixNano":"1000000002","severityNumber":13,"severityText":"Warning","body":{"stringValue":"m \"q\" <x>"},"attributes":[{"key":"falco.rule","value":{"stringValue":"R \"1\""}},{"key":"falco.source","value":{"stringValue":"syscall"}},{"key":"event.id","value":{"stringValue":"k-3"}},{"key":"falco.tags","value":{"arrayValue":{"values":[{"stringValue":"t1"},{"stringValue":"t2"}]}}},{"key":"fd.name","value":{"stringValue":"/a&b"}},{"key":"proc.aname[2]","value":{"stringValue":"sh"}},{"key":"proc.args","value":{"stringValue":"[\"a\",\"b\"]"}},{"key":"user.uid","value":{"intValue":"0"}}]}]}]}]}
                """#)
    }

    @Test func `template`() throws {
        let text = try render(.template) { settings, _ in
            settings.template =
                #"{"r": "{{rule}}", "f": "{{ field:fd.name }}{{field:none}}", "t": "{{tags}}", "k": "{{key}}"}"#
        }
        #expect(text == ("application/json", #"{"r": "R \"1\"", "f": "/a&b", "t": "t1,t2", "k": "k-3"}"#))
        let plain = try render(.template) { settings, _ in
            settings.template = "{{priority}}: {{output}} {{hostname}} {{time}}"
            settings.templateType = "text/plain"
        }
        #expect(plain == ("text/plain", "Warning: o \"q\" <x> n<1> 1970-01-01T00:00:01.000000002Z"))
    }

    @Test(arguments: PayloadShape.allCases)
    func `a damaged payload is still delivered`(shape: PayloadShape) {
        var damaged = alert
        damaged.payload = Array("{".utf8)
        let payload = PayloadRenderer(WebhookSettings(url: "b"), format: AlertFormat())
            .render([damaged], isBatch: false)
        #expect(!payload.bytes.isEmpty)
    }
}
