extension FlagVocabulary {
    /// Sets of flags. Kernel numbers: include/uapi/asm-generic/fcntl.h, linux/sched.h, linux/fs.h, linux/mman.h and the
    /// man pages of the calls; on ARM four open flags differ (arch/arm64/include/uapi/asm/fcntl.h).
    static let flagRows: [FlagVocabularyRow] = [
        FlagVocabularyRow(
            "file_flags",
            """
            O_LARGEFILE=0x800:0o100000@0o400000 O_DIRECTORY=0x400:0o200000@0o40000 O_DIRECT=0x200:0o40000@0o200000
            O_TRUNC=0x100:0o1000 O_SYNC=0x80:0o4010000 O_NONBLOCK=0x40:0o4000 O_EXCL=0x20:0o200 O_DSYNC=0x10:0o10000
            O_APPEND=8:0o2000 O_CREAT=4:0o100 O_RDWR=3:2&3 O_WRONLY=2:1&3 O_RDONLY=1:0&3 O_CLOEXEC=0x1000:0o2000000
            O_NONE=0:- O_TMPFILE=0x2000:0o20000000 O_F_CREATED=0x4000:- FD_UPPER_LAYER=0x8000:-
            FD_LOWER_LAYER=0x10000:-
            """
        ),
        FlagVocabularyRow(
            "descriptor_flags",
            """
            O_LARGEFILE=0x800:0o100000@0o400000 O_DIRECTORY=0x400:0o200000@0o40000 O_DIRECT=0x200:0o40000@0o200000
            O_TRUNC=0x100:0o1000 O_SYNC=0x80:0o4010000 O_NONBLOCK=0x40:0o4000 O_EXCL=0x20:0o200 O_DSYNC=0x10:0o10000
            O_APPEND=8:0o2000 O_CREAT=4:0o100 O_RDWR=3:- O_WRONLY=2:- O_RDONLY=1:- O_CLOEXEC=0x1000:0o2000000
            O_NONE=0:- O_TMPFILE=0x2000:0o20000000 O_F_CREATED=0x4000:- FD_UPPER_LAYER=0x8000:-
            FD_LOWER_LAYER=0x10000:-
            """
        ),
        FlagVocabularyRow("creat_flags", "FD_UPPER_LAYER_CREAT=1:- FD_LOWER_LAYER_CREAT=2:-"),
        FlagVocabularyRow(
            "clone_flags",
            """
            CLONE_FILES=1:0x400 CLONE_FS=2:0x200 CLONE_IO=4:0x80000000 CLONE_NEWIPC=8:0x8000000
            CLONE_NEWNET=0x10:0x40000000 CLONE_NEWNS=0x20:0x20000 CLONE_NEWPID=0x40:0x20000000
            CLONE_NEWUTS=0x80:0x4000000 CLONE_PARENT=0x100:0x8000 CLONE_PARENT_SETTID=0x200:0x100000
            CLONE_PTRACE=0x400:0x2000 CLONE_SIGHAND=0x800:0x800 CLONE_SYSVSEM=0x1000:0x40000
            CLONE_THREAD=0x2000:0x10000 CLONE_UNTRACED=0x4000:0x800000 CLONE_VM=0x8000:0x100
            CLONE_INVERTED=0x10000:- NAME_CHANGED=0x20000:- CLOSED=0x40000:- CLONE_NEWUSER=0x100000:0x10000000
            CLONE_CHILD_CLEARTID=0x800000:0x200000 CLONE_CHILD_SETTID=0x1000000:0x1000000
            CLONE_SETTLS=0x2000000:0x80000 CLONE_STOPPED=0x4000000:- CLONE_VFORK=0x8000000:0x4000
            CLONE_NEWCGROUP=0x10000000:0x2000000 CLONE_CHILD_IN_PIDNS=0x20000000:-
            """
        ),
        FlagVocabularyRow(
            "chmod_mode",
            """
            S_IXOTH=0o1 S_IWOTH=0o2 S_IROTH=0o4 S_IXGRP=0o10 S_IWGRP=0o20 S_IRGRP=0o40 S_IXUSR=0o100 S_IWUSR=0o200
            S_IRUSR=0o400 S_ISVTX=0o1000 S_ISGID=0o2000 S_ISUID=0o4000
            """
        ),
        FlagVocabularyRow(
            "mknod_mode",
            """
            S_IXOTH=0o1 S_IWOTH=0o2 S_IROTH=0o4 S_IXGRP=0o10 S_IWGRP=0o20 S_IRGRP=0o40 S_IXUSR=0o100 S_IWUSR=0o200
            S_IRUSR=0o400 S_ISVTX=0o1000 S_ISGID=0o2000 S_ISUID=0o4000 S_IFREG=0o100000&0o170000
            S_IFCHR=0o20000&0o170000 S_IFBLK=0o60000&0o170000 S_IFIFO=0o10000&0o170000 S_IFSOCK=0o140000&0o170000
            """
        ),
        FlagVocabularyRow(
            "execve_flags",
            """
            EXE_WRITABLE=1:- EXE_UPPER_LAYER=2:- EXE_FROM_MEMFD=4:- EXE_LOWER_LAYER=8:-
            """
        ),
        FlagVocabularyRow("execveat_flags", "AT_EMPTY_PATH=1:0x1000 AT_SYMLINK_NOFOLLOW=2:0x100"),
        FlagVocabularyRow("umount_flags", "FORCE=1 DETACH=2 EXPIRE=4 NOFOLLOW=8"),
        FlagVocabularyRow(
            "mount_flags",
            """
            RDONLY=0x1 NOSUID=0x2 NODEV=0x4 NOEXEC=0x8 SYNCHRONOUS=0x10 REMOUNT=0x20 MANDLOCK=0x40 DIRSYNC=0x80
            NOATIME=0x400 NODIRATIME=0x800 BIND=0x1000 MOVE=0x2000 REC=0x4000 SILENT=0x8000 POSIXACL=0x10000
            UNBINDABLE=0x20000 PRIVATE=0x40000 SLAVE=0x80000 SHARED=0x100000 RELATIME=0x200000 KERNMOUNT=0x400000
            I_VERSION=0x800000 STRICTATIME=0x1000000 LAZYTIME=0x2000000 NOSEC=0x10000000 BORN=0x20000000
            ACTIVE=0x40000000 NOUSER=0x80000000
            """
        ),
        FlagVocabularyRow("unlinkat_flags", "AT_REMOVEDIR=0x200"),
        FlagVocabularyRow("linkat_flags", "AT_SYMLINK_FOLLOW=0x400 AT_EMPTY_PATH=0x1000"),
        FlagVocabularyRow("fchownat_flags", "AT_SYMLINK_NOFOLLOW=0x100 AT_EMPTY_PATH=0x1000"),
        FlagVocabularyRow("newfstatat_flags", "AT_EMPTY_PATH=0x1000 AT_NO_AUTOMOUNT=0x800 AT_SYMLINK_NOFOLLOW=0x100"),
        FlagVocabularyRow("renameat2_flags", "RENAME_NOREPLACE=1 RENAME_EXCHANGE=2 RENAME_WHITEOUT=4"),
        FlagVocabularyRow(
            "openat2_flags",
            """
            RESOLVE_BENEATH=1:8 RESOLVE_IN_ROOT=2:16 RESOLVE_NO_MAGICLINKS=4:2 RESOLVE_NO_SYMLINKS=8:4
            RESOLVE_NO_XDEV=16:1 RESOLVE_CACHED=32:32
            """
        ),
        FlagVocabularyRow(
            "prot_flags",
            """
            PROT_READ=1 PROT_WRITE=2 PROT_EXEC=4 PROT_SEM=8 PROT_GROWSDOWN=0x10:0x1000000
            PROT_GROWSUP=0x20:0x2000000 PROT_SAO=0x40:0x10 PROT_NONE=0
            """
        ),
        FlagVocabularyRow(
            "mmap_flags",
            """
            MAP_SHARED=1 MAP_PRIVATE=2 MAP_FIXED=4:0x10 MAP_ANONYMOUS=8:0x20 MAP_32BIT=0x10:0x40 MAP_RENAME=0x20:-
            MAP_NORESERVE=0x40:0x4000 MAP_POPULATE=0x80:0x8000 MAP_NONBLOCK=0x100:0x10000 MAP_GROWSDOWN=0x200:0x100
            MAP_DENYWRITE=0x400:0x800 MAP_EXECUTABLE=0x800:0x1000 MAP_INHERIT=0x1000:- MAP_FILE=0x2000:-
            MAP_LOCKED=0x4000:0x2000
            """
        ),
        FlagVocabularyRow("memfd_create_flags", "MFD_CLOEXEC=1 MFD_ALLOW_SEALING=2 MFD_HUGETLB=4"),
        FlagVocabularyRow(
            "finit_module_flags",
            """
            MODULE_INIT_IGNORE_MODVERSIONS=1 MODULE_INIT_IGNORE_VERMAGIC=2 MODULE_INIT_COMPRESSED_FILE=4
            """
        ),
        FlagVocabularyRow("delete_module_flags", "O_NONBLOCK=2:0o4000 O_TRUNC=1:0o1000"),
        FlagVocabularyRow("access_flags", "F_OK=0 R_OK=4 W_OK=2 X_OK=1"),
        FlagVocabularyRow("splice_flags", "SPLICE_F_MOVE=1 SPLICE_F_NONBLOCK=2 SPLICE_F_MORE=4 SPLICE_F_GIFT=8"),
        FlagVocabularyRow("flock_flags", "LOCK_SH=1 LOCK_EX=2 LOCK_NB=4 LOCK_UN=8 LOCK_NONE=0"),
        FlagVocabularyRow("close_range_flags", "CLOSE_RANGE_UNSHARE=2 CLOSE_RANGE_CLOEXEC=4"),
        FlagVocabularyRow("epoll_create1_flags", "EPOLL_CLOEXEC=1:0o2000000"),
        FlagVocabularyRow("pidfd_open_flags", "PIDFD_NONBLOCK=1:0o4000"),
        FlagVocabularyRow("mlockall_flags", "MCL_CURRENT=1 MCL_FUTURE=2 MCL_ONFAULT=4"),
        FlagVocabularyRow("mlock2_flags", "MLOCK_ONFAULT=1"),
        FlagVocabularyRow(
            "futex_operations",
            """
            FUTEX_CLOCK_REALTIME=256 FUTEX_PRIVATE_FLAG=128 FUTEX_CMP_REQUEUE_PI=12:12&127
            FUTEX_WAIT_REQUEUE_PI=11:11&127 FUTEX_WAKE_BITSET=10:10&127 FUTEX_WAIT_BITSET=9:9&127
            FUTEX_TRYLOCK_PI=8:8&127 FUTEX_UNLOCK_PI=7:7&127 FUTEX_LOCK_PI=6:6&127 FUTEX_WAKE_OP=5:5&127
            FUTEX_CMP_REQUEUE=4:4&127 FUTEX_REQUEUE=3:3&127 FUTEX_FD=2:2&127 FUTEX_WAKE=1:1&127 FUTEX_WAIT=0:0&127
            """
        ),
        FlagVocabularyRow("semget_flags", "IPC_EXCL=0x4000:0o2000 IPC_CREAT=0x2000:0o1000"),
        FlagVocabularyRow("semop_flags", "IPC_NOWAIT=1:0o4000 SEM_UNDO=2:0x1000"),
        FlagVocabularyRow(
            "semctl_commands",
            """
            IPC_STAT=0x1:2&0xff IPC_SET=0x2:1&0xff IPC_RMID=0x4:0&0xff IPC_INFO=0x8:3&0xff SEM_INFO=0x10:19&0xff
            SEM_STAT=0x20:18&0xff GETALL=0x40:13&0xff GETNCNT=0x80:14&0xff GETPID=0x100:11&0xff GETVAL=0x200:12&0xff
            GETZCNT=0x400:15&0xff SETALL=0x800:17&0xff SETVAL=0x1000:16&0xff
            """
        ),
        FlagVocabularyRow(
            "quotactl_cmds",
            """
            Q_QUOTAON=0x1:0x80000200&0xffffff00 Q_QUOTAOFF=0x2:0x80000300&0xffffff00
            Q_GETFMT=0x4:0x80000400&0xffffff00 Q_GETINFO=0x8:0x80000500&0xffffff00
            Q_SETINFO=0x10:0x80000600&0xffffff00 Q_GETQUOTA=0x20:0x80000700&0xffffff00
            Q_SETQUOTA=0x40:0x80000800&0xffffff00 Q_SYNC=0x80:0x80000100&0xffffff00
            Q_XQUOTAON=0x100:0x580100&0xffffff00 Q_XQUOTAOFF=0x200:0x580200&0xffffff00
            Q_XGETQUOTA=0x400:0x580300&0xffffff00 Q_XSETQLIM=0x800:0x580400&0xffffff00
            Q_XGETQSTAT=0x1000:0x580500&0xffffff00 Q_XQUOTARM=0x2000:0x580600&0xffffff00
            Q_XQUOTASYNC=0x4000:0x580700&0xffffff00
            """
        ),
        FlagVocabularyRow("quotactl_types", "USRQUOTA=1:0&0xff GRPQUOTA=2:1&0xff"),
        FlagVocabularyRow(
            "quotactl_quota_fmts",
            """
            QFMT_NOT_USED=1:- QFMT_VFS_OLD=2:1&0xffffffff QFMT_VFS_V0=4:2&0xffffffff QFMT_VFS_V1=8:4&0xffffffff
            """
        ),
        FlagVocabularyRow("quotactl_dqi_flags", "DQF_NONE=1:- V1_DQF_RSQUASH=2:1"),
        FlagVocabularyRow(
            "io_uring_enter_flags",
            """
            IORING_ENTER_GETEVENTS=1 IORING_ENTER_SQ_WAKEUP=2 IORING_ENTER_SQ_WAIT=4 IORING_ENTER_EXT_ARG=8
            """
        ),
        FlagVocabularyRow(
            "io_uring_setup_flags",
            """
            IORING_SETUP_IOPOLL=1 IORING_SETUP_SQPOLL=2 IORING_SQ_NEED_WAKEUP=4:- IORING_SETUP_SQ_AFF=8:4
            IORING_SETUP_CQSIZE=16:8 IORING_SETUP_CLAMP=32:16 IORING_SETUP_ATTACH_WQ=64:32
            IORING_SETUP_R_DISABLED=128:64
            """
        ),
        FlagVocabularyRow(
            "io_uring_setup_feats",
            """
            IORING_FEAT_SINGLE_MMAP=1 IORING_FEAT_NODROP=2 IORING_FEAT_SUBMIT_STABLE=4 IORING_FEAT_RW_CUR_POS=8
            IORING_FEAT_CUR_PERSONALITY=16 IORING_FEAT_FAST_POLL=32 IORING_FEAT_POLL_32BITS=64
            IORING_FEAT_SQPOLL_NONFIXED=128 IORING_FEAT_ENTER_EXT_ARG=256 IORING_FEAT_NATIVE_WORKERS=512
            IORING_FEAT_RSRC_TAGS=1024
            """
        ),
        FlagVocabularyRow(
            "pf_flags",
            """
            PROTECTION_VIOLATION=1 PAGE_NOT_PRESENT=2:0&1 WRITE_ACCESS=4:2 READ_ACCESS=8:0&2 USER_FAULT=16:4
            SUPERVISOR_FAULT=32:0&4 RESERVED_PAGE=64:8 INSTRUCTION_FETCH=128:16
            """
        ),
    ]
}
