import AuditRecords
import EventModel
import NodeState
import TestNode
import Testing

@testable import Daemon

@Suite("Calls that seccomp filters told of")
struct SeccompWatchTests {
    private func record(
        call: Int = 165, code: String = "0x50001", exe: String = "/usr/bin/app", second: Int = 100, uid: Int = 33,
        pid: Int = 17
    ) throws -> SeccompRecord {
        let line =
            "type=SECCOMP msg=audit(\(second).5:7): auid=1 uid=\(uid) gid=33 ses=1 pid=\(pid) comm=\"app\" exe=\"\(exe)\" sig=0 "
            + "arch=c000003e syscall=\(call) compat=0 ip=0x7f code=\(code)"
        var decoder = AuditDecoder(syscalls: SyscallTable([]), source: .auditLog)
        decoder.pushLine(Array(line.utf8).span)
        let record = decoder.nextSeccompRecord()
        return try #require(record)
    }

    /// A node with a process in each of these control groups, from process 100 on.
    private func node(_ groups: [String]) -> NodeState {
        let files = ScriptedFiles()
        for (index, group) in groups.enumerated() {
            files.addProcess(100 + Int32(index), command: "app", cgroup: group + "\n", uid: 0)
        }
        let state = NodeState(options: NodeStateOptions(), files: files)
        _ = state.loadAll(nowNanoseconds: 2_000_000_000_000_000_000)
        return state
    }

    private func container(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "0::/kubepods/podx/" + String(repeating: "0", count: 64 - digits.count) + digits
    }

    @Test("An alert names the call, the program and the line that the profile lacks")
    func told() throws {
        var watch = SeccompWatch()
        let alert = try #require(watch.alert(of: try record(), by: nil))
        let text = String(decoding: alert.message, as: UTF8.self)
        #expect(alert.rule == "Shrike internal: seccomp filter")
        #expect(alert.priority == .warning)
        #expect(text.contains("refused mount of /usr/bin/app"))
        #expect(text.contains(#"{"names": ["mount"], "action": "SCMP_ACT_ALLOW"}"#))
        #expect(alert.timeNanoseconds == 100_500_000_000)
    }

    @Test("Of a call without a name no line is made")
    func nameless() throws {
        var watch = SeccompWatch()
        let alert = try #require(watch.alert(of: try record(call: 1023), by: nil))
        #expect(!String(decoding: alert.message, as: UTF8.self).contains("SCMP_ACT_ALLOW"))
    }

    @Test("A call that went on is told less loudly")
    func logged() throws {
        var watch = SeccompWatch()
        #expect(watch.alert(of: try record(code: "0x7ffc0000"), by: nil)?.priority == .notice)
    }

    @Test("The same is told once a day; another call, program of a user, workload or outcome is another")
    func repeated() throws {
        let state = node([container(1), container(2), "0::/system.slice/web.service/x"])
        var watch = SeccompWatch()
        var count = 0
        func take(_ record: SeccompRecord) {
            if watch.alert(of: record, by: state.process(pid: record.pid)) != nil { count += 1 }
        }
        take(try record())
        take(try record(second: 86_000))
        #expect(count == 1)
        take(try record(call: 0))
        take(try record(exe: "/bin/x"))
        take(try record(pid: 100))
        take(try record(pid: 101))
        take(try record(pid: 102))
        take(try record(code: "0x7ffc0000"))
        #expect(count == 7)
        // A profile is a workload's: one line mends it for all of its programs.
        take(try record(exe: "/bin/x", pid: 100))
        take(try record(exe: "/bin/x", uid: 34, pid: 102))
        #expect(count == 7)
        take(try record(second: 86_600))
        #expect(count == 8)
    }

    @Test("Who makes up names and calls fills his own room, which is told, and nobody else's")
    func bounded() throws {
        let state = node([
            container(1), container(2), "0::/system.slice/web.service/made-up", "0::/system.slice/ssh.service",
        ])
        for (pid, uid) in [(17, 1000), (100, 0), (102, 33)] {
            var watch = SeccompWatch()
            var texts: [String] = []
            for number in 0..<5000 {
                let record = try record(call: number % 1000, exe: "/tmp/\(number)", uid: uid, pid: pid)
                if let alert = watch.alert(of: record, by: state.process(pid: record.pid)) {
                    texts.append(String(decoding: alert.message, as: UTF8.self))
                }
            }
            #expect(texts.count == SeccompWatch.mostCalls + 1)
            #expect(texts.last?.contains("more than \(SeccompWatch.mostCalls) different calls") == true)
            for (other, user) in [(17, 1001), (101, 0), (103, 0)] where other != pid || user != uid {
                #expect(watch.alert(of: try record(uid: user, pid: other), by: state.process(pid: Int32(other))) != nil)
            }
            #expect(
                watch.alert(of: try record(second: 90_000, uid: uid, pid: pid), by: state.process(pid: Int32(pid)))
                    != nil)
        }
    }

    @Test("Thousands of users take no room from containers and services")
    func users() throws {
        let state = node([container(1), "0::/system.slice/web.service"])
        var watch = SeccompWatch()
        var count = 0
        for uid in 0..<5000 {
            let alert = watch.alert(of: try record(uid: 100_000 + uid), by: nil)
            count += alert == nil ? 0 : 1
        }
        #expect(count > 500 && count <= SeccompWatch.mostRooms + SeccompWatch.mostCalls + 1)
        #expect(watch.alert(of: try record(pid: 100), by: state.process(pid: 100)) != nil)
        #expect(watch.alert(of: try record(pid: 101), by: state.process(pid: 101)) != nil)
    }
}
