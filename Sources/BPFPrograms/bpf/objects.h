/* What an event is about: files and sockets by their descriptors, names and addresses from user memory. */
#ifndef SHRIKE_OBJECTS_H
#define SHRIKE_OBJECTS_H
#include "record.h"

/* include/linux/fs.h; the same in all kernels since 5.0. */
#define FMODE_CREATED 0x100000

/* A bit of i_ctime_nsec that says that somebody has asked for the time (include/linux/fs.h, since 6.13). */
#define I_CTIME_QUERIED 0x80000000u

static __always_inline void file_times(struct shrike_file *file, u64 inode) {
    file->change_time = file->modification_time = 0;
    if (bpf_core_field_exists(struct inode, i_ctime_sec)) {
        file->change_time = LOAD(inode, inode, i_ctime_sec) * 1000000000ull +
                            (LOAD(inode, inode, i_ctime_nsec) & ~I_CTIME_QUERIED);
        file->modification_time = LOAD(inode, inode, i_mtime_sec) * 1000000000ull + LOAD(inode, inode, i_mtime_nsec);
        return;
    }
    struct timespec64 changed = {}, modified = {};
    if (bpf_core_field_exists(struct inode___before_6_11, __i_ctime)) {
        struct inode___before_6_11 *old = (void *)inode;
        bpf_core_read(&changed, sizeof changed, &old->__i_ctime);
        if (bpf_core_field_exists(struct inode___before_6_11, __i_mtime))
            bpf_core_read(&modified, sizeof modified, &old->__i_mtime);
    } else if (bpf_core_field_exists(struct inode___before_6_6, i_ctime)) {
        struct inode___before_6_6 *old = (void *)inode;
        bpf_core_read(&changed, sizeof changed, &old->i_ctime);
        bpf_core_read(&modified, sizeof modified, &old->i_mtime);
    }
    file->change_time = changed.tv_sec * 1000000000ull + changed.tv_nsec;
    file->modification_time = modified.tv_sec * 1000000000ull + modified.tv_nsec;
}

/* Which layer of an overlay has the file; nothing where the overlay's module was not there when the programs were loaded. */
static __always_inline u32 file_layer(u64 inode, u64 magic) {
    if (magic != OVERLAYFS_SUPER_MAGIC || !bpf_core_field_exists(struct ovl_inode, __upperdentry)) return 0;
    u64 whole = inode - bpf_core_field_offset(struct ovl_inode, vfs_inode);
    return COPY(ovl_inode, whole, __upperdentry) ? SHRIKE_FILE_LAYERED | SHRIKE_FILE_UPPER : SHRIKE_FILE_LAYERED;
}

/* The device of a file as fstat(2) tells it; where btrfs' module was not there when the programs were loaded, its file system's. */
static __always_inline u32 device_of(u64 inode) {
    u64 block = LOAD_ADDRESS(inode, inode, i_sb);
    if (LOAD(super_block, block, s_magic) == BTRFS_SUPER_MAGIC && bpf_core_field_exists(struct btrfs_root, anon_dev)) {
        u64 root = (u64)COPY(btrfs_inode, inode - bpf_core_field_offset(struct btrfs_inode, vfs_inode), root);
        u32 device = root ? COPY(btrfs_root, root, anon_dev) : 0;
        if (device) return device;
    }
    return LOAD(super_block, block, s_dev);
}

/* Describes the open file `scratch->subject`. An address from memory is a mere number; a pointer could not be an argument. */
__noinline int describe_subject(struct scratch *scratch) {
    if (!scratch) return 0;
    u64 file = scratch->subject;
    struct shrike_file *described = &scratch->described;
    u64 inode = LOAD_ADDRESS(file, file, f_inode);
    u64 dentry = LOAD_ADDRESS(file, file, f_path.dentry);
    u64 parent = LOAD_ADDRESS(dentry, dentry, d_parent);
    u64 block = LOAD_ADDRESS(inode, inode, i_sb);
    u32 mode = LOAD(inode, inode, i_mode), flags = 0;
    described->inode = LOAD(inode, inode, i_ino);
    described->device = device_of(inode);
    described->mode = mode;
    described->uid = LOAD(inode, inode, i_uid.val);
    described->gid = LOAD(inode, inode, i_gid.val);
    described->open_flags = LOAD(file, file, f_flags);
    described->magic = LOAD(super_block, block, s_magic);
    file_times(described, inode);
    if ((mode & S_IFMT) == S_IFSOCK) flags |= SHRIKE_FILE_SOCKET;
    else if ((mode & S_IFMT) == S_IFIFO)
        flags |= SHRIKE_FILE_PIPE;
    else if (!LOAD(inode, inode, i_nlink) || (!LOAD_ADDRESS(dentry, dentry, d_hash.pprev) && parent != dentry))
        flags |= SHRIKE_FILE_DELETED;
    /* A root of tmpfs that is no mount's and a regular file: memfd_create. */
    if (described->magic == TMPFS_MAGIC && parent == dentry && (mode & S_IFMT) == 0100000) flags |= SHRIKE_FILE_MEMORY;
    if (LOAD(file, file, f_mode) & FMODE_CREATED) flags |= SHRIKE_FILE_CREATED;
    described->flags = flags | file_layer(inode, described->magic);
    return 0;
}

/* Describes an open file in `scratch->described`. */
static __always_inline void describe_file(struct scratch *scratch, u64 file) {
    *(volatile u64 *)&scratch->subject = file;
    describe_subject(scratch);
}

/* The kernel's socket of an open file; 0 when it is none. */
static __always_inline u64 socket_of(u64 file) {
    u64 inode = LOAD_ADDRESS(file, file, f_inode);
    if (!file || (LOAD(inode, inode, i_mode) & S_IFMT) != S_IFSOCK) return 0;
    u64 socket = LOAD_ADDRESS(file, file, private_data);
    return LOAD_ADDRESS(socket, socket, sk);
}

/* Says in `scratch->socket` what the socket of `scratch->file` says of itself. Its family is 0 when it is none. */
__noinline int describe_socket(struct scratch *scratch) {
    if (!scratch) return 0;
    u64 file = scratch->file;
    struct shrike_socket *described = &scratch->socket;
    __builtin_memset(described, 0, sizeof *described);
    u64 sock = socket_of(file);
    if (!sock) return 0;
    u32 family = LOAD(sock, sock, __sk_common.skc_family);
    described->family = family;
    described->type = LOAD(sock, sock, sk_type);
    described->protocol = LOAD(sock, sock, sk_protocol);
    described->state = LOAD(sock, sock, __sk_common.skc_state);
    u64 inode = LOAD_ADDRESS(file, file, f_inode);
    described->inode = LOAD(inode, inode, i_ino);
    if (family != AF_INET && family != AF_INET6) return 0;
    described->local_port = LOAD(sock, sock, __sk_common.skc_num);
    described->peer_port = __builtin_bswap16(LOAD(sock, sock, __sk_common.skc_dport));
    if (family == AF_INET) {
        bpf_probe_read_kernel(described->local, 4, (void *)ADDRESS_OF(sock, sock, __sk_common.skc_rcv_saddr));
        bpf_probe_read_kernel(described->peer, 4, (void *)ADDRESS_OF(sock, sock, __sk_common.skc_daddr));
    } else {
        bpf_probe_read_kernel(described->local, 16, (void *)ADDRESS_OF(sock, sock, __sk_common.skc_v6_rcv_saddr));
        bpf_probe_read_kernel(described->peer, 16, (void *)ADDRESS_OF(sock, sock, __sk_common.skc_v6_daddr));
    }
    return 0;
}

/* Adds the name that a Unix socket is bound to. */
static __always_inline void add_unix_name(struct scratch *scratch, u32 kind, u64 sock) {
    u64 address = LOAD_ADDRESS(unix_sock, sock, addr);
    if (!sock || !address) return;
    u32 length = LOAD(unix_address, address, len) - 2;
    if (length == 0 || length > 108) return;
    add_kernel(scratch, PART(kind, 0, 0), ADDRESS_OF(unix_address, address, name) + 2, length);
}

/* Adds what is known of the socket that `scratch->file` is. */
__noinline int add_socket(struct scratch *scratch) {
    if (!scratch) return 0;
    u64 sock = socket_of(scratch->file);
    if (!sock) return 0;
    describe_socket(scratch);
    add_kernel(scratch, PART(SHRIKE_PART_SOCKET, 0, 0), (u64)&scratch->socket, sizeof scratch->socket);
    if (scratch->socket.family != AF_UNIX) return 0;
    add_unix_name(scratch, SHRIKE_PART_UNIX_LOCAL, sock);
    add_unix_name(scratch, SHRIKE_PART_UNIX_PEER, LOAD_ADDRESS(unix_sock, sock, peer));
    return 0;
}

/* Reads a name from user memory into an area. Its length without the final zero, or -1. */
static __always_inline s32 read_name(struct scratch *scratch, u32 area, u64 address, u32 *flags) {
    long count = address ? bpf_probe_read_user_str(&scratch->names[AREA(area)], SHRIKE_PATH_MAX, (void *)address) : -1;
    if (count < 1) {
        *flags = SHRIKE_PART_UNREADABLE;
        return -1;
    }
    *flags = count >= SHRIKE_PATH_MAX ? SHRIKE_PART_CUT : 0;
    return count - 1;
}

#endif
