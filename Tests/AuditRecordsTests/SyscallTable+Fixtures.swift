import AuditRecords
import EventModel

extension SyscallTable {
    /// The calls that occur in the fixtures (asm/unistd_64.h, asm/unistd_32.h), and some more.
    static let fixtures = SyscallTable(
        entries(.x86_64, x86_64) + entries(.i386, i386) + [
            Entry(architecture: .x86_64, number: 520 | x32Bit, name: "execve")
        ]
    )

    private static func entries(_ architecture: RawEvent.Architecture, _ text: String) -> [Entry] {
        text.split(whereSeparator: { $0 == " " || $0 == "\n" }).compactMap { pair in
            let parts = pair.split(separator: ":")
            guard parts.count == 2, let number = Int32(parts[0]) else { return nil }
            return Entry(architecture: architecture, number: number, name: String(parts[1]))
        }
    }

    private static let x86_64 = """
        1:write 2:open 9:mmap 17:pread64 33:dup2 39:getpid 41:socket 42:connect 43:accept 44:sendto 45:recvfrom
        49:bind 53:socketpair 54:setsockopt 56:clone 58:vfork 59:execve 60:exit 62:kill 82:rename 83:mkdir
        84:rmdir 86:link 87:unlink 88:symlink 90:chmod 92:chown 101:ptrace 117:setresuid 126:capset
        157:prctl 165:mount 166:umount2 175:init_module 176:delete_module 231:exit_group 257:openat
        263:unlinkat 272:unshare 288:accept4 293:pipe2 313:finit_module 319:memfd_create 321:bpf
        322:execveat 425:io_uring_setup 426:io_uring_enter 435:clone3 437:openat2
        """
    private static let i386 = """
        5:open 10:unlink 11:execve 22:umount 102:socketcall 120:clone 212:chown32 213:setuid32 221:fcntl64
        252:exit_group 295:openat 362:connect
        """
}
