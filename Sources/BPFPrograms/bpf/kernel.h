/* What is used of the kernel's types. Only names count: preserve_access_index makes each access a relocation that libbpf resolves
 * against the running kernel's BTF. A flavour (`name___flavour`) is the same type in another version of the kernel. */
#ifndef SHRIKE_KERNEL_H
#define SHRIKE_KERNEL_H

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

/* linux/bpf.h */
enum {
    BPF_MAP_TYPE_HASH = 1,
    BPF_MAP_TYPE_ARRAY = 2,
    BPF_MAP_TYPE_LRU_HASH = 9,
    BPF_MAP_TYPE_LPM_TRIE = 11,
    BPF_MAP_TYPE_RINGBUF = 27,
    BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_F_NO_PREALLOC = 1, BPF_F_MMAPABLE = 1 << 10 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
    struct list_head *next, *prev;
};
struct qstr {
    union {
        struct {
            u32 hash, len;
        };
        u64 hash_len;
    };
    const unsigned char *name;
};
struct super_block {
    u32 s_dev;
    unsigned long s_magic;
};
typedef struct {
    u32 val;
} kuid_t;
typedef struct {
    u32 val;
} kgid_t;
struct inode {
    unsigned short i_mode;
    kuid_t i_uid;
    kgid_t i_gid;
    struct super_block *i_sb;
    unsigned long i_ino;
    u32 i_nlink;
    s64 i_mtime_sec, i_ctime_sec;
    u32 i_mtime_nsec, i_ctime_nsec;
};
struct timespec64 {
    s64 tv_sec;
    long tv_nsec;
};
/* Before 6.11, and before 6.6. */
struct inode___before_6_11 {
    struct timespec64 __i_mtime, __i_ctime;
};
struct inode___before_6_6 {
    struct timespec64 i_mtime, i_ctime;
};
struct ovl_inode {
    struct inode vfs_inode;
    struct dentry *__upperdentry;
};
/* A subvolume of btrfs has a device number of its own, which fstat(2) tells. */
struct btrfs_root {
    u32 anon_dev;
};
struct btrfs_inode {
    struct btrfs_root *root;
    struct inode vfs_inode;
};
struct hlist_bl_node {
    struct hlist_bl_node *next, **pprev;
};
struct dentry {
    unsigned int d_flags;
    struct hlist_bl_node d_hash;
    struct dentry *d_parent;
    struct qstr d_name;
};
struct vfsmount {
    struct dentry *mnt_root;
};
struct mount {
    struct mount *mnt_parent;
    struct dentry *mnt_mountpoint;
    struct vfsmount mnt;
    struct mnt_namespace *mnt_ns;
};
struct path {
    struct vfsmount *mnt;
    struct dentry *dentry;
};
struct file {
    void *private_data;
    struct inode *f_inode;
    unsigned int f_flags;
    unsigned int f_mode;
    struct path f_path;
};
struct fdtable {
    unsigned int max_fds;
    struct file **fd;
};
struct files_struct {
    struct fdtable *fdt;
};
struct fs_struct {
    struct path root, pwd;
};
struct kernfs_iattrs {
    kuid_t ia_uid;
};
struct kernfs_node {
    u64 id;
    struct kernfs_iattrs *iattr;
};
struct cgroup_subsys_state {
    struct cgroup_subsys_state *parent;
};
struct cgroup_root;
struct cgroup {
    struct cgroup_subsys_state self;
    struct kernfs_node *kn;
    int level;
    struct cgroup_root *root;
};
struct css_set {
    struct cgroup *dfl_cgrp;
};
struct ns_common {
    unsigned int inum;
};
struct mnt_namespace {
    struct ns_common ns;
};
struct pid_namespace {
    struct ns_common ns;
};
struct upid {
    int nr;
    struct pid_namespace *ns;
};
struct pid {
    unsigned int level;
    struct upid numbers[1];
};
struct nsproxy {
    struct mnt_namespace *mnt_ns;
};
struct mm_struct {
    unsigned long arg_start, arg_end, env_start, env_end;
};
struct linux_binprm {
    struct file *file;
    const char *filename;
    int argc;
};
typedef struct {
    u64 val;
} kernel_cap_t;
struct cred {
    kuid_t uid, euid;
    kgid_t gid, egid;
    kernel_cap_t cap_inheritable, cap_permitted, cap_effective;
    struct user_namespace *user_ns;
};
typedef struct {
    int counter;
} atomic_t;
struct tty_driver {
    int major, minor_start;
};
struct tty_struct {
    int index;
    struct tty_driver *driver;
};
struct signal_struct {
    atomic_t live;
    int group_exit_code;
    unsigned int flags;
    struct pid *pids[4];
    struct tty_struct *tty;
};
struct thread_info {
    unsigned long flags;
    u32 status;
};
struct task_struct {
    struct thread_info thread_info;
    unsigned int flags;
    struct mm_struct *mm;
    int exit_code;
    int pid, tgid;
    struct task_struct *real_parent, *group_leader;
    struct pid *thread_pid;
    u64 start_boottime;
    const struct cred *cred;
    char comm[16];
    struct fs_struct *fs;
    struct files_struct *files;
    struct nsproxy *nsproxy;
    struct signal_struct *signal;
    kuid_t loginuid;
    unsigned int sessionid;
    struct css_set *cgroups;
};
struct bpf_iter__task {
    struct task_struct *task;
};
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
    unsigned long bp, bx, r10, r9, r8, ax, cx, dx, si, di, orig_ax;
};
#elif defined(__TARGET_ARCH_arm64)
struct pt_regs {
    u64 regs[31];
    u64 orig_x0;
    s32 syscallno;
};
#endif

struct in6_addr {
    u8 bytes[16];
};
struct sock_common {
    __be32 skc_daddr, skc_rcv_saddr;
    __be16 skc_dport;
    u16 skc_num;
    unsigned short skc_family;
    unsigned char skc_state;
    struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};
struct sock {
    struct sock_common __sk_common;
    u16 sk_type, sk_protocol;
};
struct socket {
    struct sock *sk;
};
struct sockaddr_un {
    unsigned short sun_family;
};
struct unix_address {
    int len;
    struct sockaddr_un name[0];
};
struct unix_sock {
    struct unix_address *addr;
    struct sock *peer;
};

struct open_how {
    u64 flags, mode, resolve;
};
struct filename {
    const char *name;
};
struct io_uring_cqe {
    u64 user_data;
    s32 res;
};
struct io_cmd_data {
    struct file *file;
};
struct io_rsrc_node {
    unsigned long file_ptr;
};
struct io_rsrc_data {
    unsigned int nr;
    struct io_rsrc_node **nodes;
};
struct io_file_table {
    struct io_rsrc_data data;
};
struct io_ring_ctx {
    unsigned int flags;
    struct io_file_table file_table;
};
/* Before 6.13. */
struct io_file_table___before_6_13 {
    void *files;
};
struct io_ring_ctx___before_6_13 {
    unsigned int nr_user_files;
};
struct io_cqe {
    u64 user_data;
};
struct io_kiocb {
    struct file *file;
    struct io_cmd_data cmd;
    u8 opcode;
    u64 flags;
    struct io_cqe cqe;
    struct io_ring_ctx *ctx;
};
/* Before 6.8 the flags had 32 bits: libbpf takes the size from the kernel. */
struct io_open {
    int dfd;
    u32 file_slot;
    struct filename *filename;
    struct open_how how;
};
struct io_rename {
    int old_dfd, new_dfd;
    struct filename *oldpath, *newpath;
    int flags;
};
struct io_unlink {
    int dfd, flags;
    struct filename *filename;
};
struct io_mkdir {
    int dfd;
    unsigned short mode;
    struct filename *filename;
};
struct io_link {
    int old_dfd, new_dfd;
    struct filename *oldpath, *newpath;
    int flags;
};
struct xattr_name {
    char name[256];
};
struct kernel_xattr_ctx {
    unsigned long size;
    struct xattr_name *kname;
    unsigned int flags;
};
struct io_xattr {
    struct kernel_xattr_ctx ctx;
    struct filename *filename;
};
struct io_accept {
    u32 file_slot;
};
struct io_socket {
    int domain, type, protocol;
    u32 file_slot;
};

#pragma clang attribute pop

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#endif
