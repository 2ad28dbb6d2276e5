/// The shapes of system calls: names, then parts (`CallShape.init(parsing:)`), with registers as in the calls' manual pages (man 2).
///
/// Calls that are missing have nothing but numbers. Names are libseccomp's; those of 32-bit ABIs are beside their equals.
enum CallShapeText {
    static let lines = """
        open path0,open1,file=result
        openat base0,path1,open2,file=result
        openat2 base0,path1,how2,file=result
        creat path0,file=result
        open_by_handle_at open2,file=result
        open_tree open_tree_attr base0,path1,file=result
        execve path0,failure
        execveat base0,path1,failure
        connect bind file0,address1/2
        accept accept4 file=result,pointed1/2
        listen shutdown getsockname getpeername getsockopt setsockopt send recv file0
        sendto file0,address4/5
        recvfrom file0,pointed4/5
        sendmsg recvmsg sendmmsg recvmmsg recvmmsg_time64 file0,message1
        socket file=result
        socketpair pair3
        pipe pipe2 pair0
        socketcall socketcall
        mount path1,second0,text2
        umount umount2 path0
        move_mount base0,path1,secondbase2,second3
        fsopen text0,file=result
        fsmount file=result
        fsconfig file0,text2
        fspick base0,path1,file=result
        mount_setattr base0,path1
        pivot_root path0,second1,changes
        chroot path0,changes
        chdir path0
        fchdir file0
        bpf block1/72
        init_module text2
        finit_module file0,text1
        delete_module text0
        setns file0,changes
        unshare setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups changes
        setuid32 setgid32 setreuid32 setregid32 setresuid32 setresgid32 setfsuid32 setfsgid32 setgroups32 changes
        setsid setpgid changes
        capset block1/24,changes
        prctl text1,changes
        clone3 block0/88
        chmod chown lchown chown32 lchown32 path0
        fchmod fchown fchown32 file0
        fchmodat fchmodat2 fchownat base0,path1
        link rename symlink path0,second1
        linkat renameat renameat2 base0,path1,secondbase2,second3
        symlinkat path0,secondbase1,second2
        unlink rmdir mkdir mknod path0
        unlinkat mkdirat mknodat base0,path1
        truncate truncate64 stat lstat stat64 lstat64 oldstat oldlstat access readlink utime utimes statfs path0
        statfs64 acct swapon swapoff uselib path0
        newfstatat fstatat64 statx faccessat faccessat2 readlinkat utimensat utimensat_time64 futimesat base0,path1
        name_to_handle_at file_getattr file_setattr base0,path1
        setxattr lsetxattr getxattr lgetxattr removexattr lremovexattr path0,text1
        setxattrat getxattrat removexattrat base0,path1,text3
        listxattr llistxattr path0
        listxattrat base0,path1
        fsetxattr fgetxattr fremovexattr file0,text1
        flistxattr file0
        inotify_add_watch file0,path1
        fanotify_mark file0,base3,path4
        quotactl path1
        dup dup2 dup3 fcntl fcntl64 file0
        memfd_create text0,file=result
        memfd_secret userfaultfd pidfd_open pidfd_getfd perf_event_open file=result
        inotify_init inotify_init1 fanotify_init eventfd eventfd2 epoll_create epoll_create1 timerfd_create file=result
        io_uring_setup block1/120,file=result
        io_uring_enter io_uring_register file0
        pidfd_send_signal file0
        kexec_file_load file0
        add_key request_key text0
        sethostname setdomainname text0
        mq_open mq_unlink text0
        read write pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2 file0
        lseek _llseek ioctl flock getdents getdents64 fallocate fsync fdatasync fstat fstat64 fstatfs fstatfs64 file0
        ftruncate ftruncate64 sync_file_range fadvise64 readahead epoll_ctl epoll_wait epoll_pwait signalfd4 file0
        sendfile sendfile64 tee file0
        splice copy_file_range file0
        vmsplice file0
        mmap mmap2 file4
        """
}
