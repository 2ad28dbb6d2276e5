/* Reading members of kernel structures by address. */
#ifndef SHRIKE_LOAD_H
#define SHRIKE_LOAD_H
#include "kernel.h"

/* Since 6.2: gives an address a type, so that it is loaded from directly (the verifier turns the call into a move); a bad address
 * reads as 0. Before, a helper copies, which is four times as slow. */
extern void *bpf_rdonly_cast(const void *obj, u32 type) __ksym __weak;

/* The member of the structure at an address; 0 where the address is bad. */
#define LOAD(structure, address, member)                                                                                       \
    ({                                                                                                                         \
        /* A local: within the relocated expression a member of ours would be relocated, too. */                               \
        u64 address_ = (u64)(address);                                                                                         \
        typeof(((struct structure *)0)->member) value_ = {};                                                                   \
        if (bpf_rdonly_cast)                                                                                                   \
            value_ = ((struct structure *)bpf_rdonly_cast(                                                                     \
                          (const void *)address_, bpf_core_type_id_kernel(struct structure)))                                  \
                         ->member;                                                                                             \
        else                                                                                                                   \
            bpf_core_read(&value_, sizeof value_, &((struct structure *)address_)->member);                                    \
        value_;                                                                                                                \
    })
/* The same by copying: for structures that a module can have, whose types an address can't be given. */
#define COPY(structure, address, member)                                                                                       \
    ({                                                                                                                         \
        u64 address_ = (u64)(address);                                                                                         \
        typeof(((struct structure *)0)->member) value_ = {};                                                                   \
        bpf_core_read(&value_, sizeof value_, &((struct structure *)address_)->member);                                        \
        value_;                                                                                                                \
    })
/* The same for a pointer, as an address. */
#define LOAD_ADDRESS(structure, address, member) ((u64)LOAD(structure, address, member))
/* Where a member is. */
#define ADDRESS_OF(structure, address, member) ((u64)(address) + bpf_core_field_offset(struct structure, member))

/* `value` under a mask that the compiler would drop, as it knows the range; the verifier doesn't. */
#define MASKED(value, mask)                                                                                                    \
    ({                                                                                                                         \
        u32 masked_ = (value);                                                                                                 \
        barrier_var(masked_);                                                                                                  \
        masked_ & (mask);                                                                                                      \
    })

/* asm-generic/fcntl.h, linux/fcntl.h */
#define AT_FDCWD (-100)
#define O_ACCMODE 3
#define O_WRONLY 1
#define O_RDWR 2
/* linux/stat.h */
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFIFO 0010000
/* linux/socket.h */
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
/* linux/magic.h */
#define OVERLAYFS_SUPER_MAGIC 0x794c7630
#define TMPFS_MAGIC 0x01021994
#define BTRFS_SUPER_MAGIC 0x9123683E

#endif
