import EventModel
public import Outputs

/// What the sensor tells the forwarder at its start. Both are installed and started together, so there is one version of it.
public struct ForwarderPlan: Sendable, Equatable {
    /// The descriptors that the forwarder's process is given.
    public enum Descriptor {
        /// The plan, a file from its beginning.
        public static let plan: Int32 = 3
        /// A pipe: a byte means that alerts were committed, its end that the sensor wants the process to end.
        public static let wake: Int32 = 4
        /// A pipe for `ForwarderReport`s.
        public static let reports: Int32 = 5
        /// The first that is nothing the process was given.
        public static let end: Int32 = 6
    }

    /// The forwarder's exit status for a spool that is damaged: the sensor then looks at it.
    public static let damageStatus: Int32 = 4

    /// The process whose end ends this one.
    public var parent: Int32
    /// The sensor's process id, as receivers see it.
    public var sensor: Int32
    /// The spool's file.
    public var spoolPath: String
    /// How Falco's JSON is to look.
    public var format: AlertFormat
    /// The outputs.
    public var outputs: [NetworkOutput]

    /// A plan from its parts. `parent` is the sensor unless that is changed.
    public init(parent: Int32, spoolPath: String, format: AlertFormat, outputs: [NetworkOutput]) {
        self.parent = parent
        sensor = parent
        self.spoolPath = spoolPath
        self.format = format
        self.outputs = outputs
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
        var plan = ForwarderPlan(parent: 0, spoolPath: "", format: AlertFormat(), outputs: [])
        do throws(PlanError) { try plan.code(with: &coder) } catch { return nil }
        self = plan
    }

    /// Visits all values in one order, for both ways.
    private mutating func code(with coder: inout some PlanCoder) throws(PlanError) {
        try coder.code(&parent)
        try coder.code(&sensor)
        try coder.code(&spoolPath)
        try coder.code(&format.isJSON)
        try coder.code(&format.includesOutput)
        try coder.code(&format.includesMessage)
        try coder.code(&format.includesOutputFields)
        try coder.code(&format.includesTags)
        try coder.code(&format.hostName)
        let blank = NetworkOutput(name: "", kind: .webhook(WebhookSettings(url: "")))
        try coder.code(&outputs, blank) { (output, coder) throws(PlanError) in try output.code(with: &coder) }
    }
}

extension NetworkOutput {
    fileprivate mutating func code(with coder: inout some PlanCoder) throws(PlanError) {
        try coder.code(&name)
        try coder.code(&filter.minimumPriority)
        try coder.code(&filter.rules, "") { (rule, coder) throws(PlanError) in try coder.code(&rule) }
        try coder.code(&filter.tags, "") { (tag, coder) throws(PlanError) in try coder.code(&tag) }
        try coder.code(&connection.connectTimeoutMilliseconds)
        try coder.code(&connection.timeoutMilliseconds)
        try coder.code(&connection.verifiesPeer)
        try coder.code(&connection.caFile)
        try coder.code(&connection.caDirectory)
        try coder.code(&connection.certificateFile)
        try coder.code(&connection.keyFile)
        var isSyslog = if case .syslog = kind { true } else { false }
        try coder.code(&isSyslog)
        if isSyslog {
            var settings = SyslogSettings(transport: .udp, host: "")
            if case .syslog(let known) = kind { settings = known }
            try settings.code(with: &coder)
            kind = .syslog(settings)
        } else {
            var settings = WebhookSettings(url: "")
            if case .webhook(let known) = kind { settings = known }
            try settings.code(with: &coder)
            kind = .webhook(settings)
        }
    }
}

extension WebhookSettings {
    fileprivate mutating func code(with coder: inout some PlanCoder) throws(PlanError) {
        try coder.code(&url)
        try coder.code(&shape)
        try coder.code(&template)
        try coder.code(&templateType)
        try coder.code(&headers, Header(name: "", value: "")) { (header, coder) throws(PlanError) in
            try coder.code(&header.name)
            try coder.code(&header.value)
        }
        try coder.code(&userAgent)
        try coder.code(&bearerTokenFile)
        try coder.code(&bearerTokenVariable)
        try coder.code(&batchSize)
        try coder.code(&isCompressed)
        try coder.code(&keepsAlive)
        try coder.code(&httpVersion)
        try coder.code(&echoes)
        try coder.code(&quietTimeouts)
    }
}

extension SyslogSettings {
    fileprivate mutating func code(with coder: inout some PlanCoder) throws(PlanError) {
        try coder.code(&transport)
        try coder.code(&host)
        try coder.code(&port)
        try coder.code(&facility)
        var form = isJSON.map { $0 ? 1 : 0 } ?? 2
        try coder.code(&form)
        isJSON = form == 2 ? nil : form == 1
        try coder.code(&maximumBytes)
        try coder.code(&enterpriseNumber)
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
