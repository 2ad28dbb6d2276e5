/// Names of record fields as `FieldCursor.name` packs them: eight bytes at a time into a word, so that telling fields
/// apart is one comparison of integers. The tests hold each constant against the packed spelling of its name.
enum FieldName {
    static let arch: UInt64 = 0x6172_6368  // arch
    static let syscall: UInt64 = 0x0073_7973_6361_6c6c  // syscall
    static let success: UInt64 = 0x0073_7563_6365_7373  // success
    static let exit: UInt64 = 0x6578_6974  // exit
    static let a0: UInt64 = 0x6130  // a0
    static let a1: UInt64 = 0x6131  // a1
    static let a2: UInt64 = 0x6132  // a2
    static let a3: UInt64 = 0x6133  // a3
    static let a4: UInt64 = 0x6134  // a4
    static let a5: UInt64 = 0x6135  // a5
    static let items: UInt64 = 0x0069_7465_6d73  // items
    static let ppid: UInt64 = 0x7070_6964  // ppid
    static let pid: UInt64 = 0x0070_6964  // pid
    static let auid: UInt64 = 0x6175_6964  // auid
    static let uid: UInt64 = 0x0075_6964  // uid
    static let gid: UInt64 = 0x0067_6964  // gid
    static let euid: UInt64 = 0x6575_6964  // euid
    static let egid: UInt64 = 0x6567_6964  // egid
    static let tty: UInt64 = 0x0074_7479  // tty
    static let ses: UInt64 = 0x0073_6573  // ses
    static let comm: UInt64 = 0x636f_6d6d  // comm
    static let exe: UInt64 = 0x0065_7865  // exe
    static let item: UInt64 = 0x6974_656d  // item
    static let name: UInt64 = 0x6e61_6d65  // name
    static let inode: UInt64 = 0x0069_6e6f_6465  // inode
    static let dev: UInt64 = 0x0064_6576  // dev
    static let mode: UInt64 = 0x6d6f_6465  // mode
    static let ouid: UInt64 = 0x6f75_6964  // ouid
    static let nametype: UInt64 = 0x6e61_6d65_7479_7065  // nametype
    static let cwd: UInt64 = 0x0063_7764  // cwd
    static let argc: UInt64 = 0x6172_6763  // argc
    static let saddr: UInt64 = 0x0073_6164_6472  // saddr
    static let fd0: UInt64 = 0x0066_6430  // fd0
    static let fd1: UInt64 = 0x0066_6431  // fd1
    static let fd: UInt64 = 0x6664  // fd
    static let flags: UInt64 = 0x0066_6c61_6773  // flags
    static let proctitle: UInt64 = 0x726f_6374_6974_6c15  // proctitle
    static let oflag: UInt64 = 0x006f_666c_6167  // oflag
    static let resolve: UInt64 = 0x0072_6573_6f6c_7665  // resolve
    static let pp: UInt64 = 0x7070  // pp
    static let pi: UInt64 = 0x7069  // pi
    static let pe: UInt64 = 0x7065  // pe
    static let capPI: UInt64 = 0x6361_705f_7069  // cap_pi
    static let capPP: UInt64 = 0x6361_705f_7070  // cap_pp
    static let capPE: UInt64 = 0x6361_705f_7065  // cap_pe
    static let uringOp: UInt64 = 0x7572_696e_675f_6f70  // uring_op
    static let op: UInt64 = 0x6f70  // op
    static let key: UInt64 = 0x006b_6579  // key
    static let objtype: UInt64 = 0x006f_626a_7479_7065  // objtype
    static let ip: UInt64 = 0x6970  // ip
    static let code: UInt64 = 0x636f_6465  // code
    static let enrichedAUID: UInt64 = 0x4155_4944  // AUID
    static let enrichedEUID: UInt64 = 0x4555_4944  // EUID
    static let enrichedEGID: UInt64 = 0x4547_4944  // EGID
    static let enrichedSyscall: UInt64 = 0x0053_5953_4341_4c4c  // SYSCALL

    /// Packs a name as the cursor does: rotate by a byte, then exclusive or, so longer names keep every byte.
    @inline(__always)
    static func packing(_ name: UInt64, _ byte: UInt8) -> UInt64 { (name << 8 | name >> 56) ^ UInt64(byte) }
}
