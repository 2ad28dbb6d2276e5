import EventModel
public import Outputs

/// What the sensor tells the forwarder at its start. Sensor and forwarder are one binary, so there is one version of it.
public struct ForwarderPlan: Sendable, Equatable {
    /// The sensor's process id.
    public var parent: Int32
    /// The spool's file.
    public var spoolPath: String
    /// How Falco's JSON is to look.
    public var format: AlertFormat
    /// The webhooks.
    public var webhooks: [WebhookSettings]

    /// A plan from its parts.
    public init(parent: Int32, spoolPath: String, format: AlertFormat, webhooks: [WebhookSettings]) {
        self.parent = parent
        self.spoolPath = spoolPath
        self.format = format
        self.webhooks = webhooks
    }

    /// The plan as bytes.
    public func encoded() -> [UInt8] {
        var coder = PlanEncoder()
        var plan = self
        // An encoder has no reason to fail.
        try? plan.code(with: &coder)
        return coder.bytes
    }

    /// Reads what `encoded` gave; nil when it is something else.
    public init?(_ bytes: [UInt8]) {
        var coder = PlanDecoder(bytes: bytes)
        var plan = ForwarderPlan(parent: 0, spoolPath: "", format: AlertFormat(), webhooks: [])
        do throws(PlanError) { try plan.code(with: &coder) } catch { return nil }
        self = plan
    }

    /// Visits all values in one order, for both ways.
    private mutating func code(with coder: inout some PlanCoder) throws(PlanError) {
        try coder.code(&parent)
        try coder.code(&spoolPath)
        try coder.code(&format.isJSON)
        try coder.code(&format.includesOutput)
        try coder.code(&format.includesMessage)
        try coder.code(&format.includesOutputFields)
        try coder.code(&format.includesTags)
        try coder.code(&format.hostName)
        try coder.code(&webhooks, WebhookSettings(name: "", url: "")) { (webhook, coder) throws(PlanError) in
            try webhook.code(with: &coder)
        }
    }
}

extension WebhookSettings {
    fileprivate mutating func code(with coder: inout some PlanCoder) throws(PlanError) {
        try coder.code(&name)
        try coder.code(&url)
        try coder.code(&shape)
        try coder.code(&template)
        try coder.code(&templateType)
        try coder.code(&minimumPriority)
        try coder.code(&rules, "") { (rule, coder) throws(PlanError) in try coder.code(&rule) }
        try coder.code(&tags, "") { (tag, coder) throws(PlanError) in try coder.code(&tag) }
        try coder.code(&headers, Header(name: "", value: "")) { (header, coder) throws(PlanError) in
            try coder.code(&header.name)
            try coder.code(&header.value)
        }
        try coder.code(&userAgent)
        try coder.code(&bearerTokenFile)
        try coder.code(&bearerTokenVariable)
        try coder.code(&batchSize)
        try coder.code(&connectTimeoutMilliseconds)
        try coder.code(&timeoutMilliseconds)
        try coder.code(&isCompressed)
        try coder.code(&keepsAlive)
        try coder.code(&echoes)
        try coder.code(&quietTimeouts)
        try coder.code(&verifiesPeer)
        try coder.code(&caFile)
        try coder.code(&caDirectory)
        try coder.code(&certificateFile)
        try coder.code(&keyFile)
    }
}

/// The bytes are no plan.
struct PlanError: Error {}

/// Writes values to bytes, or sets them from bytes.
protocol PlanCoder {
    mutating func code(_ text: inout String) throws(PlanError)
    mutating func code(_ number: inout Int) throws(PlanError)
}

extension PlanCoder {
    mutating func code(_ number: inout Int32) throws(PlanError) {
        var wide = Int(number)
        try code(&wide)
        guard let narrow = Int32(exactly: wide) else { throw PlanError() }
        number = narrow
    }

    mutating func code(_ flag: inout Bool) throws(PlanError) {
        var number = flag ? 1 : 0
        try code(&number)
        flag = number != 0
    }

    mutating func code<Value: RawRepresentable>(_ value: inout Value) throws(PlanError) where Value.RawValue == String {
        var raw = value.rawValue
        try code(&raw)
        guard let known = Value(rawValue: raw) else { throw PlanError() }
        value = known
    }

    mutating func code(_ priority: inout Priority) throws(PlanError) {
        var raw = Int(priority.rawValue)
        try code(&raw)
        guard let known = UInt8(exactly: raw).flatMap(Priority.init(rawValue:)) else { throw PlanError() }
        priority = known
    }

    /// Codes a list; `blank` is what a decoder fills.
    mutating func code<Element>(
        _ elements: inout [Element], _ blank: Element, _ each: (inout Element, inout Self) throws(PlanError) -> Void
    ) throws(PlanError) {
        var count = elements.count
        try code(&count)
        guard count >= 0, count <= 10_000 else { throw PlanError() }
        while elements.count < count { elements.append(blank) }
        for index in 0..<count { try each(&elements[index], &self) }
    }
}

/// Numbers as eight bytes, the lowest first; texts as their length and their bytes.
private struct PlanEncoder: PlanCoder {
    var bytes: [UInt8] = []

    mutating func code(_ text: inout String) {
        var count = text.utf8.count
        code(&count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func code(_ number: inout Int) {
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (shift * 8))) }
    }
}

private struct PlanDecoder: PlanCoder {
    let bytes: [UInt8]
    var position = 0

    mutating func code(_ text: inout String) throws(PlanError) {
        var count = 0
        try code(&count)
        guard count >= 0, count <= bytes.count - position else { throw PlanError() }
        text = String(decoding: bytes[position..<position + count], as: UTF8.self)
        position += count
    }

    mutating func code(_ number: inout Int) throws(PlanError) {
        guard bytes.count - position >= 8 else { throw PlanError() }
        var value: UInt64 = 0
        for shift in 0..<8 { value |= UInt64(bytes[position + shift]) << UInt64(shift * 8) }
        position += 8
        number = Int(Int64(bitPattern: value))
    }
}
