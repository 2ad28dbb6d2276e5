import CommandOutput
import Configuration
import EventModel
import Glibc
import JSONTree
import KernelInterface
import Outputs
import Spool

/// What `shrike spool` prints.
public enum SpoolListing {
    /// The spool can't be used.
    public struct Failure: Error, CustomStringConvertible {
        /// Which file, and what to do.
        public let description: String
    }

    /// `spool status`.
    public static func status(_ configuration: Configuration, isJSON: Bool) throws(Failure) -> Report {
        let path = configuration.outputs.spool.path
        let status = try use(path) { (spool) throws(SpoolError) in try spool.status() }
        if isJSON { return Report(bytes: Array(tree(status, path).json.utf8)) }
        var lines = [
            "spool    \(path), \(status.bytes) bytes",
            "waiting  \(status.alerts) alerts"
                + (status.oldestNanoseconds.map { ", the oldest of \(time($0))" } ?? ""),
        ]
        let width = max(6, status.outputs.map(\.output.count).max() ?? 0) + 2
        lines += ["", "OUTPUT".padded(to: width) + "DELIVERED   REFUSED     WAITING"]
        for output in status.outputs {
            lines.append(
                output.output.padded(to: width) + "\(output.delivered)".padded(to: 12)
                    + "\(output.rejected)".padded(to: 12) + "\(output.queued)")
        }
        return Report(lines: lines)
    }

    /// `spool rejected`.
    public static func rejected(_ configuration: Configuration, output: String?, isJSON: Bool) throws(Failure) -> Report
    {
        let found = try use(configuration.outputs.spool.path) { (spool) throws(SpoolError) in
            try spool.rejected(output: output)
        }
        if isJSON { return Report(bytes: Array(ValueTree.list(found.map(tree)).json.utf8)) }
        guard !found.isEmpty else { return Report(lines: ["no refused alerts are kept"]) }
        return Report(
            lines: found.flatMap { refused in
                [
                    "\(time(refused.alert.timeNanoseconds)) \(refused.alert.priority.displayName) "
                        + printable(refused.alert.rule),
                    "   \(refused.output): \(printable(refused.reason))",
                ]
            })
    }

    /// `spool retry`.
    public static func retry(_ configuration: Configuration, output: String?, isJSON: Bool) throws(Failure) -> Report {
        let count = try use(configuration.outputs.spool.path) { (spool) throws(SpoolError) in
            try spool.retry(output: output)
        }
        if isJSON { return Report(bytes: Array(ValueTree.map([.init("retried", .integer(count))]).json.utf8)) }
        return Report(lines: [
            count == 0
                ? "no refused alerts to send again" : "\(count) alerts wait again, and are sent while Shrike runs"
        ])
    }

    private static func use<Result>(_ path: String, _ body: (SpoolInspector) throws(SpoolError) -> Result)
        throws(Failure) -> Result
    {
        do throws(SpoolError) { return try body(SpoolInspector(path: path)) } catch {
            if case .system(let system) = error, system.errno == ENOENT {
                throw Failure(
                    description:
                        "there is no spool at \(path): no network output was used yet, or shrike.spool.path of "
                        + "another configuration names it (-c)")
            }
            throw Failure(description: "can't use the spool \(path): \(error)")
        }
    }

    private static func tree(_ status: SpoolStatus, _ path: String) -> ValueTree {
        .map([
            .init("path", .text(path)), .init("bytes", .integer(Int(status.bytes))),
            .init("alerts", .integer(Int(status.alerts))),
            .init("oldest", status.oldestNanoseconds.map { .text(time($0)) } ?? .null),
            .init(
                "outputs",
                .list(
                    status.outputs.map { output in
                        .map([
                            .init("name", .text(output.output)), .init("delivered", .integer(Int(output.delivered))),
                            .init("rejected", .integer(Int(output.rejected))),
                            .init("queued", .integer(Int(output.queued))),
                        ])
                    })),
        ])
    }

    private static func tree(_ refused: RejectedAlert) -> ValueTree {
        .map([
            .init("output", .text(refused.output)), .init("status", .integer(refused.status)),
            .init("reason", .text(refused.reason)), .init("rule", .text(refused.alert.rule)),
            .init("priority", .text(refused.alert.priority.displayName)),
            .init("time", .text(time(refused.alert.timeNanoseconds))), .init("key", .text(refused.alert.key)),
            .init("alert", .text(String(decoding: refused.alert.payload, as: UTF8.self))),
        ])
    }

    /// A time in UTC, RFC 3339 with seconds.
    private static func time(_ nanoseconds: UInt64) -> String {
        var writer = TimestampWriter()
        var bytes: [UInt8] = []
        writer.appendUTC(nanoseconds, to: &bytes)
        // YYYY-MM-DDTHH:MM:SS
        return String(decoding: bytes.prefix(19), as: UTF8.self) + "Z"
    }

    /// A receiver's words, as a terminal may show them.
    private static func printable(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.appendEscaped(Array(text.utf8))
        return String(decoding: bytes, as: UTF8.self)
    }
}
