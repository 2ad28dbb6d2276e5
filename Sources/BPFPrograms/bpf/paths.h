/* The path of a file from dentries and mounts: bpf_d_path is not for tracepoints. */
#ifndef SHRIKE_PATHS_H
#define SHRIKE_PATHS_H
#include "maps.h"

/* Directories and mounts on the way of one path. */
#define WALK_STEPS 512

struct walk {
    struct scratch *scratch;
    u32 area;
    u32 flags;
    u32 root, base;
    u32 component;
};

/* One step towards the root. `scratch->at` is where the path begins so far, in the area. */
static long walk_step(u32 index, struct walk *walk) {
    struct scratch *scratch = walk->scratch;
    u64 dentry = scratch->dentry, mount = scratch->mount;
    u32 at = scratch->at & (SHRIKE_PATH_MAX - 1), area = walk->area;
    if (area > AREA(AREAS - 1)) return 1;
    if (dentry == scratch->root_dentry && mount == scratch->root_mount) walk->root = area + at;
    if (dentry == scratch->base_dentry && mount == scratch->base_mount) walk->base = area + at;
    if (dentry == LOAD_ADDRESS(vfsmount, mount, mnt_root)) {
        u64 whole = mount - bpf_core_field_offset(struct mount, mnt);
        u64 parent = LOAD_ADDRESS(mount, whole, mnt_parent);
        if (parent == whole) {
            u64 namespace = LOAD_ADDRESS(mount, whole, mnt_ns);
            if (!namespace)
                walk->flags |= SHRIKE_PART_DETACHED;
            else if (namespace >= (u64)-4095) /* MNT_NS_INTERNAL, an error pointer */
                walk->flags |= SHRIKE_PART_NAMELESS;
            else if (namespace != scratch->mount_namespace)
                walk->flags |= SHRIKE_PART_OTHER_NAMESPACE;
            scratch->last = 1;
            return 1;
        }
        scratch->dentry = LOAD_ADDRESS(mount, whole, mnt_mountpoint);
        scratch->mount = parent + bpf_core_field_offset(struct mount, mnt);
        return 0;
    }
    u64 parent = LOAD_ADDRESS(dentry, dentry, d_parent);
    u32 length = LOAD(dentry, dentry, d_name.len) & 255;
    if (at < length + 1 + AREA_MARGIN) return 1;
    at -= length;
    u64 name = LOAD_ADDRESS(dentry, dentry, d_name.name);
    bpf_probe_read_kernel(&scratch->names[area + MASKED(at, SHRIKE_PATH_MAX - 1)], length, (void *)name);
    if (parent == dentry) { /* the root of a tree that is no mount's: memfd, pipe, socket */
        scratch->at = at;
        scratch->last = 1;
        walk->flags |= SHRIKE_PART_NAMELESS;
        return 1;
    }
    if (!walk->component) walk->component = area + at;
    at--;
    scratch->names[area + MASKED(at, SHRIKE_PATH_MAX - 1)] = '/';
    scratch->at = at;
    scratch->dentry = parent;
    return 0;
}

/* Walks from a dentry in a mount and writes the path to an area's end. What the path passes is compared with `root_*` and
 * `base_*`. A path that doesn't fit is its end, and SHRIKE_PART_CUT is set. */
static __noinline void walk_path(struct scratch *scratch, u64 dentry, u64 mount, u32 number, struct walked *walked) {
    u32 area = AREA(number);
    struct walk walk = {.scratch = scratch, .area = area};
    if (number >= AREAS) return;
    scratch->dentry = dentry;
    scratch->mount = mount;
    scratch->at = SHRIKE_PATH_MAX - 1;
    scratch->last = 0;
    scratch->names[area + SHRIKE_PATH_MAX - 1] = 0;
    u64 parent = LOAD_ADDRESS(dentry, dentry, d_parent);
    if (!LOAD_ADDRESS(dentry, dentry, d_hash.pprev) && parent != dentry) walk.flags |= SHRIKE_PART_DELETED;
    bpf_loop(WALK_STEPS, walk_step, &walk, 0);
    if (!scratch->last) walk.flags |= SHRIKE_PART_CUT;
    u32 at = scratch->at & (SHRIKE_PATH_MAX - 1);
    if (at == SHRIKE_PATH_MAX - 1 && !(walk.flags & SHRIKE_PART_NAMELESS)) { /* a root itself */
        at--;
        scratch->names[area + at] = '/';
        if (walk.root) walk.root--;
        if (walk.base) walk.base--;
    }
    walked->offset = area + at;
    walked->root = walk.root;
    walked->base = walk.base;
    walked->component = walk.component;
    walked->flags = walk.flags;
}

/* The path of an open file. */
static __always_inline void walk_file(struct scratch *scratch, u64 file, u32 area, struct walked *walked) {
    walk_path(
        scratch, LOAD_ADDRESS(file, file, f_path.dentry), LOAD_ADDRESS(file, file, f_path.mnt), area, walked);
}

/* Notes the directories that a task's paths begin at; the base is the current directory. */
static __always_inline void note_directories(struct scratch *scratch, u64 task) {
    u64 fs = LOAD_ADDRESS(task_struct, task, fs);
    scratch->root_dentry = LOAD_ADDRESS(fs_struct, fs, root.dentry);
    scratch->root_mount = LOAD_ADDRESS(fs_struct, fs, root.mnt);
    scratch->base_dentry = LOAD_ADDRESS(fs_struct, fs, pwd.dentry);
    scratch->base_mount = LOAD_ADDRESS(fs_struct, fs, pwd.mnt);
    u64 proxy = LOAD_ADDRESS(task_struct, task, nsproxy);
    scratch->mount_namespace = LOAD_ADDRESS(nsproxy, proxy, mnt_ns);
}

/* The file that a task has open by that number, as an address; 0 for none. */
static __always_inline u64 file_of(u64 task, u32 descriptor) {
    u64 files = LOAD_ADDRESS(task_struct, task, files);
    u64 table = LOAD_ADDRESS(files_struct, files, fdt);
    if (descriptor >= LOAD(fdtable, table, max_fds)) return 0;
    /* A pointer, loaded as that of any structure that begins with one. */
    return LOAD_ADDRESS(list_head, LOAD_ADDRESS(fdtable, table, fd) + 8ull * descriptor, next);
}

#endif
