#ifndef SHRIKE_BPF_RECORDS_H
#define SHRIKE_BPF_RECORDS_H

// Layout of the records that the BPF programs put into the ring buffer. The same text is
// compiled for BPF and for Swift, so both have the same offsets: fixed-width members, each aligned to its own size.
//
// A record is a `struct shrike_record`, then `parts` parts one after another. A part is a `struct shrike_part`, its bytes, and
// zeros up to a multiple of 8. A reader must not rely on order or presence of parts and skips kinds that it does not know.

#ifdef __bpf__
typedef signed int shrike_s32;
typedef signed long long shrike_s64;
typedef unsigned char shrike_u8;
typedef unsigned short shrike_u16;
typedef unsigned int shrike_u32;
typedef unsigned long long shrike_u64;
#else
#include <stdint.h>
typedef int32_t shrike_s32;
typedef int64_t shrike_s64;
typedef uint8_t shrike_u8;
typedef uint16_t shrike_u16;
typedef uint32_t shrike_u32;
typedef uint64_t shrike_u64;
#endif

/// Changes with the layout; a reader refuses records of another version.
#define SHRIKE_RECORD_VERSION 3

/// No record is longer, and no part of it ends beyond.
#define SHRIKE_RECORD_MAX 131072
/// No path is longer: PATH_MAX (linux/limits.h) with its final zero.
#define SHRIKE_PATH_MAX 4096
/// Bytes of a program's arguments that a record holds at most.
#define SHRIKE_ARGUMENTS_MAX 65536
/// The same when the control group has sent more than its share.
#define SHRIKE_ARGUMENTS_SHORT 4096
/// Bytes of a program's environment that a record holds at most.
#define SHRIKE_ENVIRONMENT_MAX 32768
/// `struct sockaddr_storage` (linux/socket.h).
#define SHRIKE_ADDRESS_MAX 128

/// What a record tells.
enum shrike_record_kind {
    /// A system call has returned.
    SHRIKE_RECORD_CALL = 1,
    /// A program was executed; the process is what it is from now on.
    SHRIKE_RECORD_EXEC = 2,
    /// A process was made. The record describes the new one; `other_*` is the one that made it.
    SHRIKE_RECORD_FORK = 3,
    /// The last thread of a process has ended.
    SHRIKE_RECORD_EXIT = 4,
    /// An operation of io_uring is done, or was submitted (SHRIKE_FLAG_SUBMITTED) where its end won't be told.
    SHRIKE_RECORD_RING = 5,
};

/// Bits of `shrike_record.flags`.
enum shrike_record_flag {
    /// A 32-bit system call (i386, arm): `call` is a number of that ABI, registers are zero-extended.
    SHRIKE_FLAG_32BIT = 1,
    /// A system call of the x32 ABI; `call` keeps its bit (__X32_SYSCALL_BIT).
    SHRIKE_FLAG_X32 = 2,
    /// Through socketcall(2): `arguments` are the inner call's, read from user memory after the call.
    SHRIKE_FLAG_SOCKETCALL = 4,
    /// `result` is not told.
    SHRIKE_FLAG_NO_RESULT = 8,
    /// `arguments` are not told.
    SHRIKE_FLAG_NO_ARGUMENTS = 16,
    /// The operation of io_uring was submitted, and nothing will tell its result.
    SHRIKE_FLAG_SUBMITTED = 32,
    /// A part did not fit into the record and is missing.
    SHRIKE_FLAG_INCOMPLETE = 64,
    /// The process' root directory is not that of its mount namespace (chroot(2)).
    SHRIKE_FLAG_CHROOT = 128,
    /// An operation of io_uring whose success is a number in the ring's own table, and none of the process' (IORING_OP_OPENAT with
    /// `file_index`).
    SHRIKE_FLAG_DIRECT = 256,
};

/// Fixed part of every record.
struct shrike_record {
    /// Bytes of the whole record, parts included; a multiple of 8.
    shrike_u32 size;
    /// SHRIKE_RECORD_VERSION.
    shrike_u16 version;
    /// `enum shrike_record_kind`.
    shrike_u8 kind;
    /// How many parts follow.
    shrike_u8 parts;
    /// The event's type as the call table says (`shrike_call.type`); 0 for other records than calls and operations.
    shrike_u16 type;
    /// The CPU.
    shrike_u16 cpu;
    /// `enum shrike_record_flag`.
    shrike_u32 flags;
    /// When, nanoseconds of CLOCK_BOOTTIME.
    shrike_u64 time;

    /// Ids of process, thread and parent process in the initial pid namespace.
    shrike_s32 tgid, tid, ppid;
    /// Audit session id (sessionid of the task); UINT32_MAX when unset or not built in.
    shrike_u32 audit_session;
    /// Start of the process (its leader), nanoseconds of CLOCK_BOOTTIME.
    shrike_u64 start_time;
    /// The id of the process' control group of version 2: the inode of its directory.
    shrike_u64 cgroup;
    shrike_u32 uid, gid, euid, egid;
    /// Audit login uid; UINT32_MAX when unset or not built in.
    shrike_u32 login_uid;
    /// Controlling terminal as a device number (major << 8 | minor & 0xff | (minor & ~0xff) << 12); 0 for none.
    shrike_u32 terminal;
    /// Process group and session in the initial pid namespace.
    shrike_s32 pgid, sid;
    /// Ids in the process' own pid namespace; a parent outside of it is 0.
    shrike_s32 ns_tgid, ns_tid, ns_ppid, ns_pgid, ns_sid;
    /// Namespaces by the inode numbers of /proc/PID/ns.
    shrike_u32 pid_ns, mnt_ns;
    /// For EXEC: bytes of arguments that the process has; a shorter part was cut.
    shrike_u32 arguments_size;
    /// Capability sets, a bit each.
    shrike_u64 cap_permitted, cap_effective, cap_inheritable;
    /// The thread's command name, zero-terminated.
    char comm[16];

    /// The call's return value; for RING records the operation's.
    shrike_s64 result;
    /// The call's arguments as registers hold them.
    shrike_u64 arguments[6];
    /// The call's number; for RING records the operation (IORING_OP_…). For EXEC and FORK the call that did it, and for FORK
    /// `arguments` are its registers (clone's flags are the first). -1 otherwise.
    shrike_s32 call;
    /// For FORK: who made the process. For EXIT: who takes its children over is not told.
    shrike_s32 other_tgid, other_tid;
    /// For EXIT: the wait status. For EXEC: argc.
    shrike_s32 status;
};

/// What a part holds.
enum shrike_part_kind {
    /// The first path that the call named, as passed, without a final zero.
    SHRIKE_PART_ASKED = 1,
    /// The second path (rename, link, symlink, mount).
    SHRIKE_PART_ASKED2 = 2,
    /// The directory that the first path is relative to, from the root of the mount namespace. Only with a relative path.
    SHRIKE_PART_BASE = 3,
    /// The same for the second path.
    SHRIKE_PART_BASE2 = 4,
    /// The path of the object (`SHRIKE_PART_FILE`) as the kernel has it, from the root of the mount namespace.
    SHRIKE_PART_REAL = 5,
    /// `struct shrike_file`: the file that the call opened or that its descriptor is of; for EXEC the executable.
    SHRIKE_PART_FILE = 6,
    /// The process' current directory.
    SHRIKE_PART_CWD = 7,
    /// The process' root directory; only with SHRIKE_FLAG_CHROOT.
    SHRIKE_PART_ROOT = 8,
    /// Arguments of the program, each with its final zero.
    SHRIKE_PART_ARGUMENTS = 9,
    /// Environment of the program, likewise.
    SHRIKE_PART_ENVIRONMENT = 10,
    /// The name that was passed to exec (bprm->filename).
    SHRIKE_PART_PROGRAM = 11,
    /// The address that was passed, as `struct sockaddr`.
    SHRIKE_PART_ADDRESS = 12,
    /// `struct shrike_socket`: what the socket itself says.
    SHRIKE_PART_SOCKET = 13,
    /// The name of a Unix socket's peer (sun_path; an abstract one begins with a zero).
    SHRIKE_PART_UNIX_PEER = 14,
    /// The name of the Unix socket itself.
    SHRIKE_PART_UNIX_LOCAL = 15,
    /// A text that is no path (memfd_create's name, a file system's type).
    SHRIKE_PART_TEXT = 16,
    /// The structure that an argument points to, as it was after the call: open_how, clone_args, pipe's descriptors, ...
    SHRIKE_PART_BLOCK = 17,
    /// No kind is greater.
    SHRIKE_PART_LAST = 17,
};

/// Bits of `shrike_part.flags`.
enum shrike_part_flag {
    /// Cut: of a path, the beginning is missing (path from the kernel) or the end (from user memory).
    SHRIKE_PART_CUT = 1,
    /// The path ends at the root of a detached mount (umount -l), not at the namespace's.
    SHRIKE_PART_DETACHED = 2,
    /// The path is of another mount namespace than the process'.
    SHRIKE_PART_OTHER_NAMESPACE = 4,
    /// The object has no name in any tree: memfd, pipe, socket, namespace file.
    SHRIKE_PART_NAMELESS = 8,
    /// The object's name is gone (unlinked).
    SHRIKE_PART_DELETED = 16,
    /// `root_offset` is told: the path as the process sees it is the tail from there.
    SHRIKE_PART_BELOW_ROOT = 32,
    /// Could not be read from user memory; the part is empty.
    SHRIKE_PART_UNREADABLE = 64,
};

/// Before the bytes of a part.
struct shrike_part {
    /// `enum shrike_part_kind`.
    shrike_u8 kind;
    /// `enum shrike_part_flag`.
    shrike_u8 flags;
    /// With SHRIKE_PART_BELOW_ROOT: where in the path the part begins that the process' root directory leaves.
    shrike_u16 root_offset;
    /// Bytes that follow, without the zeros up to the next part.
    shrike_u32 length;
};

/// Bits of `shrike_file.flags`.
enum shrike_file_flag {
    /// No name leads to it any more (no links, or unlinked).
    SHRIKE_FILE_DELETED = 1,
    /// In memory only (memfd_create(2)).
    SHRIKE_FILE_MEMORY = 2,
    /// The file system has layers (overlayfs), and which of them has the file is told. Not told where overlayfs is a module that
    /// was not there when the programs were loaded; `magic` says in any case that it is one (OVERLAYFS_SUPER_MAGIC).
    SHRIKE_FILE_LAYERED = 4,
    /// With SHRIKE_FILE_LAYERED: it is in the upper, writable layer.
    SHRIKE_FILE_UPPER = 8,
    /// A socket; a pipe.
    SHRIKE_FILE_SOCKET = 16,
    SHRIKE_FILE_PIPE = 32,
    /// The open that it comes from made it.
    SHRIKE_FILE_CREATED = 64,
};

/// A file by what does not change with its name.
struct shrike_file {
    shrike_u64 inode;
    /// Device as the kernel encodes it: major << 20 | minor.
    shrike_u32 device;
    /// `st_mode`.
    shrike_u32 mode;
    shrike_u32 uid, gid;
    /// `enum shrike_file_flag`.
    shrike_u32 flags;
    /// The flags it is open with (O_…); 0 for executables.
    shrike_u32 open_flags;
    /// The file system (linux/magic.h).
    shrike_u64 magic;
    /// Last changes of inode and content, nanoseconds since the epoch; 0 when this kernel's layout is not known.
    shrike_u64 change_time, modification_time;
};

/// A socket's own word.
struct shrike_socket {
    /// Address family (AF_…), type (SOCK_…), protocol and state (enum of net/tcp_states.h).
    shrike_u16 family, type, protocol, state;
    /// Ports in host order.
    shrike_u16 local_port, peer_port;
    shrike_u32 reserved;
    /// Addresses in network order: an IPv4 one is the first 4 bytes.
    shrike_u8 local[16], peer[16];
    /// The socket's inode number.
    shrike_u64 inode;
};

#endif
