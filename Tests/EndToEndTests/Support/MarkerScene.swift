import Foundation

/// A daemon that raises an alert for each marker file that is opened, and sends it to a receiver.
struct MarkerScene {
    let directory: String
    /// `http_output.url`; empty: that output is off.
    let url: String
    /// Further keys of `http_output`, of `shrike` and of `shrike.spool`, each with a comma before it.
    var httpKeys = ""
    var shrikeKeys = ""
    var spoolKeys = ""
    /// The spool's directory.
    var spool: String { "\(directory)/spool" }
    /// What the output holds besides the name, to make alerts larger.
    var filler = ""

    init(_ directory: String, url: String) { (self.directory, self.url) = (directory, url) }
    init(_ directory: String, _ receiver: Receiver) {
        self.init(directory, url: "http://127.0.0.1:\(receiver.port)/")
    }

    /// Writes rules and configuration; gives the arguments.
    func arguments() throws -> [String] {
        try """
        - rule: Marker read
          desc: A marker file was opened.
          condition: evt.type in (open, openat) and fd.name startswith \(directory)/marker
          output: marker %fd.name \(filler)
          priority: WARNING
        """.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
        try """
        json_output: true
        stdout_output: {enabled: true}
        http_output: {enabled: \(!url.isEmpty), url: "\(url)"\(httpKeys)}
        shrike: {spool: {path: \(spool)/spool.db\(spoolKeys)}\(shrikeKeys)}
        """.write(toFile: "\(directory)/shrike.yaml", atomically: true, encoding: .utf8)
        return ["-c", "\(directory)/shrike.yaml", "-r", "\(directory)/rules.yaml"]
    }

    /// Opens markers with these numbers, `rate` a second; 0: as fast as it can. Returns when all are done.
    func open(_ numbers: ClosedRange<Int>, rate: Int = 0) throws {
        let process = try begin(numbers, rate: rate)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw EndToEndError("markers: \(process.terminationStatus)") }
    }

    /// The same without waiting.
    func begin(_ numbers: ClosedRange<Int>, rate: Int) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Command.markers.get())
        process.arguments = [directory, "\(numbers.lowerBound)", "\(numbers.count)", "\(rate)"]
        try process.run()
        return process
    }

    /// The names of markers with these numbers.
    func names(_ numbers: ClosedRange<Int>) -> [String] { numbers.map { "\(directory)/marker-\($0)" } }

    /// The markers that a daemon has shown on standard output, in order.
    func shown(_ shrike: ShrikeProcess) -> [String] { shrike.alerts.compactMap { $0.text("fd.name") } }

    /// Looks again and again until something is so.
    static func wait(_ seconds: Double, until condition: () throws -> Bool) rethrows -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if try condition() { return true }
            usleep(20_000)
        }
        return false
    }
}
