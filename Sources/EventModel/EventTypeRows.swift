extension EventTypeRow {
    /// The events of system calls, as Falco names them and their arguments.
    static let syscalls: [EventTypeRow] = [
        EventTypeRow("accept", "fd:fd=result, tuple:tuple, queuepct:u8, queuelen:u32, queuemax:u32"),
        EventTypeRow("accept4", "fd:fd=result, tuple:tuple, queuepct:u8, queuelen:u32, queuemax:u32, flags:s32=r3"),
        EventTypeRow("access", "res:err, name:path, mode:flags{access_flags}=r1"),
        EventTypeRow("bind", "res:err, addr:addr, fd:fd=r0"),
        EventTypeRow("bpf", "fd:fd=result, cmd:enum{bpf_commands}=r0"),
        EventTypeRow("brk", "res:u64, vm_size:u32, vm_rss:u32, vm_swap:u32, addr:x64=r0"),
        EventTypeRow(
            "capset",
            """
            res:err, cap_inheritable:u64=thread.cap_inheritable, cap_permitted:u64=thread.cap_permitted, \
            cap_effective:u64=thread.cap_effective
            """
        ),
        EventTypeRow("chdir", "res:err, path:str=path0"),
        EventTypeRow("chmod", "res:err, filename:path, mode:mode{chmod_mode}=r1"),
        EventTypeRow("chown", "res:err, path:path, uid:u32=r1, gid:u32=r2"),
        EventTypeRow("chroot", "res:err, path:path"),
        EventTypeRow(
            "clone",
            """
            res:pid, exe:str=proc.exe, args:bytes=proc.args, tid:pid=thread.tid, pid:pid=proc.pid, \
            ptid:pid=proc.ppid, cwd:str=proc.cwd, fdlimit:s64=proc.fdlimit, pgft_maj:u64, pgft_min:u64, \
            vm_size:u32=proc.vmsize, vm_rss:u32=proc.vmrss, vm_swap:u32=proc.vmswap, comm:str=proc.name, \
            cgroups:bytes=thread.cgroups, flags:flags{clone_flags}=r0, uid:u32=user.uid, gid:u32=group.gid, \
            vtid:pid=thread.vtid, vpid:pid=proc.vpid, pidns_init_start_ts:u64=proc.pidns_init_start_ts
            """
        ),
        EventTypeRow(
            "clone3",
            """
            res:pid, exe:str=proc.exe, args:bytes=proc.args, tid:pid=thread.tid, pid:pid=proc.pid, \
            ptid:pid=proc.ppid, cwd:str=proc.cwd, fdlimit:s64=proc.fdlimit, pgft_maj:u64, pgft_min:u64, \
            vm_size:u32=proc.vmsize, vm_rss:u32=proc.vmrss, vm_swap:u32=proc.vmswap, comm:str=proc.name, \
            cgroups:bytes=thread.cgroups, flags:flags{clone_flags}, uid:u32=user.uid, gid:u32=group.gid, \
            vtid:pid=thread.vtid, vpid:pid=proc.vpid, pidns_init_start_ts:u64=proc.pidns_init_start_ts
            """
        ),
        EventTypeRow("close", "res:err, fd:fd=r0"),
        EventTypeRow("close_range", "res:err, first:u32=r0, last:u32=r1, flags:flags{close_range_flags}=r2"),
        EventTypeRow("connect", "res:err, tuple:tuple, fd:fd=r0, addr:addr"),
        EventTypeRow("copy_file_range", "res:err, fdout:fd=r2, offout:u64, fdin:fd=r0, offin:u64, len:u64=r4"),
        EventTypeRow(
            "creat",
            """
            fd:fd=result, name:path, mode:o32=r1, dev:x32, ino:u64, creat_flags:flags{creat_flags}
            """
        ),
        EventTypeRow("delete_module", "res:err, name:str, flags:flags{delete_module_flags}=r1"),
        EventTypeRow("dup", "res:fd, oldfd:fd=r0"),
        EventTypeRow("dup2", "res:fd, oldfd:fd=r0, newfd:fd=r1"),
        EventTypeRow("dup3", "res:fd, oldfd:fd=r0, newfd:fd=r1, flags:flags{descriptor_flags}=r2"),
        EventTypeRow("epoll_create", "res:err, size:s32=r0"),
        EventTypeRow("epoll_create1", "res:err, flags:flags{epoll_create1_flags}=r0"),
        EventTypeRow("epoll_wait", "res:err, maxevents:err=r2"),
        EventTypeRow("eventfd", "res:fd, initval:u64=r0, flags:u32"),
        EventTypeRow("eventfd2", "res:fd, flags:flags{descriptor_flags}=r1, initval:u64=r0"),
        EventTypeRow(
            "execve",
            """
            res:err, exe:str=proc.exe, args:bytes=proc.args, tid:pid=thread.tid, pid:pid=proc.pid, \
            ptid:pid=proc.ppid, cwd:str=proc.cwd, fdlimit:u64=proc.fdlimit, pgft_maj:u64, pgft_min:u64, \
            vm_size:u32=proc.vmsize, vm_rss:u32=proc.vmrss, vm_swap:u32=proc.vmswap, comm:str=proc.name, \
            cgroups:bytes=thread.cgroups, env:bytes=proc.env, tty:u32=proc.tty, vpgid:pid=proc.vpgid, \
            loginuid:uid=user.loginuid, flags:flags{execve_flags}=proc.exe_flags, \
            cap_inheritable:u64=thread.cap_inheritable, cap_permitted:u64=thread.cap_permitted, \
            cap_effective:u64=thread.cap_effective, exe_ino:u64=proc.exe_ino, \
            exe_ino_ctime:time=proc.exe_ino.ctime, exe_ino_mtime:time=proc.exe_ino.mtime, uid:uid=user.uid, \
            trusted_exepath:path=proc.exepath, pgid:pid=proc.pgid, gid:gid=group.gid, filename:path
            """
        ),
        EventTypeRow(
            "execveat",
            """
            res:err, exe:str=proc.exe, args:bytes=proc.args, tid:pid=thread.tid, pid:pid=proc.pid, \
            ptid:pid=proc.ppid, cwd:str=proc.cwd, fdlimit:u64=proc.fdlimit, pgft_maj:u64, pgft_min:u64, \
            vm_size:u32=proc.vmsize, vm_rss:u32=proc.vmrss, vm_swap:u32=proc.vmswap, comm:str=proc.name, \
            cgroups:bytes=thread.cgroups, env:bytes=proc.env, tty:u32=proc.tty, vpgid:pid=proc.vpgid, \
            loginuid:uid=user.loginuid, flags:flags{execve_flags}=proc.exe_flags, \
            cap_inheritable:u64=thread.cap_inheritable, cap_permitted:u64=thread.cap_permitted, \
            cap_effective:u64=thread.cap_effective, exe_ino:u64=proc.exe_ino, \
            exe_ino_ctime:time=proc.exe_ino.ctime, exe_ino_mtime:time=proc.exe_ino.mtime, uid:uid=user.uid, \
            trusted_exepath:path=proc.exepath, pgid:pid=proc.pgid, gid:gid=group.gid
            """
        ),
        EventTypeRow("fchdir", "res:err, fd:fd=r0"),
        EventTypeRow("fchmod", "res:err, fd:fd=r0, mode:mode{chmod_mode}=r1"),
        EventTypeRow("fchmodat", "res:err, dirfd:fd=r0, filename:path@1, mode:mode{chmod_mode}=r2"),
        EventTypeRow("fchown", "res:err, fd:fd=r0, uid:u32=r1, gid:u32=r2"),
        EventTypeRow(
            "fchownat",
            """
            res:err, dirfd:fd=r0, pathname:path@1, uid:u32=r2, gid:u32=r3, flags:flags{fchownat_flags}=r4
            """
        ),
        EventTypeRow("fcntl", "res:fd, fd:fd=r0, cmd:enum{fcntl_commands}=r1, arg:u64=r2"),
        EventTypeRow("finit_module", "res:err, fd:fd=r0, uargs:str, flags:flags{finit_module_flags}=r2"),
        EventTypeRow("flock", "res:err, fd:fd=r0, operation:flags{flock_flags}=r1"),
        EventTypeRow(
            "fork",
            """
            res:pid, exe:str=proc.exe, args:bytes=proc.args, tid:pid=thread.tid, pid:pid=proc.pid, \
            ptid:pid=proc.ppid, cwd:str=proc.cwd, fdlimit:s64=proc.fdlimit, pgft_maj:u64, pgft_min:u64, \
            vm_size:u32=proc.vmsize, vm_rss:u32=proc.vmrss, vm_swap:u32=proc.vmswap, comm:str=proc.name, \
            cgroups:bytes=thread.cgroups, flags:flags{clone_flags}, uid:u32=user.uid, gid:u32=group.gid, \
            vtid:pid=thread.vtid, vpid:pid=proc.vpid, pidns_init_start_ts:u64=proc.pidns_init_start_ts
            """
        ),
        EventTypeRow(
            "fsconfig",
            """
            res:err, fd:fd=r0, cmd:enum{fsconfig_cmds}=r1, key:str, value_bytebuf:bytes, value_charbuf:str, \
            aux:s32=r4
            """
        ),
        EventTypeRow("fstat", "res:err, fd:fd=r0"),
        EventTypeRow("fstat64", "res:err"),
        EventTypeRow("futex", "res:err, addr:x64=r0, op:flags{futex_operations}=r1, val:u64=r2"),
        EventTypeRow("getcwd", "res:err, path:str=proc.cwd"),
        EventTypeRow("getdents", "res:err, fd:fd=r0"),
        EventTypeRow("getdents64", "res:err, fd:fd=r0"),
        EventTypeRow("getegid", "egid:gid=result"),
        EventTypeRow("geteuid", "euid:uid=result"),
        EventTypeRow("getgid", "gid:gid=result"),
        EventTypeRow("getpeername", ""),
        EventTypeRow("getresgid", "res:err, rgid:gid, egid:gid, sgid:gid"),
        EventTypeRow("getresuid", "res:err, ruid:uid, euid:uid, suid:uid"),
        EventTypeRow("getrlimit", "res:err, cur:s64, max:s64, resource:enum{rlimit_resources}=r0"),
        EventTypeRow("getsockname", ""),
        EventTypeRow(
            "getsockopt",
            """
            res:err, fd:fd=r0, level:enum{sockopt_levels}=r1, optname:enum{sockopt_options}=r2, val:dyn, \
            optlen:u32
            """
        ),
        EventTypeRow("getuid", "uid:uid=result"),
        EventTypeRow("init_module", "res:err, img:bytes, length:u64=r1, uargs:str"),
        EventTypeRow("inotify_init", "res:fd, flags:u8=r0"),
        EventTypeRow("inotify_init1", "res:fd, flags:flags{descriptor_flags}=r0"),
        EventTypeRow(
            "io_uring_enter",
            """
            res:err, fd:fd=r0, to_submit:u32=r1, min_complete:u32=r2, flags:flags{io_uring_enter_flags}=r3, \
            sig:sigset
            """
        ),
        EventTypeRow(
            "io_uring_register",
            """
            res:err, fd:fd=r0, opcode:enum{io_uring_register_opcodes}=r1, arg:u64=r2, nr_args:u32=r3
            """
        ),
        EventTypeRow(
            "io_uring_setup",
            """
            res:err, entries:u32=r0, sq_entries:u32, cq_entries:u32, flags:flags{io_uring_setup_flags}, \
            sq_thread_cpu:u32, sq_thread_idle:u32, features:flags{io_uring_setup_feats}
            """
        ),
        EventTypeRow("ioctl", "res:err, fd:fd=r0, request:x64=r1, argument:x64=r2"),
        EventTypeRow(
            "keyctl",
            """
            res:err, operation:enum{keyctl_operations}=r0, arg2:dyn=r1, arg3:dyn=r2, arg4:dyn=r3, arg5:dyn=r4
            """
        ),
        EventTypeRow("kill", "res:err, pid:pid=r0, sig:sig=r1"),
        EventTypeRow("lchown", "res:err, path:path, uid:u32=r1, gid:u32=r2"),
        EventTypeRow("link", "res:err, oldpath:path, newpath:path"),
        EventTypeRow(
            "linkat",
            """
            res:err, olddir:fd=r0, oldpath:path@1, newdir:fd=r2, newpath:path@3, flags:flags{linkat_flags}=r4
            """
        ),
        EventTypeRow("listen", "res:err, fd:fd=r0, backlog:s32=r1"),
        EventTypeRow("llseek", "res:err, fd:fd=r0, offset:u64, whence:enum{lseek_whence}=r4"),
        EventTypeRow("lseek", "res:err, fd:fd=r0, offset:u64=r1, whence:enum{lseek_whence}=r2"),
        EventTypeRow("lstat", "res:err, path:path"),
        EventTypeRow("lstat64", "res:err, path:path"),
        EventTypeRow("memfd_create", "fd:fd=result, name:str=fd.name, flags:flags{memfd_create_flags}=r1"),
        EventTypeRow("mkdir", "res:err, path:path, mode:x32=r1"),
        EventTypeRow("mkdirat", "res:err, dirfd:fd=r0, path:path@1, mode:x32=r2"),
        EventTypeRow("mknod", "res:err, path:path, mode:mode{mknod_mode}=r1, dev:u32=r2"),
        EventTypeRow("mknodat", "res:err, dirfd:fd=r0, path:path@1, mode:mode{mknod_mode}=r2, dev:u32=r3"),
        EventTypeRow("mlock", "res:err, addr:x64=r0, len:u64=r1"),
        EventTypeRow("mlock2", "res:err, addr:x64=r0, len:u64=r1, flags:flags{mlock2_flags}=r2"),
        EventTypeRow("mlockall", "res:err, flags:flags{mlockall_flags}=r0"),
        EventTypeRow(
            "mmap",
            """
            res:err, vm_size:u32, vm_rss:u32, vm_swap:u32, addr:x64=r0, length:u64=r1, \
            prot:flags{prot_flags}=r2, flags:flags{mmap_flags}=r3, fd:fd=r4, offset:u64=r5
            """
        ),
        EventTypeRow(
            "mmap2",
            """
            res:err, vm_size:u32, vm_rss:u32, vm_swap:u32, addr:x64=r0, length:u64=r1, \
            prot:flags{prot_flags}=r2, flags:flags{mmap_flags}=r3, fd:fd=r4, pgoffset:u64=r5
            """
        ),
        EventTypeRow("mount", "res:err, dev:str=path1, dir:path=path0, type:str, flags:flags{mount_flags}=r3"),
        EventTypeRow("mprotect", "res:err, addr:x64=r0, length:u64=r1, prot:flags{prot_flags}=r2"),
        EventTypeRow("munlock", "res:err, addr:x64=r0, len:u64=r1"),
        EventTypeRow("munlockall", "res:err"),
        EventTypeRow("munmap", "res:err, vm_size:u32, vm_rss:u32, vm_swap:u32, addr:x64=r0, length:u64=r1"),
        EventTypeRow("nanosleep", "res:err, interval:time"),
        EventTypeRow("newfstatat", "res:err, dirfd:fd=r0, path:path@1, flags:flags{newfstatat_flags}=r3"),
        EventTypeRow(
            "open",
            """
            fd:fd=result, name:path, flags:flags{file_flags}=r1, mode:o32=r2, dev:x32=fd.dev, ino:u64=fd.ino
            """
        ),
        EventTypeRow(
            "open_by_handle_at",
            """
            fd:fd=result, mountfd:fd=r0, flags:flags{file_flags}=r2, path:path, dev:x32=fd.dev, ino:u64=fd.ino
            """
        ),
        EventTypeRow(
            "openat",
            """
            fd:fd=result, dirfd:fd=r0, name:path@1, flags:flags{file_flags}=r2, mode:o32=r3, dev:x32=fd.dev, \
            ino:u64=fd.ino
            """
        ),
        EventTypeRow(
            "openat2",
            """
            fd:fd=result, dirfd:fd=r0, name:path@1, flags:flags{file_flags}=how0, mode:o32=how1, \
            resolve:flags{openat2_flags}=how2, dev:x32=fd.dev, ino:u64=fd.ino
            """
        ),
        EventTypeRow("pidfd_getfd", "fd:fd=result, pid_fd:fd=r0, target_fd:fd=r1, flags:u32=r2"),
        EventTypeRow("pidfd_open", "fd:fd=result, pid:pid=r0, flags:flags{pidfd_open_flags}=r1"),
        EventTypeRow("pipe", "res:err, fd1:fd=d0, fd2:fd=d1, ino:u64"),
        EventTypeRow("pipe2", "res:err, fd1:fd=d0, fd2:fd=d1, ino:u64, flags:flags{descriptor_flags}=r1"),
        EventTypeRow("poll", "res:err, fds:fdlist, timeout:s64=r2"),
        EventTypeRow("ppoll", "res:err, fds:fdlist, timeout:time, sigmask:sigset"),
        EventTypeRow("prctl", "res:err, option:enum{prctl_options}=r0, arg2_str:str, arg2_int:s64=r1"),
        EventTypeRow("pread", "res:err, data:bytes, fd:fd=r0, size:u32=r2, pos:u64=r3"),
        EventTypeRow("preadv", "res:err, size:u32, data:bytes, fd:fd=r0, pos:u64"),
        EventTypeRow(
            "prlimit",
            """
            res:err, newcur:s64, newmax:s64, oldcur:s64, oldmax:s64, pid:s64=r0, \
            resource:enum{rlimit_resources}=r1
            """
        ),
        EventTypeRow("process_vm_readv", "res:s64, pid:pid=r0, data:bytes"),
        EventTypeRow("process_vm_writev", "res:s64, pid:pid=r0, data:bytes"),
        EventTypeRow("ptrace", "res:err, addr:dyn=r2, data:dyn=r3, request:enum{ptrace_requests}=r0, pid:pid=r1"),
        EventTypeRow("pwrite", "res:err, data:bytes, fd:fd=r0, size:u32=r2, pos:u64=r3"),
        EventTypeRow("pwritev", "res:err, data:bytes, fd:fd=r0, size:u32, pos:u64"),
        EventTypeRow(
            "quotactl",
            """
            res:err, special:str, quotafilepath:str, dqb_bhardlimit:u64, dqb_bsoftlimit:u64, dqb_curspace:u64, \
            dqb_ihardlimit:u64, dqb_isoftlimit:u64, dqb_btime:time, dqb_itime:time, dqi_bgrace:time, \
            dqi_igrace:time, dqi_flags:flags{quotactl_dqi_flags}, quota_fmt_out:flags{quotactl_quota_fmts}, \
            cmd:flags{quotactl_cmds}=r0, type:flags{quotactl_types}=r0, id:u32=r2, \
            quota_fmt:flags{quotactl_quota_fmts}=r2
            """
        ),
        EventTypeRow("read", "res:err, data:bytes, fd:fd=r0, size:u32=r2"),
        EventTypeRow("readv", "res:err, size:u32, data:bytes, fd:fd=r0"),
        EventTypeRow("recv", "res:err, data:bytes, fd:fd=r0, size:u32=r2, tuple:tuple"),
        EventTypeRow("recvfrom", "res:err, data:bytes, tuple:tuple, fd:fd=r0, size:u32=r2"),
        EventTypeRow("recvmmsg", "res:err, fd:fd=r0, size:u32, data:bytes, tuple:tuple, msgcontrol:bytes"),
        EventTypeRow("recvmsg", "res:err, size:u32, data:bytes, tuple:tuple, msgcontrol:bytes, fd:fd=r0"),
        EventTypeRow("rename", "res:err, oldpath:path, newpath:path"),
        EventTypeRow("renameat", "res:err, olddirfd:fd=r0, oldpath:path@1, newdirfd:fd=r2, newpath:path@3"),
        EventTypeRow(
            "renameat2",
            """
            res:err, olddirfd:fd=r0, oldpath:path@1, newdirfd:fd=r2, newpath:path@3, \
            flags:flags{renameat2_flags}=r4
            """
        ),
        EventTypeRow("rmdir", "res:err, path:path"),
        EventTypeRow("seccomp", "res:err, op:u64=r0, flags:u64=r1"),
        EventTypeRow("select", "res:err"),
        EventTypeRow("semctl", "res:err, semid:s32=r0, semnum:s32=r1, cmd:flags{semctl_commands}=r2, val:s32=r3"),
        EventTypeRow("semget", "res:err, key:s32=r0, nsems:s32=r1, semflg:flags{semget_flags}=r2"),
        EventTypeRow(
            "semop",
            """
            res:err, nsops:u32=r2, sem_num_0:u16, sem_op_0:s16, sem_flg_0:flags{semop_flags}, sem_num_1:u16, \
            sem_op_1:s16, sem_flg_1:flags{semop_flags}, semid:s32=r0
            """
        ),
        EventTypeRow("send", "res:err, data:bytes, fd:fd=r0, size:u32=r2, tuple:tuple"),
        EventTypeRow("sendfile", "res:err, offset:u64, out_fd:fd=r0, in_fd:fd=r1, size:u64=r3"),
        EventTypeRow("sendmmsg", "res:err, fd:fd=r0, size:u32, data:bytes, tuple:tuple"),
        EventTypeRow("sendmsg", "res:err, data:bytes, fd:fd=r0, size:u32, tuple:tuple"),
        EventTypeRow("sendto", "res:err, data:bytes, fd:fd=r0, size:u32=r2, tuple:tuple"),
        EventTypeRow("setgid", "res:err, gid:gid=r0"),
        EventTypeRow("setns", "res:err, fd:fd=r0, nstype:flags{clone_flags}=r1"),
        EventTypeRow("setpgid", "res:err, pid:pid=r0, pgid:pid=r1"),
        EventTypeRow("setregid", "res:err, rgid:uid=r0, egid:uid=r1"),
        EventTypeRow("setresgid", "res:err, rgid:gid=r0, egid:gid=r1, sgid:gid=r2"),
        EventTypeRow("setresuid", "res:err, ruid:uid=r0, euid:uid=r1, suid:uid=r2"),
        EventTypeRow("setreuid", "res:err, ruid:uid=r0, euid:uid=r1"),
        EventTypeRow("setrlimit", "res:err, cur:s64, max:s64, resource:enum{rlimit_resources}=r0"),
        EventTypeRow("setsid", "res:pid"),
        EventTypeRow(
            "setsockopt",
            """
            res:err, fd:fd=r0, level:enum{sockopt_levels}=r1, optname:enum{sockopt_options}=r2, val:dyn, \
            optlen:u32=r4
            """
        ),
        EventTypeRow("setuid", "res:err, uid:uid=r0"),
        EventTypeRow("shutdown", "res:err, fd:fd=r0, how:enum{shutdown_how}=r1"),
        EventTypeRow("signalfd", "res:fd, fd:fd=r0, mask:u32, flags:u8"),
        EventTypeRow("signalfd4", "res:fd, flags:flags{descriptor_flags}=r3, fd:fd=r0, mask:u32"),
        EventTypeRow(
            "socket",
            """
            fd:fd=result, domain:enum{socket_families}=r0, type:u32=r1, proto:u32=r2, \
            flags:flags{descriptor_flags}=r1
            """
        ),
        EventTypeRow(
            "socketpair",
            """
            res:err, fd1:fd=d0, fd2:fd=d1, source:x64, peer:x64, domain:enum{socket_families}=r0, type:u32=r1, \
            proto:u32=r2
            """
        ),
        EventTypeRow("splice", "res:err, fd_in:fd=r0, fd_out:fd=r2, size:u64=r4, flags:flags{splice_flags}=r5"),
        EventTypeRow("stat", "res:err, path:path"),
        EventTypeRow("stat64", "res:err, path:path"),
        EventTypeRow("symlink", "res:err, target:str=path0, linkpath:path=path1"),
        EventTypeRow("symlinkat", "res:err, target:str=path0, linkdirfd:fd=r1, linkpath:path@2=path1"),
        EventTypeRow("tgkill", "res:err, pid:pid=r0, tid:pid=r1, sig:sig=r2"),
        EventTypeRow("timerfd_create", "res:fd, clockid:u8=r0, flags:u8=r1"),
        EventTypeRow("tkill", "res:err, tid:pid=r0, sig:sig=r1"),
        EventTypeRow("umount", "res:err, name:path"),
        EventTypeRow("umount2", "res:err, name:path, flags:flags{umount_flags}=r1"),
        EventTypeRow("unlink", "res:err, path:path"),
        EventTypeRow("unlinkat", "res:err, dirfd:fd=r0, name:path@1, flags:flags{unlinkat_flags}=r2"),
        EventTypeRow("unshare", "res:err, flags:flags{clone_flags}=r0"),
        EventTypeRow("userfaultfd", "res:err, flags:flags{descriptor_flags}=r0"),
        EventTypeRow(
            "vfork",
            """
            res:pid, exe:str=proc.exe, args:bytes=proc.args, tid:pid=thread.tid, pid:pid=proc.pid, \
            ptid:pid=proc.ppid, cwd:str=proc.cwd, fdlimit:s64=proc.fdlimit, pgft_maj:u64, pgft_min:u64, \
            vm_size:u32=proc.vmsize, vm_rss:u32=proc.vmrss, vm_swap:u32=proc.vmswap, comm:str=proc.name, \
            cgroups:bytes=thread.cgroups, flags:flags{clone_flags}, uid:u32=user.uid, gid:u32=group.gid, \
            vtid:pid=thread.vtid, vpid:pid=proc.vpid, pidns_init_start_ts:u64=proc.pidns_init_start_ts
            """
        ),
        EventTypeRow("write", "res:err, data:bytes, fd:fd=r0, size:u32=r2"),
        EventTypeRow("writev", "res:err, data:bytes, fd:fd=r0, size:u32"),
    ]

    /// System calls that are generic events to Falco, without arguments: what rules about files, mounts and the node ask of them.
    static let extended: [EventTypeRow] = [
        EventTypeRow("acct", "res:err, path:path"),
        EventTypeRow(
            "fchmodat2",
            """
            res:err, dirfd:fd=r0, filename:path@1, mode:mode{chmod_mode}=r2, flags:flags{fchownat_flags}=r3
            """
        ),
        EventTypeRow("fremovexattr", "res:err, fd:fd=r0, xattr:str"),
        EventTypeRow("fsetxattr", "res:err, fd:fd=r0, xattr:str"),
        EventTypeRow("ftruncate", "res:err, fd:fd=r0, length:s64=r1"),
        EventTypeRow("futimesat", "res:err, dirfd:fd=r0, path:path@1"),
        EventTypeRow("kexec_file_load", "res:err, kernel_fd:fd=r0, initrd_fd:fd=r1"),
        EventTypeRow("lremovexattr", "res:err, path:path, xattr:str"),
        EventTypeRow("lsetxattr", "res:err, path:path, xattr:str"),
        EventTypeRow("move_mount", "res:err, from_dirfd:fd=r0, from:path@1, to_dirfd:fd=r2, to:path@3"),
        EventTypeRow("pidfd_send_signal", "res:err, pidfd:fd=r0, sig:sig=r1, flags:u32=r3"),
        EventTypeRow("pivot_root", "res:err, new_root:path, put_old:path"),
        EventTypeRow("reboot", "res:err, cmd:x32=r2"),
        EventTypeRow("removexattr", "res:err, path:path, xattr:str"),
        EventTypeRow("removexattrat", "res:err, dirfd:fd=r0, path:path@1, xattr:str"),
        EventTypeRow("rt_sigqueueinfo", "res:err, pid:pid=r0, sig:sig=r1"),
        EventTypeRow("rt_tgsigqueueinfo", "res:err, pid:pid=r0, tid:pid=r1, sig:sig=r2"),
        EventTypeRow("setxattr", "res:err, path:path, xattr:str"),
        EventTypeRow("setxattrat", "res:err, dirfd:fd=r0, path:path@1, xattr:str"),
        EventTypeRow("swapoff", "res:err, path:path"),
        EventTypeRow("swapon", "res:err, path:path"),
        EventTypeRow("truncate", "res:err, path:path, length:s64=r1"),
        EventTypeRow("utime", "res:err, path:path"),
        EventTypeRow("utimensat", "res:err, dirfd:fd=r0, path:path@1, flags:flags{fchownat_flags}=r3"),
        EventTypeRow("utimes", "res:err, path:path"),
    ]

    /// Events that are no system call.
    static let others: [EventTypeRow] = [
        EventTypeRow("procexit", "status:err=exit, ret:err=exit, sig:sig=exit, core:u8=exit, reaper_tid:pid"),
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
