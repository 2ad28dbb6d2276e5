extension EventTypeRow {
    /// The events of system calls, as Falco names them and their arguments.
    static let syscalls: [EventTypeRow] = [
        EventTypeRow("accept", "fd:fd, tuple:tuple, queuepct:u8, queuelen:u32, queuemax:u32"),
        EventTypeRow("accept4", "fd:fd, tuple:tuple, queuepct:u8, queuelen:u32, queuemax:u32, flags:s32"),
        EventTypeRow("access", "res:err, name:path, mode:flags{access_flags}"),
        EventTypeRow("bind", "res:err, addr:addr, fd:fd"),
        EventTypeRow("bpf", "fd:fd, cmd:enum{bpf_commands}"),
        EventTypeRow("brk", "res:u64, vm_size:u32, vm_rss:u32, vm_swap:u32, addr:u64"),
        EventTypeRow("capset", "res:err, cap_inheritable:u64, cap_permitted:u64, cap_effective:u64"),
        EventTypeRow("chdir", "res:err, path:str"),
        EventTypeRow("chmod", "res:err, filename:path, mode:mode{chmod_mode}"),
        EventTypeRow("chown", "res:err, path:path, uid:u32, gid:u32"),
        EventTypeRow("chroot", "res:err, path:path"),
        EventTypeRow(
            "clone",
            """
            res:pid, exe:str, args:bytes, tid:pid, pid:pid, ptid:pid, cwd:str, fdlimit:s64, pgft_maj:u64, \
            pgft_min:u64, vm_size:u32, vm_rss:u32, vm_swap:u32, comm:str, cgroups:bytes, \
            flags:flags{clone_flags}, uid:u32, gid:u32, vtid:pid, vpid:pid, pidns_init_start_ts:u64
            """
        ),
        EventTypeRow(
            "clone3",
            """
            res:pid, exe:str, args:bytes, tid:pid, pid:pid, ptid:pid, cwd:str, fdlimit:s64, pgft_maj:u64, \
            pgft_min:u64, vm_size:u32, vm_rss:u32, vm_swap:u32, comm:str, cgroups:bytes, \
            flags:flags{clone_flags}, uid:u32, gid:u32, vtid:pid, vpid:pid, pidns_init_start_ts:u64
            """
        ),
        EventTypeRow("close", "res:err, fd:fd"),
        EventTypeRow("close_range", "res:err, first:u32, last:u32, flags:flags{close_range_flags}"),
        EventTypeRow("connect", "res:err, tuple:tuple, fd:fd, addr:addr"),
        EventTypeRow("copy_file_range", "res:err, fdout:fd, offout:u64, fdin:fd, offin:u64, len:u64"),
        EventTypeRow("creat", "fd:fd, name:path, mode:u32, dev:u32, ino:u64, creat_flags:flags{creat_flags}"),
        EventTypeRow("delete_module", "res:err, name:str, flags:flags{delete_module_flags}"),
        EventTypeRow("dup", "res:fd, oldfd:fd"),
        EventTypeRow("dup2", "res:fd, oldfd:fd, newfd:fd"),
        EventTypeRow("dup3", "res:fd, oldfd:fd, newfd:fd, flags:flags{file_flags}"),
        EventTypeRow("epoll_create", "res:err, size:s32"),
        EventTypeRow("epoll_create1", "res:err, flags:flags{epoll_create1_flags}"),
        EventTypeRow("epoll_wait", "res:err, maxevents:err"),
        EventTypeRow("eventfd", "res:fd, initval:u64, flags:u32"),
        EventTypeRow("eventfd2", "res:fd, flags:flags{file_flags}, initval:u64"),
        EventTypeRow(
            "execve",
            """
            res:err, exe:str, args:bytes, tid:pid, pid:pid, ptid:pid, cwd:str, fdlimit:u64, pgft_maj:u64, \
            pgft_min:u64, vm_size:u32, vm_rss:u32, vm_swap:u32, comm:str, cgroups:bytes, env:bytes, tty:u32, \
            vpgid:pid, loginuid:uid, flags:flags{execve_flags}, cap_inheritable:u64, cap_permitted:u64, \
            cap_effective:u64, exe_ino:u64, exe_ino_ctime:time, exe_ino_mtime:time, uid:uid, \
            trusted_exepath:path, pgid:pid, gid:gid, filename:path
            """
        ),
        EventTypeRow(
            "execveat",
            """
            res:err, exe:str, args:bytes, tid:pid, pid:pid, ptid:pid, cwd:str, fdlimit:u64, pgft_maj:u64, \
            pgft_min:u64, vm_size:u32, vm_rss:u32, vm_swap:u32, comm:str, cgroups:bytes, env:bytes, tty:u32, \
            vpgid:pid, loginuid:uid, flags:flags{execve_flags}, cap_inheritable:u64, cap_permitted:u64, \
            cap_effective:u64, exe_ino:u64, exe_ino_ctime:time, exe_ino_mtime:time, uid:uid, \
            trusted_exepath:path, pgid:pid, gid:gid
            """
        ),
        EventTypeRow("fchdir", "res:err, fd:fd"),
        EventTypeRow("fchmod", "res:err, fd:fd, mode:mode{chmod_mode}"),
        EventTypeRow("fchmodat", "res:err, dirfd:fd, filename:path@1, mode:mode{chmod_mode}"),
        EventTypeRow("fchown", "res:err, fd:fd, uid:u32, gid:u32"),
        EventTypeRow("fchownat", "res:err, dirfd:fd, pathname:path@1, uid:u32, gid:u32, flags:flags{fchownat_flags}"),
        EventTypeRow("fcntl", "res:fd, fd:fd, cmd:enum{fcntl_commands}, arg:u64"),
        EventTypeRow("finit_module", "res:err, fd:fd, uargs:str, flags:flags{finit_module_flags}"),
        EventTypeRow("flock", "res:err, fd:fd, operation:flags{flock_flags}"),
        EventTypeRow(
            "fork",
            """
            res:pid, exe:str, args:bytes, tid:pid, pid:pid, ptid:pid, cwd:str, fdlimit:s64, pgft_maj:u64, \
            pgft_min:u64, vm_size:u32, vm_rss:u32, vm_swap:u32, comm:str, cgroups:bytes, \
            flags:flags{clone_flags}, uid:u32, gid:u32, vtid:pid, vpid:pid, pidns_init_start_ts:u64
            """
        ),
        EventTypeRow(
            "fsconfig",
            """
            res:err, fd:fd, cmd:enum{fsconfig_cmds}, key:str, value_bytebuf:bytes, value_charbuf:str, aux:s32
            """
        ),
        EventTypeRow("fstat", "res:err, fd:fd"),
        EventTypeRow("fstat64", "res:err"),
        EventTypeRow("futex", "res:err, addr:u64, op:flags{futex_operations}, val:u64"),
        EventTypeRow("getcwd", "res:err, path:str"),
        EventTypeRow("getdents", "res:err, fd:fd"),
        EventTypeRow("getdents64", "res:err, fd:fd"),
        EventTypeRow("getegid", "egid:gid"),
        EventTypeRow("geteuid", "euid:uid"),
        EventTypeRow("getgid", "gid:gid"),
        EventTypeRow("getpeername", ""),
        EventTypeRow("getresgid", "res:err, rgid:gid, egid:gid, sgid:gid"),
        EventTypeRow("getresuid", "res:err, ruid:uid, euid:uid, suid:uid"),
        EventTypeRow("getrlimit", "res:err, cur:s64, max:s64, resource:enum{rlimit_resources}"),
        EventTypeRow("getsockname", ""),
        EventTypeRow(
            "getsockopt",
            """
            res:err, fd:fd, level:enum{sockopt_levels}, optname:enum{sockopt_options}, val:dyn, optlen:u32
            """
        ),
        EventTypeRow("getuid", "uid:uid"),
        EventTypeRow("init_module", "res:err, img:bytes, length:u64, uargs:str"),
        EventTypeRow("inotify_init", "res:fd, flags:u8"),
        EventTypeRow("inotify_init1", "res:fd, flags:flags{file_flags}"),
        EventTypeRow(
            "io_uring_enter",
            """
            res:err, fd:fd, to_submit:u32, min_complete:u32, flags:flags{io_uring_enter_flags}, sig:sigset
            """
        ),
        EventTypeRow(
            "io_uring_register",
            """
            res:err, fd:fd, opcode:enum{io_uring_register_opcodes}, arg:u64, nr_args:u32
            """
        ),
        EventTypeRow(
            "io_uring_setup",
            """
            res:err, entries:u32, sq_entries:u32, cq_entries:u32, flags:flags{io_uring_setup_flags}, \
            sq_thread_cpu:u32, sq_thread_idle:u32, features:flags{io_uring_setup_feats}
            """
        ),
        EventTypeRow("ioctl", "res:err, fd:fd, request:u64, argument:u64"),
        EventTypeRow("keyctl", "res:err, operation:enum{keyctl_operations}, arg2:dyn, arg3:dyn, arg4:dyn, arg5:dyn"),
        EventTypeRow("kill", "res:err, pid:pid, sig:sig"),
        EventTypeRow("lchown", "res:err, path:path, uid:u32, gid:u32"),
        EventTypeRow("link", "res:err, oldpath:path, newpath:path"),
        EventTypeRow(
            "linkat",
            """
            res:err, olddir:fd, oldpath:path@1, newdir:fd, newpath:path@3, flags:flags{linkat_flags}
            """
        ),
        EventTypeRow("listen", "res:err, fd:fd, backlog:s32"),
        EventTypeRow("llseek", "res:err, fd:fd, offset:u64, whence:enum{lseek_whence}"),
        EventTypeRow("lseek", "res:err, fd:fd, offset:u64, whence:enum{lseek_whence}"),
        EventTypeRow("lstat", "res:err, path:path"),
        EventTypeRow("lstat64", "res:err, path:path"),
        EventTypeRow("memfd_create", "fd:fd, name:str, flags:flags{memfd_create_flags}"),
        EventTypeRow("mkdir", "res:err, path:path, mode:u32"),
        EventTypeRow("mkdirat", "res:err, dirfd:fd, path:path@1, mode:u32"),
        EventTypeRow("mknod", "res:err, path:path, mode:mode{mknod_mode}, dev:u32"),
        EventTypeRow("mknodat", "res:err, dirfd:fd, path:path@1, mode:mode{mknod_mode}, dev:u32"),
        EventTypeRow("mlock", "res:err, addr:u64, len:u64"),
        EventTypeRow("mlock2", "res:err, addr:u64, len:u64, flags:flags{mlock2_flags}"),
        EventTypeRow("mlockall", "res:err, flags:flags{mlockall_flags}"),
        EventTypeRow(
            "mmap",
            """
            res:err, vm_size:u32, vm_rss:u32, vm_swap:u32, addr:u64, length:u64, prot:flags{prot_flags}, \
            flags:flags{mmap_flags}, fd:fd, offset:u64
            """
        ),
        EventTypeRow(
            "mmap2",
            """
            res:err, vm_size:u32, vm_rss:u32, vm_swap:u32, addr:u64, length:u64, prot:flags{prot_flags}, \
            flags:flags{mmap_flags}, fd:fd, pgoffset:u64
            """
        ),
        EventTypeRow("mount", "res:err, dev:str, dir:path, type:str, flags:flags{mount_flags}"),
        EventTypeRow("mprotect", "res:err, addr:u64, length:u64, prot:flags{prot_flags}"),
        EventTypeRow("munlock", "res:err, addr:u64, len:u64"),
        EventTypeRow("munlockall", "res:err"),
        EventTypeRow("munmap", "res:err, vm_size:u32, vm_rss:u32, vm_swap:u32, addr:u64, length:u64"),
        EventTypeRow("nanosleep", "res:err, interval:time"),
        EventTypeRow("newfstatat", "res:err, dirfd:fd, path:path@1, flags:flags{newfstatat_flags}"),
        EventTypeRow("open", "fd:fd, name:path, flags:flags{file_flags}, mode:u32, dev:u32, ino:u64"),
        EventTypeRow("open_by_handle_at", "fd:fd, mountfd:fd, flags:flags{file_flags}, path:path, dev:u32, ino:u64"),
        EventTypeRow("openat", "fd:fd, dirfd:fd, name:path@1, flags:flags{file_flags}, mode:u32, dev:u32, ino:u64"),
        EventTypeRow(
            "openat2",
            """
            fd:fd, dirfd:fd, name:path@1, flags:flags{file_flags}, mode:u32, resolve:flags{openat2_flags}, \
            dev:u32, ino:u64
            """
        ),
        EventTypeRow("pidfd_getfd", "fd:fd, pid_fd:fd, target_fd:fd, flags:u32"),
        EventTypeRow("pidfd_open", "fd:fd, pid:pid, flags:flags{pidfd_open_flags}"),
        EventTypeRow("pipe", "res:err, fd1:fd, fd2:fd, ino:u64"),
        EventTypeRow("pipe2", "res:err, fd1:fd, fd2:fd, ino:u64, flags:flags{file_flags}"),
        EventTypeRow("poll", "res:err, fds:fdlist, timeout:s64"),
        EventTypeRow("ppoll", "res:err, fds:fdlist, timeout:time, sigmask:sigset"),
        EventTypeRow("prctl", "res:err, option:enum{prctl_options}, arg2_str:str, arg2_int:s64"),
        EventTypeRow("pread", "res:err, data:bytes, fd:fd, size:u32, pos:u64"),
        EventTypeRow("preadv", "res:err, size:u32, data:bytes, fd:fd, pos:u64"),
        EventTypeRow(
            "prlimit",
            """
            res:err, newcur:s64, newmax:s64, oldcur:s64, oldmax:s64, pid:s64, resource:enum{rlimit_resources}
            """
        ),
        EventTypeRow("process_vm_readv", "res:s64, pid:pid, data:bytes"),
        EventTypeRow("process_vm_writev", "res:s64, pid:pid, data:bytes"),
        EventTypeRow("ptrace", "res:err, addr:dyn, data:dyn, request:enum{ptrace_requests}, pid:pid"),
        EventTypeRow("pwrite", "res:err, data:bytes, fd:fd, size:u32, pos:u64"),
        EventTypeRow("pwritev", "res:err, data:bytes, fd:fd, size:u32, pos:u64"),
        EventTypeRow(
            "quotactl",
            """
            res:err, special:str, quotafilepath:str, dqb_bhardlimit:u64, dqb_bsoftlimit:u64, dqb_curspace:u64, \
            dqb_ihardlimit:u64, dqb_isoftlimit:u64, dqb_btime:time, dqb_itime:time, dqi_bgrace:time, \
            dqi_igrace:time, dqi_flags:flags{quotactl_dqi_flags}, quota_fmt_out:flags{quotactl_quota_fmts}, \
            cmd:flags{quotactl_cmds}, type:flags{quotactl_types}, id:u32, quota_fmt:flags{quotactl_quota_fmts}
            """
        ),
        EventTypeRow("read", "res:err, data:bytes, fd:fd, size:u32"),
        EventTypeRow("readv", "res:err, size:u32, data:bytes, fd:fd"),
        EventTypeRow("recv", "res:err, data:bytes, fd:fd, size:u32, tuple:tuple"),
        EventTypeRow("recvfrom", "res:err, data:bytes, tuple:tuple, fd:fd, size:u32"),
        EventTypeRow("recvmmsg", "res:err, fd:fd, size:u32, data:bytes, tuple:tuple, msgcontrol:bytes"),
        EventTypeRow("recvmsg", "res:err, size:u32, data:bytes, tuple:tuple, msgcontrol:bytes, fd:fd"),
        EventTypeRow("rename", "res:err, oldpath:path, newpath:path"),
        EventTypeRow("renameat", "res:err, olddirfd:fd, oldpath:path@1, newdirfd:fd, newpath:path@3"),
        EventTypeRow(
            "renameat2",
            """
            res:err, olddirfd:fd, oldpath:path@1, newdirfd:fd, newpath:path@3, flags:flags{renameat2_flags}
            """
        ),
        EventTypeRow("rmdir", "res:err, path:path"),
        EventTypeRow("seccomp", "res:err, op:u64, flags:u64"),
        EventTypeRow("select", "res:err"),
        EventTypeRow("semctl", "res:err, semid:s32, semnum:s32, cmd:flags{semctl_commands}, val:s32"),
        EventTypeRow("semget", "res:err, key:s32, nsems:s32, semflg:flags{semget_flags}"),
        EventTypeRow(
            "semop",
            """
            res:err, nsops:u32, sem_num_0:u16, sem_op_0:s16, sem_flg_0:flags{semop_flags}, sem_num_1:u16, \
            sem_op_1:s16, sem_flg_1:flags{semop_flags}, semid:s32
            """
        ),
        EventTypeRow("send", "res:err, data:bytes, fd:fd, size:u32, tuple:tuple"),
        EventTypeRow("sendfile", "res:err, offset:u64, out_fd:fd, in_fd:fd, size:u64"),
        EventTypeRow("sendmmsg", "res:err, fd:fd, size:u32, data:bytes, tuple:tuple"),
        EventTypeRow("sendmsg", "res:err, data:bytes, fd:fd, size:u32, tuple:tuple"),
        EventTypeRow("sendto", "res:err, data:bytes, fd:fd, size:u32, tuple:tuple"),
        EventTypeRow("setgid", "res:err, gid:gid"),
        EventTypeRow("setns", "res:err, fd:fd, nstype:flags{clone_flags}"),
        EventTypeRow("setpgid", "res:err, pid:pid, pgid:pid"),
        EventTypeRow("setregid", "res:err, rgid:uid, egid:uid"),
        EventTypeRow("setresgid", "res:err, rgid:gid, egid:gid, sgid:gid"),
        EventTypeRow("setresuid", "res:err, ruid:uid, euid:uid, suid:uid"),
        EventTypeRow("setreuid", "res:err, ruid:uid, euid:uid"),
        EventTypeRow("setrlimit", "res:err, cur:s64, max:s64, resource:enum{rlimit_resources}"),
        EventTypeRow("setsid", "res:pid"),
        EventTypeRow(
            "setsockopt",
            """
            res:err, fd:fd, level:enum{sockopt_levels}, optname:enum{sockopt_options}, val:dyn, optlen:u32
            """
        ),
        EventTypeRow("setuid", "res:err, uid:uid"),
        EventTypeRow("shutdown", "res:err, fd:fd, how:enum{shutdown_how}"),
        EventTypeRow("signalfd", "res:fd, fd:fd, mask:u32, flags:u8"),
        EventTypeRow("signalfd4", "res:fd, flags:flags{file_flags}, fd:fd, mask:u32"),
        EventTypeRow("socket", "fd:fd, domain:enum{socket_families}, type:u32, proto:u32, flags:flags{file_flags}"),
        EventTypeRow(
            "socketpair",
            """
            res:err, fd1:fd, fd2:fd, source:u64, peer:u64, domain:enum{socket_families}, type:u32, proto:u32
            """
        ),
        EventTypeRow("splice", "res:err, fd_in:fd, fd_out:fd, size:u64, flags:flags{splice_flags}"),
        EventTypeRow("stat", "res:err, path:path"),
        EventTypeRow("stat64", "res:err, path:path"),
        EventTypeRow("symlink", "res:err, target:str, linkpath:path"),
        EventTypeRow("symlinkat", "res:err, target:str, linkdirfd:fd, linkpath:path@2"),
        EventTypeRow("tgkill", "res:err, pid:pid, tid:pid, sig:sig"),
        EventTypeRow("timerfd_create", "res:fd, clockid:u8, flags:u8"),
        EventTypeRow("tkill", "res:err, tid:pid, sig:sig"),
        EventTypeRow("umount", "res:err, name:path"),
        EventTypeRow("umount2", "res:err, name:path, flags:flags{umount_flags}"),
        EventTypeRow("unlink", "res:err, path:path"),
        EventTypeRow("unlinkat", "res:err, dirfd:fd, name:path@1, flags:flags{unlinkat_flags}"),
        EventTypeRow("unshare", "res:err, flags:flags{clone_flags}"),
        EventTypeRow("userfaultfd", "res:err, flags:flags{file_flags}"),
        EventTypeRow(
            "vfork",
            """
            res:pid, exe:str, args:bytes, tid:pid, pid:pid, ptid:pid, cwd:str, fdlimit:s64, pgft_maj:u64, \
            pgft_min:u64, vm_size:u32, vm_rss:u32, vm_swap:u32, comm:str, cgroups:bytes, \
            flags:flags{clone_flags}, uid:u32, gid:u32, vtid:pid, vpid:pid, pidns_init_start_ts:u64
            """
        ),
        EventTypeRow("write", "res:err, data:bytes, fd:fd, size:u32"),
        EventTypeRow("writev", "res:err, data:bytes, fd:fd, size:u32"),
    ]

    /// Events that are no system call.
    static let others: [EventTypeRow] = [
        EventTypeRow("procexit", "status:err, ret:err, sig:sig, core:u8, reaper_tid:pid"),
        EventTypeRow("container", "plugin_id:u32, name:str, data:bytes"),
        EventTypeRow("pluginevent", "plugin_id:u32, event_data:bytes"),
        EventTypeRow("drop", "ratio:u32"),
        EventTypeRow("switch", "next:pid, pgft_maj:u64, pgft_min:u64, vm_size:u32, vm_rss:u32, vm_swap:u32"),
        EventTypeRow("signaldeliver", "spid:pid, dpid:pid, sig:sig"),
        EventTypeRow("page_fault", "addr:u64, ip:u64, error:flags{pf_flags}"),
        EventTypeRow("cpu_hotplug", "cpu:u32, action:u32"),
        EventTypeRow("notification", "id:str, desc:str"),
        EventTypeRow("useradded", "uid:u32, gid:u32, name:str, home:str, shell:str, container_id:str"),
        EventTypeRow("userdeleted", "uid:u32, gid:u32, name:str, home:str, shell:str, container_id:str"),
        EventTypeRow("groupadded", "gid:u32, name:str, container_id:str"),
        EventTypeRow("groupdeleted", "gid:u32, name:str, container_id:str"),
        EventTypeRow("syscall", "ID:syscall, nativeID:u16"),
    ]
}
