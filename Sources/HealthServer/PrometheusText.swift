/// Metrics in Prometheus' text exposition format, version 0.0.4.
public struct PrometheusText: Sendable {
    /// The body's type.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What a metric's values are.
    public enum Kind: String, Sendable {
        /// A number that only grows while the process lives.
        case counter
        /// A number that goes up and down.
        case gauge
    }

    /// A value of a metric, told from the others by its labels.
    public struct Sample: Sendable, Equatable {
        /// Names and values of labels.
        public var labels: [(name: String, value: String)]
        /// The value.
        public var value: Double

        /// A value without labels.
        public init(_ value: some BinaryInteger) { self.init([], Double(value)) }

        /// A value with labels.
        public init(_ labels: [(name: String, value: String)], _ value: Double) {
            self.labels = labels
            self.value = value
        }

        /// Equal in value and labels.
        public static func == (first: Sample, second: Sample) -> Bool {
            first.value == second.value && first.labels.elementsEqual(second.labels, by: ==)
        }
    }

    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// No metrics.
    public init() {}

    /// Writes a metric with its values; nothing for one that has none. `name` is a metric's name as Prometheus wants it,
    /// `help` a sentence.
    public mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        header(name, kind.rawValue, help)
        for sample in samples { add(sample, of: name) }
    }

    /// Writes a metric with one value.
    public mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [Sample([], value)])
    }

    /// The values of a histogram, told from the others by its labels.
    public struct Histogram: Sendable {
        /// Names and values of labels.
        public var labels: [(name: String, value: String)]
        /// Observations in each bucket, and behind them those above all bounds.
        public var buckets: [UInt64]
        /// The sum of all observations.
        public var sum: Double

        /// A histogram from its parts.
        public init(_ labels: [(name: String, value: String)], buckets: [UInt64], sum: Double) {
            self.labels = labels
            self.buckets = buckets
            self.sum = sum
        }
    }

    /// Writes a histogram; nothing for one without values. `bounds` are the upper bounds of the buckets, ascending.
    public mutating func addHistogram(
        _ name: String, _ help: String, bounds: [Double], _ histograms: [Histogram]
    ) {
        guard !histograms.isEmpty else { return }
        header(name, "histogram", help)
        for histogram in histograms {
            var count: UInt64 = 0
            for (bound, value) in zip(bounds + [.infinity], histogram.buckets) {
                count &+= value
                let labels = histogram.labels + [("le", Self.text(of: bound))]
                add(Sample(labels, Double(count)), of: name + "_bucket")
            }
            add(Sample(histogram.labels, histogram.sum), of: name + "_sum")
            add(Sample(histogram.labels, Double(count)), of: name + "_count")
        }
    }

    private mutating func header(_ name: String, _ kind: String, _ help: String) {
        bytes += "# HELP \(name) ".utf8
        escape(help, quotes: false)
        bytes += "\n# TYPE \(name) \(kind)\n".utf8
    }

    private mutating func add(_ sample: Sample, of name: String) {
        bytes += name.utf8
        for (index, label) in sample.labels.enumerated() {
            bytes += (index == 0 ? "{" : ",").utf8
            bytes += label.name.utf8
            bytes += "=\"".utf8
            escape(label.value, quotes: true)
            bytes.append(UInt8(ascii: "\""))
        }
        if !sample.labels.isEmpty { bytes.append(UInt8(ascii: "}")) }
        bytes += " \(Self.text(of: sample.value))\n".utf8
    }

    private mutating func escape(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\"") where quotes: bytes += "\\\"".utf8
            default: bytes.append(byte)
            }
        }
    }

    /// A whole number without a fraction; Go's words for what is no number.
    private static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }
}
