extension EventTypeRow {
    /// System calls of x86-64, x86, arm64 and arm that have no event of their own: libseccomp's names, and those newer
    /// than the oldest libseccomp that Shrike builds with (Linux 6.18, include/uapi/asm-generic/unistd.h).
    static let genericSyscalls = """
        _llseek _newselect _sysctl add_key adjtimex afs_syscall alarm arch_prctl arm_fadvise64_64
        arm_sync_file_range bdflush break cachestat capget chown32 clock_adjtime clock_adjtime64 clock_getres
        clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 clock_settime
        clock_settime64 create_module epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait_old exit
        exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate fanotify_init fanotify_mark fchown32
        fcntl64 fdatasync fgetxattr file_getattr file_setattr flistxattr fsmount fsopen fspick fstatat64 fstatfs
        fstatfs64 fsync ftime ftruncate64 futex_requeue futex_time64 futex_wait futex_waitv futex_wake
        get_kernel_syms get_mempolicy get_robust_list get_thread_area getcpu getegid32 geteuid32 getgid32
        getgroups getgroups32 getitimer getpgid getpgrp getpid getpmsg getppid getpriority getrandom getresgid32
        getresuid32 getrusage getsid gettid gettimeofday getuid32 getxattr getxattrat gtty idle
        inotify_add_watch inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64
        io_setup io_submit ioperm iopl ioprio_get ioprio_set ipc kcmp kexec_load landlock_add_rule
        landlock_create_ruleset landlock_restrict_self lchown32 lgetxattr listmount listxattr listxattrat
        llistxattr lock lookup_dcookie lsm_get_self_attr lsm_list_modules lsm_set_self_attr madvise
        map_shadow_stack mbind membarrier memfd_secret migrate_pages mincore modify_ldt mount_setattr move_pages
        mpx mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend
        mq_timedsend_time64 mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync name_to_handle_at
        nfsservctl nice oldfstat oldlstat oldolduname oldstat olduname open_tree open_tree_attr pause
        pciconfig_iobase pciconfig_read pciconfig_write perf_event_open personality pkey_alloc
        pkey_free pkey_mprotect ppoll_time64 pread64 preadv2 prlimit64 process_madvise process_mrelease prof
        profil pselect6 pselect6_time64 putpmsg pwrite64 pwritev2 query_module quotactl_fd readahead readdir
        readlink readlinkat recvmmsg_time64 remap_file_pages request_key restart_syscall rseq rt_sigaction
        rt_sigpending rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait
        rt_sigtimedwait_time64 sched_get_priority_max sched_get_priority_min sched_getaffinity
        sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
        sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield security semtimedop
        semtimedop_time64 sendfile64 set_mempolicy set_mempolicy_home_node set_robust_list set_thread_area
        set_tid_address setdomainname setfsgid setfsgid32 setfsuid setfsuid32 setgid32 setgroups setgroups32
        sethostname setitimer setpriority setregid32 setresgid32 setresuid32 setreuid32 settimeofday setuid32
        sgetmask shmat shmctl shmdt shmget sigaction sigaltstack signal sigpending sigprocmask sigreturn
        sigsuspend socketcall ssetmask statfs statfs64 statmount statx stime stty sync sync_file_range syncfs
        sysfs sysinfo syslog tee time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64
        timer_settime timer_settime64 timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times
        truncate64 tuxcall ugetrlimit ulimit umask uname uselib ustat utimensat_time64 vhangup vm86 vm86old
        vmsplice vserver wait4 waitid waitpid
        """
}
