import Foundation
import TestSupport
import Testing

@testable import SelfTest

@Suite struct AttackSuiteTests {
    private static let head = "#!/bin/sh\n# rule: R\n# case: x\n"

    /// A directory with the layer `a`, its attack `x.sh`, and these files beside it.
    private func withAttacks(_ others: [String], _ body: (String) throws -> Void) throws {
        try withDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: "\(directory)/attacks/a/deep", withIntermediateDirectories: true)
            for file in ["attacks/a/x.sh"] + others {
                try Self.head.write(toFile: "\(directory)/\(file)", atomically: true, encoding: .utf8)
            }
            try body(directory)
        }
    }

    @Test func `a relative directory's attacks have absolute paths: they run elsewhere`() throws {
        try withAttacks([]) { directory in
            let depth = FileManager.default.currentDirectoryPath.split(separator: "/").count
            let relative = String(repeating: "../", count: depth) + directory.dropFirst()
            let suite = AttackSuite(directory: relative + "/attacks")
            #expect(suite.cases.map(\.name) == ["a/x"])
            #expect(suite.cases.allSatisfy { $0.path.hasPrefix("/") })
        }
    }

    @Test(
        .enabled(if: geteuid() == 0, "only root's attacks must be out of others' reach"),
        arguments: ["a/x.sh", "a/shared.inc", "a/program.c", "a/deep/data", "top"].map { "attacks/\($0)" })
    func `whatever others may change below the directory is a problem`(file: String) throws {
        try withAttacks([file]) { directory in
            #expect(AttackSuite(directory: "\(directory)/attacks").problems.isEmpty)
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: "\(directory)/\(file)")
            let problems = AttackSuite(directory: "\(directory)/attacks").problems
            #expect(problems.count == 1)
            #expect(problems.first?.hasPrefix("\(directory)/\(file):1:1: ") == true)
        }
    }
}
