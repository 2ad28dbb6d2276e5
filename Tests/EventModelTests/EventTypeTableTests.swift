import Testing

@testable import EventModel

@Suite struct EventTypeTableTests {
    /// Name, and its arguments' names and kinds as the reference lists them.
    static let reference = """
        accept fd,tuple,queuepct,queuelen,queuemax
        accept4 fd,tuple,queuepct,queuelen,queuemax,flags
        access res,name,mode
        bind res,addr,fd
        bpf fd,cmd
        brk res,vm_size,vm_rss,vm_swap,addr
        capset res,cap_inheritable,cap_permitted,cap_effective
        chdir res,path
        chmod res,filename,mode
        chown res,path,uid,gid
        chroot res,path
        clone res,exe,args,tid,pid,ptid,cwd,fdlimit,pgft_maj,pgft_min,vm_size,vm_rss,vm_swap,comm,cgroups,flags,\
        uid,gid,vtid,vpid,pidns_init_start_ts
        clone3 res,exe,args,tid,pid,ptid,cwd,fdlimit,pgft_maj,pgft_min,vm_size,vm_rss,vm_swap,comm,cgroups,\
        flags,uid,gid,vtid,vpid,pidns_init_start_ts
        close res,fd
        close_range res,first,last,flags
        connect res,tuple,fd,addr
        copy_file_range res,fdout,offout,fdin,offin,len
        creat fd,name,mode,dev,ino,creat_flags
        delete_module res,name,flags
        drop ratio
        dup res,oldfd
        dup2 res,oldfd,newfd
        dup3 res,oldfd,newfd,flags
        epoll_create res,size
        epoll_create1 res,flags
        epoll_wait res,maxevents
        eventfd res,initval,flags
        eventfd2 res,flags,initval
        execve res,exe,args,tid,pid,ptid,cwd,fdlimit,pgft_maj,pgft_min,vm_size,vm_rss,vm_swap,comm,cgroups,env,\
        tty,vpgid,loginuid,flags,cap_inheritable,cap_permitted,cap_effective,exe_ino,exe_ino_ctime,\
        exe_ino_mtime,uid,trusted_exepath,pgid,gid,filename
        execveat res,exe,args,tid,pid,ptid,cwd,fdlimit,pgft_maj,pgft_min,vm_size,vm_rss,vm_swap,comm,cgroups,\
        env,tty,vpgid,loginuid,flags,cap_inheritable,cap_permitted,cap_effective,exe_ino,exe_ino_ctime,\
        exe_ino_mtime,uid,trusted_exepath,pgid,gid
        fchdir res,fd
        fchmod res,fd,mode
        fchmodat res,dirfd,filename,mode
        fchown res,fd,uid,gid
        fchownat res,dirfd,pathname,uid,gid,flags
        fcntl res,fd,cmd,arg
        finit_module res,fd,uargs,flags
        flock res,fd,operation
        fork res,exe,args,tid,pid,ptid,cwd,fdlimit,pgft_maj,pgft_min,vm_size,vm_rss,vm_swap,comm,cgroups,flags,\
        uid,gid,vtid,vpid,pidns_init_start_ts
        fsconfig res,fd,cmd,key,value_bytebuf,value_charbuf,aux
        fstat res,fd
        fstat64 res
        futex res,addr,op,val
        getcwd res,path
        getdents res,fd
        getdents64 res,fd
        getegid egid
        geteuid euid
        getgid gid
        getpeername
        getresgid res,rgid,egid,sgid
        getresuid res,ruid,euid,suid
        getrlimit res,cur,max,resource
        getsockname
        getsockopt res,fd,level,optname,val,optlen
        getuid uid
        init_module res,img,length,uargs
        inotify_init res,flags
        inotify_init1 res,flags
        io_uring_enter res,fd,to_submit,min_complete,flags,sig
        io_uring_register res,fd,opcode,arg,nr_args
        io_uring_setup res,entries,sq_entries,cq_entries,flags,sq_thread_cpu,sq_thread_idle,features
        ioctl res,fd,request,argument
        keyctl res,operation,arg2,arg3,arg4,arg5
        kill res,pid,sig
        lchown res,path,uid,gid
        link res,oldpath,newpath
        linkat res,olddir,oldpath,newdir,newpath,flags
        listen res,fd,backlog
        llseek res,fd,offset,whence
        lseek res,fd,offset,whence
        lstat res,path
        lstat64 res,path
        memfd_create fd,name,flags
        mkdir res,path,mode
        mkdirat res,dirfd,path,mode
        mknod res,path,mode,dev
        mknodat res,dirfd,path,mode,dev
        mlock res,addr,len
        mlock2 res,addr,len,flags
        mlockall res,flags
        mmap res,vm_size,vm_rss,vm_swap,addr,length,prot,flags,fd,offset
        mmap2 res,vm_size,vm_rss,vm_swap,addr,length,prot,flags,fd,pgoffset
        mount res,dev,dir,type,flags
        mprotect res,addr,length,prot
        munlock res,addr,len
        munlockall res
        munmap res,vm_size,vm_rss,vm_swap,addr,length
        nanosleep res,interval
        newfstatat res,dirfd,path,flags
        open fd,name,flags,mode,dev,ino
        open_by_handle_at fd,mountfd,flags,path,dev,ino
        openat fd,dirfd,name,flags,mode,dev,ino
        openat2 fd,dirfd,name,flags,mode,resolve,dev,ino
        pidfd_getfd fd,pid_fd,target_fd,flags
        pidfd_open fd,pid,flags
        pipe res,fd1,fd2,ino
        pipe2 res,fd1,fd2,ino,flags
        poll res,fds,timeout
        ppoll res,fds,timeout,sigmask
        prctl res,option,arg2_str,arg2_int
        pread res,data,fd,size,pos
        preadv res,size,data,fd,pos
        prlimit res,newcur,newmax,oldcur,oldmax,pid,resource
        process_vm_readv res,pid,data
        process_vm_writev res,pid,data
        ptrace res,addr,data,request,pid
        pwrite res,data,fd,size,pos
        pwritev res,data,fd,size,pos
        quotactl res,special,quotafilepath,dqb_bhardlimit,dqb_bsoftlimit,dqb_curspace,dqb_ihardlimit,\
        dqb_isoftlimit,dqb_btime,dqb_itime,dqi_bgrace,dqi_igrace,dqi_flags,quota_fmt_out,cmd,type,id,quota_fmt
        read res,data,fd,size
        readv res,size,data,fd
        recv res,data,fd,size,tuple
        recvfrom res,data,tuple,fd,size
        recvmmsg res,fd,size,data,tuple,msgcontrol
        recvmsg res,size,data,tuple,msgcontrol,fd
        rename res,oldpath,newpath
        renameat res,olddirfd,oldpath,newdirfd,newpath
        renameat2 res,olddirfd,oldpath,newdirfd,newpath,flags
        rmdir res,path
        seccomp res,op,flags
        select res
        semctl res,semid,semnum,cmd,val
        semget res,key,nsems,semflg
        semop res,nsops,sem_num_0,sem_op_0,sem_flg_0,sem_num_1,sem_op_1,sem_flg_1,semid
        send res,data,fd,size,tuple
        sendfile res,offset,out_fd,in_fd,size
        sendmmsg res,fd,size,data,tuple
        sendmsg res,data,fd,size,tuple
        sendto res,data,fd,size,tuple
        setgid res,gid
        setns res,fd,nstype
        setpgid res,pid,pgid
        setregid res,rgid,egid
        setresgid res,rgid,egid,sgid
        setresuid res,ruid,euid,suid
        setreuid res,ruid,euid
        setrlimit res,cur,max,resource
        setsid res
        setsockopt res,fd,level,optname,val,optlen
        setuid res,uid
        shutdown res,fd,how
        signalfd res,fd,mask,flags
        signalfd4 res,flags,fd,mask
        socket fd,domain,type,proto,flags
        socketpair res,fd1,fd2,source,peer,domain,type,proto
        splice res,fd_in,fd_out,size,flags
        stat res,path
        stat64 res,path
        symlink res,target,linkpath
        symlinkat res,target,linkdirfd,linkpath
        syscall ID,nativeID
        tgkill res,pid,tid,sig
        timerfd_create res,clockid,flags
        tkill res,tid,sig
        umount res,name
        umount2 res,name,flags
        unlink res,path
        unlinkat res,dirfd,name,flags
        unshare res,flags
        userfaultfd res,flags
        vfork res,exe,args,tid,pid,ptid,cwd,fdlimit,pgft_maj,pgft_min,vm_size,vm_rss,vm_swap,comm,cgroups,flags,\
        uid,gid,vtid,vpid,pidns_init_start_ts
        write res,data,fd,size
        writev res,data,fd,size
        """

    @Test func `events and arguments are the reference's, in its order`() throws {
        for line in Self.reference.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let type = try #require(EventType(name: words[0]), "\(words[0]) is missing")
            #expect(
                type.arguments.map(\.name).joined(separator: ",") == (words.count > 1 ? words[1] : ""), "\(words[0])")
        }
    }

    /// System calls that are generic to Falco: every path and descriptor has a place in the call, and so has a directory before it.
    @Test func `arguments of calls that are generic to Falco are found in the call`() throws {
        for row in EventTypeRow.extended {
            let type = try #require(EventType(name: row.name), "\(row.name)")
            #expect(type.isSyscall && !type.isGeneric, "\(row.name)")
            #expect(type.arguments.first?.name == "res" && type.arguments.first?.origin == .result, "\(row.name)")
            for argument in type.arguments where argument.name != "xattr" {
                #expect(argument.origin != .unknown, "\(row.name) \(argument.name)")
            }
        }
    }

    @Test(
        arguments: [
            ("pidfd_send_signal", 1, .register(0)), ("pidfd_send_signal", 2, .register(1)),
            ("rt_sigqueueinfo", 1, .register(0)), ("rt_tgsigqueueinfo", 3, .register(2)), ("fchmodat2", 2, .path(0)),
            ("fchmodat2", 3, .register(2)), ("move_mount", 4, .path(1)), ("reboot", 1, .register(2)),
            ("truncate", 2, .register(1)), ("utimensat", 3, .register(3)),
            ("openat", 0, .result), ("openat", 1, .register(0)), ("openat", 2, .path(0)), ("openat", 3, .register(2)),
            ("openat", 4, .register(3)), ("openat2", 3, .openHow(0)), ("close", 1, .register(0)),
            ("connect", 1, .socketAddress),
            ("connect", 2, .register(0)), ("clone", 15, .register(0)), ("clone3", 15, .unknown),
            ("execve", 27, .process("proc.exepath")),
            ("rename", 2, .path(1)), ("pipe2", 1, .descriptor(0)), ("procexit", 0, .exitStatus), ("getuid", 0, .result),
            ("linkat", 5, .register(4)), ("ptrace", 3, .register(0)),
        ] as [(String, Int, EventArgument.Origin)])
    func `where an argument's value is found`(type: String, position: Int, origin: EventArgument.Origin) throws {
        let arguments = try #require(EventType(name: type)).arguments
        #expect(arguments[position].origin == origin)
    }

    @Test func `relative paths start from the directory descriptor before them`() {
        let arguments = EventType(name: "renameat2")?.arguments ?? []
        #expect(arguments.map(\.directoryArgument) == [nil, nil, 1, nil, 3, nil])
    }

    @Test(
        arguments: [
            ("flags", .u32), ("res", .s64), ("name", .path), ("uid", .u32), ("sig", .u8), ("size", .u32),
            ("mode", .u32),
            ("tuple", .bytes), ("no_such_argument", nil),
        ] as [(String, FieldType?)])
    func `type of a raw argument`(name: String, type: FieldType?) {
        #expect(EventArgument.nativeType(named: name) == type)
    }
}
