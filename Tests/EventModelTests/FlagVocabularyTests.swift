import Testing

@testable import EventModel

@Suite struct FlagVocabularyTests {
    /// The vocabularies of the reference, in rendering order.
    static let reference: [(String, String)] = [
        (
            "file_flags",
            """
            O_LARGEFILE O_DIRECTORY O_DIRECT O_TRUNC O_SYNC O_NONBLOCK O_EXCL O_DSYNC O_APPEND O_CREAT O_RDWR O_WRONLY \
            O_RDONLY O_CLOEXEC O_NONE O_TMPFILE O_F_CREATED FD_UPPER_LAYER FD_LOWER_LAYER
            """
        ),
        ("creat_flags", "FD_UPPER_LAYER_CREAT FD_LOWER_LAYER_CREAT"),
        (
            "clone_flags",
            """
            CLONE_FILES CLONE_FS CLONE_IO CLONE_NEWIPC CLONE_NEWNET CLONE_NEWNS CLONE_NEWPID CLONE_NEWUTS \
            CLONE_PARENT CLONE_PARENT_SETTID CLONE_PTRACE CLONE_SIGHAND CLONE_SYSVSEM CLONE_THREAD \
            CLONE_UNTRACED CLONE_VM CLONE_INVERTED NAME_CHANGED CLOSED CLONE_NEWUSER CLONE_CHILD_CLEARTID \
            CLONE_CHILD_SETTID CLONE_SETTLS CLONE_STOPPED CLONE_VFORK CLONE_NEWCGROUP CLONE_CHILD_IN_PIDNS
            """
        ),
        (
            "chmod_mode",
            """
            S_IXOTH S_IWOTH S_IROTH S_IXGRP S_IWGRP S_IRGRP S_IXUSR S_IWUSR S_IRUSR S_ISVTX S_ISGID S_ISUID
            """
        ),
        (
            "mknod_mode",
            """
            S_IXOTH S_IWOTH S_IROTH S_IXGRP S_IWGRP S_IRGRP S_IXUSR S_IWUSR S_IRUSR S_ISVTX S_ISGID S_ISUID \
            S_IFREG S_IFCHR S_IFBLK S_IFIFO S_IFSOCK
            """
        ),
        ("execve_flags", "EXE_WRITABLE EXE_UPPER_LAYER EXE_FROM_MEMFD EXE_LOWER_LAYER"),
        ("execveat_flags", "AT_EMPTY_PATH AT_SYMLINK_NOFOLLOW"),
        (
            "socket_families",
            """
            AF_NFC AF_ALG AF_CAIF AF_IEEE802154 AF_PHONET AF_ISDN AF_RXRPC AF_IUCV AF_BLUETOOTH AF_TIPC AF_CAN \
            AF_LLC AF_WANPIPE AF_PPPOX AF_IRDA AF_SNA AF_RDS AF_ATMSVC AF_ECONET AF_ASH AF_PACKET AF_ROUTE \
            AF_NETLINK AF_KEY AF_SECURITY AF_NETBEUI AF_DECnet AF_ROSE AF_INET6 AF_X25 AF_ATMPVC AF_BRIDGE \
            AF_NETROM AF_APPLETALK AF_IPX AF_AX25 AF_INET AF_LOCAL AF_UNIX AF_UNSPEC
            """
        ),
        (
            "ptrace_requests",
            """
            PTRACE_SINGLEBLOCK PTRACE_SYSEMU_SINGLESTEP PTRACE_SYSEMU PTRACE_ARCH_PRCTL PTRACE_SET_THREAD_AREA \
            PTRACE_GET_THREAD_AREA PTRACE_OLDSETOPTIONS PTRACE_SETFPXREGS PTRACE_GETFPXREGS PTRACE_SETFPREGS \
            PTRACE_GETFPREGS PTRACE_SETREGS PTRACE_GETREGS PTRACE_SETSIGMASK PTRACE_GETSIGMASK \
            PTRACE_PEEKSIGINFO PTRACE_LISTEN PTRACE_INTERRUPT PTRACE_SEIZE PTRACE_SETREGSET PTRACE_GETREGSET \
            PTRACE_SETSIGINFO PTRACE_GETSIGINFO PTRACE_GETEVENTMSG PTRACE_SETOPTIONS PTRACE_SYSCALL \
            PTRACE_DETACH PTRACE_ATTACH PTRACE_SINGLESTEP PTRACE_KILL PTRACE_CONT PTRACE_POKEUSR PTRACE_POKEDATA \
            PTRACE_POKETEXT PTRACE_PEEKUSR PTRACE_PEEKDATA PTRACE_PEEKTEXT PTRACE_TRACEME PTRACE_UNKNOWN
            """
        ),
        (
            "bpf_commands",
            """
            BPF_MAP_CREATE BPF_MAP_LOOKUP_ELEM BPF_MAP_UPDATE_ELEM BPF_MAP_DELETE_ELEM BPF_MAP_GET_NEXT_KEY \
            BPF_PROG_LOAD BPF_OBJ_PIN BPF_OBJ_GET BPF_PROG_ATTACH BPF_PROG_DETACH BPF_PROG_TEST_RUN BPF_PROG_RUN \
            BPF_PROG_GET_NEXT_ID BPF_MAP_GET_NEXT_ID BPF_PROG_GET_FD_BY_ID BPF_MAP_GET_FD_BY_ID \
            BPF_OBJ_GET_INFO_BY_FD BPF_PROG_QUERY BPF_RAW_TRACEPOINT_OPEN BPF_BTF_LOAD BPF_BTF_GET_FD_BY_ID \
            BPF_TASK_FD_QUERY BPF_MAP_LOOKUP_AND_DELETE_ELEM BPF_MAP_FREEZE BPF_BTF_GET_NEXT_ID \
            BPF_MAP_LOOKUP_BATCH BPF_MAP_LOOKUP_AND_DELETE_BATCH BPF_MAP_UPDATE_BATCH BPF_MAP_DELETE_BATCH \
            BPF_LINK_CREATE BPF_LINK_UPDATE BPF_LINK_GET_FD_BY_ID BPF_LINK_GET_NEXT_ID BPF_ENABLE_STATS \
            BPF_ITER_CREATE BPF_LINK_DETACH BPF_PROG_BIND_MAP
            """
        ),
        ("umount_flags", "FORCE DETACH EXPIRE NOFOLLOW"),
        (
            "mount_flags",
            """
            RDONLY NOSUID NODEV NOEXEC SYNCHRONOUS REMOUNT MANDLOCK DIRSYNC NOATIME NODIRATIME BIND MOVE REC \
            SILENT POSIXACL UNBINDABLE PRIVATE SLAVE SHARED RELATIME KERNMOUNT I_VERSION STRICTATIME LAZYTIME \
            NOSEC BORN ACTIVE NOUSER
            """
        ),
        ("unlinkat_flags", "AT_REMOVEDIR"),
        ("linkat_flags", "AT_SYMLINK_FOLLOW AT_EMPTY_PATH"),
        ("renameat2_flags", "RENAME_NOREPLACE RENAME_EXCHANGE RENAME_WHITEOUT"),
        (
            "openat2_flags",
            """
            RESOLVE_BENEATH RESOLVE_IN_ROOT RESOLVE_NO_MAGICLINKS RESOLVE_NO_SYMLINKS RESOLVE_NO_XDEV \
            RESOLVE_CACHED
            """
        ),
        ("prot_flags", "PROT_READ PROT_WRITE PROT_EXEC PROT_SEM PROT_GROWSDOWN PROT_GROWSUP PROT_SAO PROT_NONE"),
        (
            "mmap_flags",
            """
            MAP_SHARED MAP_PRIVATE MAP_FIXED MAP_ANONYMOUS MAP_32BIT MAP_RENAME MAP_NORESERVE MAP_POPULATE \
            MAP_NONBLOCK MAP_GROWSDOWN MAP_DENYWRITE MAP_EXECUTABLE MAP_INHERIT MAP_FILE MAP_LOCKED
            """
        ),
        ("memfd_create_flags", "MFD_CLOEXEC MFD_ALLOW_SEALING MFD_HUGETLB"),
        (
            "prctl_options",
            """
            PR_GET_DUMPABLE PR_SET_DUMPABLE PR_GET_KEEPCAPS PR_SET_KEEPCAPS PR_SET_NAME PR_GET_NAME \
            PR_GET_SECCOMP PR_SET_SECCOMP PR_CAPBSET_READ PR_CAPBSET_DROP PR_GET_SECUREBITS PR_SET_SECUREBITS \
            PR_MCE_KILL PR_MCE_KILL PR_SET_MM PR_SET_CHILD_SUBREAPER PR_GET_CHILD_SUBREAPER PR_SET_NO_NEW_PRIVS \
            PR_GET_NO_NEW_PRIVS PR_GET_TID_ADDRESS PR_SET_THP_DISABLE PR_GET_THP_DISABLE PR_CAP_AMBIENT
            """
        ),
        (
            "finit_module_flags",
            """
            MODULE_INIT_IGNORE_MODVERSIONS MODULE_INIT_IGNORE_VERMAGIC MODULE_INIT_COMPRESSED_FILE
            """
        ),
        ("delete_module_flags", "O_NONBLOCK O_TRUNC"),
        ("shutdown_how", "SHUT_UNKNOWN SHUT_RDWR SHUT_WR SHUT_RD"),
        (
            "fcntl_commands",
            """
            F_GETPIPE_SZ F_SETPIPE_SZ F_NOTIFY F_DUPFD_CLOEXEC F_CANCELLK F_GETLEASE F_SETLEASE F_GETOWN_EX \
            F_SETOWN_EX F_SETLKW64 F_SETLK64 F_GETLK64 F_GETSIG F_SETSIG F_GETOWN F_SETOWN F_SETLKW F_SETLK \
            F_GETLK F_SETFL F_GETFL F_SETFD F_GETFD F_DUPFD F_OFD_GETLK F_OFD_SETLK F_OFD_SETLKW UNKNOWN
            """
        ),
        ("access_flags", "F_OK R_OK W_OK X_OK"),
        ("fchownat_flags", "AT_SYMLINK_NOFOLLOW AT_EMPTY_PATH"),
        ("splice_flags", "SPLICE_F_MOVE SPLICE_F_NONBLOCK SPLICE_F_MORE SPLICE_F_GIFT"),
        ("lseek_whence", "SEEK_END SEEK_CUR SEEK_SET"),
        ("flock_flags", "LOCK_SH LOCK_EX LOCK_NB LOCK_UN LOCK_NONE"),
    ]

    @Test(arguments: reference)
    func `names in the reference's order`(name: String, names: String) throws {
        let vocabulary = try #require(FlagVocabulary.named(name))
        #expect(vocabulary.names.map { String(decoding: $0.text, as: UTF8.self) }.joined(separator: " ") == names)
    }

    @Test func `every argument's vocabulary exists`() {
        for type in EventType.all {
            for argument in type.arguments {
                switch argument.kind {
                case .flags(let name), .enumeration(let name), .modeBits(let name):
                    #expect(FlagVocabulary.named(name) != nil, "\(name) of \(type.name)")
                default: break
                }
            }
        }
    }

    @Test func `each name is shown for its own kernel number`() {
        for type in EventType.all {
            for argument in type.arguments {
                guard case .flags(let name) = argument.kind, let vocabulary = FlagVocabulary.named(name) else {
                    continue
                }
                for entry in vocabulary.names {
                    guard let native = entry.native, entry.value != 0 else { continue }
                    let value = vocabulary.value(ofNative: native)
                    #expect(
                        value & entry.mask == entry.value, "\(String(decoding: entry.text, as: UTF8.self)) of \(name)")
                }
            }
        }
    }

    @Test(
        arguments: [
            ("socket_families", "AF_PACKET", 17, 0xffff_ffff), ("ptrace_requests", "PTRACE_TRACEME", 0, 0xffff_ffff),
            ("file_flags", "O_RDWR", 2, 3), ("file_flags", "O_CREAT", 0o100, 0o100),
            ("clone_flags", "CLONE_NEWUSER", 0x1000_0000, 0x1000_0000),
            ("chmod_mode", "S_ISUID", 0o4000, 0o4000), ("bpf_commands", "BPF_PROG_LOAD", 5, 0xffff_ffff),
        ] as [(String, String, UInt64, UInt64)])
    func `what a register holds for a name`(vocabulary: String, name: String, bits: UInt64, mask: UInt64) {
        let native = FlagVocabulary.named(vocabulary)?.native(of: name)
        #expect(native?.bits == bits)
        #expect(native?.mask == mask)
    }

    @Test func `names that the kernel does not have`() {
        #expect(FlagVocabulary.named("file_flags")?.native(of: "O_F_CREATED") == nil)
        #expect(FlagVocabulary.named("file_flags")?.native(of: "O_NONSENSE") == nil)
        #expect(FlagVocabulary.named("no_such") == nil)
        #expect(FlagVocabulary.named("file_flags")?.native(of: "O_DIRECTORY", architecture: .aarch64)?.bits == 0o40000)
    }
}
