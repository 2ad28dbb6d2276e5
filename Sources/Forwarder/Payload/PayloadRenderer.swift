import EventModel
import ForwarderProtocol
import JSONTree
import Outputs
import Spool

/// A request's body.
struct Payload: Equatable {
    var contentType: String
    var bytes: [UInt8]
}

/// Makes bodies of one shape.
struct PayloadRenderer {
    let shape: PayloadShape
    let format: AlertFormat
    let template: PayloadTemplate
    let templateType: String

    init(_ settings: WebhookSettings, format: AlertFormat) {
        shape = settings.shape
        self.format = format
        template = (try? PayloadTemplate(settings.template)) ?? PayloadTemplate.empty
        templateType = settings.templateType
    }

    /// The body for alerts, at least one. With `isBatch` it has the form for several also when there is one, so that a
    /// receiver sees one form.
    func render(_ alerts: [SpooledAlert], isBatch: Bool) -> Payload {
        let documents = alerts.map(AlertDocument.init)
        guard let first = documents.first else { return Payload(contentType: "application/json", bytes: []) }
        var json = JSONWriter()
        switch shape {
        case .falco:
            array(documents, isBatch, &json, writeFalco)
        case .text:
            return Payload(contentType: "text/plain", bytes: Array(first.outputText))
        case .slack:
            writeSlack(first, to: &json)
        case .alertmanager:
            array(documents, true, &json, writeAlertmanager)
        case .cloudevents:
            array(documents, isBatch, &json, writeCloudEvent)
            let type = isBatch ? "application/cloudevents-batch+json" : "application/cloudevents+json"
            return Payload(contentType: type, bytes: json.bytes)
        case .otlp:
            writeLogs(documents, to: &json)
        case .template:
            let bytes = template.render(first, escapes: templateType.contains("json"))
            return Payload(contentType: templateType, bytes: bytes)
        }
        return Payload(contentType: "application/json", bytes: json.bytes)
    }

    private func array(
        _ documents: [AlertDocument], _ isArray: Bool, _ json: inout JSONWriter,
        _ write: (AlertDocument, inout JSONWriter) -> Void
    ) {
        if isArray { json.beginArray() }
        for document in documents { write(document, &json) }
        if isArray { json.endArray() }
    }

    /// Falco's object with the members that the configuration asks for.
    func writeFalco(_ document: AlertDocument, to json: inout JSONWriter) { document.writeFalco(format, to: &json) }
}
