import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

@Suite struct FileOutputTests {
    @Test func `appends, and only the owner may read`() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/alerts.log"
            for text in ["first", "second"] {
                let output = try FileOutput(path: path, keepsOpen: false, isBuffered: false)
                try output.start()
                try output.write(rendered(text))
                output.finish(by: .max)
                try output.close()
            }
            #expect(contents(path) == "first\nsecond\n")
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test(arguments: [false, true])
    func `survives rotation`(keepsOpen: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/alerts.log"
            let output = try FileOutput(path: path, keepsOpen: keepsOpen, isBuffered: false)
            try output.start()
            try output.write(rendered("old"))
            try output.flush()
            #expect(eventually { contents(path) == "old\n" })
            #expect(rename(path, path + ".1") == 0)
            try output.reopen()
            try output.write(rendered("new"))
            try output.flush()
            #expect(eventually { contents(path) == "new\n" })
            #expect(contents(path + ".1") == "old\n")
        }
    }

    @Test func `a path that can't be written shows at start`() throws {
        let error = #expect(throws: OutputError.self) {
            try FileOutput(path: "/nonexistent/x.log", keepsOpen: true, isBuffered: false)
        }
        #expect(error?.description.contains("open(/nonexistent/x.log): No such file or directory") == true)
    }

    @Test func `a named pipe that nobody reads is an error, not a wait`() throws {
        try withTemporaryDirectory { directory in
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            #expect(throws: OutputError.self) {
                try FileOutput(path: directory + "/pipe", keepsOpen: true, isBuffered: false)
            }
        }
    }

    @Test func `what a full disk refuses is written when there is room, no line broken and none twice`() throws {
        try withTemporaryDirectory { directory in
            // The limit is the process's, so it stands for a moment only.
            let path = directory + "/alerts.log"
            let output = try FileOutput(path: path, keepsOpen: true, isBuffered: true)
            let line = String(repeating: "x", count: 99)
            for _ in 0..<100 { try output.write(rendered(line)) }
            signal(SIGXFSZ, SIG_IGN)
            var before = rlimit()
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) == 0)
            var small = before
            small.rlim_cur = 5_050
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small) == 0)
            try output.start()
            let hasFailed = eventually { output.status?.failure != nil }
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) == 0)
            #expect(hasFailed)
            #expect(eventually { output.status?.delivered == 100 })
            #expect(contents(path) == String(repeating: line + "\n", count: 100))
            #expect(output.status?.lost == 0 && output.status?.failure == nil)
        }
    }
}
