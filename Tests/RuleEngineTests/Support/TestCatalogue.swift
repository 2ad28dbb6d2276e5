import EventModel

/// A catalogue with fields of every type and kind.
enum TestCatalogue {
    static let catalogue = FieldCatalogue(
        fields(
            .string,
            [
                "proc.name", "proc.pname", "proc.cmdline", "proc.exepath", "fd.name", "fd.nameraw", "fd.directory",
                "fd.filename", "fd.typechar", "fd.type", "evt.type", "syscall.type", "evt.res", "user.name",
                "container.id", "container.image.repository", "fs.path.name", "fs.path.source", "fs.path.target",
                "evt.time", "static.site",
            ]
        )
            + fields(.s64, ["proc.vpid", "evt.rawres", "fd.num", "user.loginuid", "proc.tree.loginuid"])
            + fields(.u32, ["user.uid", "proc.tty"]) + fields(.u64, ["evt.num"]) + fields(.s8, ["t.s8"])
            + fields(.u8, ["t.u8"]) + fields(.s32, ["t.s32"]) + fields(.port, ["fd.sport", "fd.cport"])
            + fields(.bool, ["evt.is_open_read", "evt.is_open_write", "evt.failed", "fd.connected"])
            + fields(.double, ["t.double"]) + fields(.bytes, ["evt.buffer", "t.bytes"])
            + fields(.address, ["fd.sip", "fd.cip"]) + fields(.relativeTime, ["proc.duration"])
            + fields(.absoluteTime, ["evt.rawtime"])
            + fields(.network, ["fd.snet"], [.filterOnly, .noRightSide, .noTransformer])
            + fields(.network, ["fd.net"], twoSided) + fields(.address, ["fd.ip"], twoSided)
            + fields(.port, ["fd.port"], twoSided)
            + fields(.string, ["proc.aname", "proc.aexepath"], ancestry) + fields(.s64, ["proc.apid"], ancestry)
            + fields(.string, ["proc.args"], [.argumentAllowed, .argumentIsIndex])
            + fields(.string, ["proc.env"], [.argumentAllowed, .argumentIsKey])
            + fields(.string, ["evt.arg"], [.argumentRequired, .argumentIsKey, .argumentIsIndex])
            + fields(.string, ["evt.rawarg"], [.argumentRequired, .argumentIsKey, .noRightSide, .noTransformer])
            + fields(.string, ["thread.cgroup"], [.argumentRequired, .argumentIsKey])
            + fields(.string, ["evt.abspath"], [.argumentAllowed, .argumentIsKey])
            + fields(.string, ["t.words", "t.others"], [.list]) + fields(.u64, ["t.numbers"], [.list])
            + fields(.string, ["evt.dir"], [.deprecated]) + fields(.string, ["evt.outputtime"], [.outputOnly])
            + [
                FieldDescription(name: "ka.verb", type: .string, meaning: "", eventSource: "k8s_audit"),
                FieldDescription(name: "jevt.value", type: .string, meaning: "", eventSource: nil),
                FieldDescription(name: "t.ns", type: .u64, meaning: "", rendering: .nineDigits),
                FieldDescription(name: "fd.dev", type: .u32, meaning: "", rendering: .upperHexadecimal),
                FieldDescription(name: "t.unknowable", type: .string, meaning: "", sources: []),
                FieldDescription(name: "t.audited", type: .string, meaning: "", sources: .anyAudit),
            ]
    )

    private static let twoSided: FieldFlags = [.filterOnly, .noRightSide, .noTransformer, .twoSided]
    private static let ancestry: FieldFlags = [
        .argumentAllowed, .argumentIsIndex, .anyElement, .noRightSide, .noTransformer,
    ]

    private static func fields(_ type: FieldType, _ names: [String], _ flags: FieldFlags = []) -> [FieldDescription] {
        names.map { FieldDescription(name: $0, type: type, flags: flags, meaning: "") }
    }
}
