import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

@Suite struct ProgramOutputTests {
    @Test(arguments: [false, true])
    func `the program reads every alert`(keepsRunning: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/out"
            let output = try ProgramOutput(command: "cat >> \(path)", keepsRunning: keepsRunning)
            try output.start()
            try output.write(rendered("one"))
            if !keepsRunning { #expect(eventually { contents(path) == "one\n" }) }
            try output.write(rendered("two"))
            output.finish(by: .max)
            try output.close()
            #expect(eventually { contents(path) == "one\ntwo\n" })
        }
    }

    @Test func `a program that ended is started again`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/out"
            let output = try ProgramOutput(command: "head -n 1 >> \(path)", keepsRunning: true)
            try output.start()
            try output.write(rendered("one"))
            #expect(eventually { contents(path) == "one\n" })
            usleep(50_000)  // The file is complete a moment before the program is gone.
            try output.write(rendered("two"))
            #expect(eventually { contents(path) == "one\ntwo\n" })
        }
    }
}
