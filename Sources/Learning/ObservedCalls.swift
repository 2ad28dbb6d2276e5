import EventModel
import Profiles

/// What events of each type show of a workload.
struct ObservedCalls {
    /// What is looked at.
    enum Act: UInt8 {
        case none, execute, open, connect, listen, bind, changeUser, namespaces, enterNamespace, module, other
    }

    /// What an event type is to learning.
    struct Row {
        var act = Act.none
        /// The capability that the call needs when it succeeds, by number; -1: none.
        var capability: Int8 = -1
        /// The call's name.
        var name: [UInt8] = []
    }

    /// By type index.
    static let table: [Row] = {
        var table = EventType.all.map { type in
            var row = Row(name: Array(type.name.utf8))
            if type.isSyscall { row.act = .other }
            return row
        }
        func each(_ names: String, _ change: (inout Row) -> Void) {
            for name in names.split(separator: " ") {
                guard let type = EventType(name: String(name)) else { continue }
                change(&table[Int(type.index)])
            }
        }
        each("execve execveat") { $0.act = .execute }
        each("open openat openat2 creat open_by_handle_at") { $0.act = .open }
        each("connect") { $0.act = .connect }
        each("listen") { $0.act = .listen }
        each("bind") { $0.act = .bind }
        each("setuid setreuid setresuid setfsuid") { $0.act = .changeUser }
        each("unshare") { $0.act = .namespaces }
        each("setns") { $0.act = .enterNamespace }
        each("init_module finit_module") { $0.act = .module }
        // They say nothing that exec and the program's calls don't say.
        each("fork vfork clone clone3 procexit close dup dup2 dup3 exit exit_group") { $0.act = .none }
        for (capability, calls) in capabilities { each(calls) { $0.capability = capability } }
        return table
    }()

    /// capabilities(7): what a call that succeeds needs, whatever its arguments. Numbers: linux/capability.h.
    private static let capabilities: [(Int8, String)] = [
        (21, "mount umount umount2 move_mount pivot_root swapon swapoff quotactl setns sethostname setdomainname"),
        (16, "init_module finit_module delete_module"), (18, "chroot"), (20, "acct"),
        (22, "reboot kexec_load kexec_file_load"), (25, "settimeofday clock_settime adjtimex"),
        (2, "open_by_handle_at"), (26, "vhangup"), (17, "iopl ioperm"),
    ]
}
