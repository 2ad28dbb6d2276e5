/// A rule of the kernel's audit filter, as `auditctl -a` loads it (`struct audit_rule_data`, linux/audit.h).
struct AuditRule: Sendable, Hashable {
    /// The list that a rule belongs to (`AUDIT_FILTER_…`).
    struct List: RawRepresentable, Sendable, Hashable {
        let rawValue: UInt32
        static let user = List(rawValue: 0)
        static let task = List(rawValue: 1)
        static let exit = List(rawValue: 4)
        static let exclude = List(rawValue: 5)
        static let filesystem = List(rawValue: 6)
        static let ioUring = List(rawValue: 7)

        var name: String {
            switch self {
            case .user: "user"
            case .task: "task"
            case .exit: "exit"
            case .exclude: "exclude"
            case .filesystem: "filesystem"
            case .ioUring: "io_uring"
            default: "list\(rawValue)"
            }
        }
    }

    /// What a match means (`AUDIT_NEVER`, `AUDIT_ALWAYS`).
    struct Action: RawRepresentable, Sendable, Hashable {
        let rawValue: UInt32
        static let never = Action(rawValue: 0)
        static let always = Action(rawValue: 2)

        var name: String { self == .never ? "never" : self == .always ? "always" : "action\(rawValue)" }
    }

    var list: List
    var action: Action
    var syscalls: SyscallMask
    /// The conditions, in order; all must hold.
    var fields: [AuditRuleField]
    /// The keys under which the event is logged, one per `-k`; bytes, not necessarily text.
    var keys: [[UInt8]]

    init(
        list: List = .exit, action: Action = .always, syscalls: SyscallMask = SyscallMask(),
        fields: [AuditRuleField] = [], keys: [[UInt8]] = []
    ) {
        self.list = list
        self.action = action
        self.syscalls = syscalls
        self.fields = fields
        self.keys = keys
    }

    /// The kernel refuses rules with more fields; the key is one of them (`AUDIT_MAX_FIELDS`).
    static let maximumFields = 64
    /// The path that a watch or directory field names; a rule has at most one.
    var watchedPath: AuditRuleField? { fields.first { $0.kind == .path || $0.kind == .directory } }
    /// The ABI that the rule is for; nil for every one.
    var architecture: UInt32? {
        for field in fields where field.kind == .architecture && field.comparison == .equal { return field.number }
        return nil
    }
}

/// One condition of an audit rule.
struct AuditRuleField: Sendable, Hashable {
    /// What is compared (`AUDIT_PID` …).
    struct Kind: RawRepresentable, Sendable, Hashable {
        let rawValue: UInt32
        static let pid = Kind(rawValue: 0)
        static let architecture = Kind(rawValue: 11)
        static let messageType = Kind(rawValue: 12)
        static let parent = Kind(rawValue: 18)
        static let success = Kind(rawValue: 104)
        static let path = Kind(rawValue: 105)
        static let permission = Kind(rawValue: 106)
        static let directory = Kind(rawValue: 107)
        static let executable = Kind(rawValue: 112)
        static let key = Kind(rawValue: 210)
        static func argument(_ index: Int) -> Kind { Kind(rawValue: 200 + UInt32(index)) }

        /// Whether the value is text in the rule's buffer: paths, key, executable, and the SELinux fields.
        var isText: Bool {
            switch rawValue {
            case 13...17, 19...23, 105, 107, 112, 210: true
            default: false
            }
        }

        var name: String {
            switch rawValue {
            case 0: "pid"
            case 1: "uid"
            case 2: "euid"
            case 5: "gid"
            case 9: "auid"
            case 10: "pers"
            case 11: "arch"
            case 12: "msgtype"
            case 18: "ppid"
            case 25: "sessionid"
            case 26: "fstype"
            case 102: "inode"
            case 103: "exit"
            case 104: "success"
            case 105: "path"
            case 106: "perm"
            case 107: "dir"
            case 108: "filetype"
            case 112: "exe"
            case 113: "saddr_fam"
            case 200...203: "a\(rawValue - 200)"
            case 210: "key"
            default: "field\(rawValue)"
            }
        }
    }

    /// How (`AUDIT_EQUAL` …).
    struct Comparison: RawRepresentable, Sendable, Hashable {
        let rawValue: UInt32
        static let equal = Comparison(rawValue: 0x4000_0000)
        static let notEqual = Comparison(rawValue: 0x3000_0000)
        /// Any bit of the mask is set.
        static let anyBit = Comparison(rawValue: 0x0800_0000)

        var symbol: String {
            switch rawValue {
            case 0x4000_0000: "="
            case 0x3000_0000: "!="
            case 0x0800_0000: "&"
            case 0x4800_0000: "&="
            case 0x1000_0000: "<"
            case 0x2000_0000: ">"
            case 0x5000_0000: "<="
            case 0x6000_0000: ">="
            default: "?"
            }
        }
    }

    var kind: Kind
    var comparison: Comparison
    var number: UInt32
    var text: [UInt8]

    init(_ kind: Kind, _ comparison: Comparison = .equal, _ number: UInt32) {
        self.kind = kind
        self.comparison = comparison
        self.number = number
        text = []
    }

    init(_ kind: Kind, text: [UInt8], _ comparison: Comparison = .equal) {
        self.kind = kind
        self.comparison = comparison
        number = 0
        self.text = text
    }

    /// The bits of `perm=` (`AUDIT_PERM_…`).
    enum Permission {
        static let execute: UInt32 = 1
        static let write: UInt32 = 2
        static let read: UInt32 = 4
        static let attributes: UInt32 = 8
    }
}

/// The system calls of an audit rule by number.
struct SyscallMask: Sendable, Hashable {
    /// Numbers from here on can't be in a rule; those of x32 are far beyond.
    static let limit: Int32 = 2048
    /// The top bits stand for classes of calls in requests and come back clear (`AUDIT_SYSCALL_CLASSES`).
    private static let firstClass = 2032

    private(set) var words = [UInt32](repeating: 0, count: 64)

    init() {}

    init(_ numbers: some Sequence<Int32>) {
        for number in numbers { insert(number) }
    }

    /// Takes words as the kernel gives them; missing ones are 0.
    init(words: [UInt32]) {
        for index in self.words.indices where index < words.count { self.words[index] = words[index] }
    }

    /// Every call.
    static let all: SyscallMask = {
        var mask = SyscallMask()
        for index in 0..<63 { mask.words[index] = .max }
        mask.words[63] = 0x0000_ffff
        return mask
    }()

    /// Adds a call; false when a rule can't name it.
    @discardableResult
    mutating func insert(_ number: Int32) -> Bool {
        guard number >= 0, number < Self.firstClass else { return false }
        words[Int(number >> 5)] |= 1 << UInt32(number & 31)
        return true
    }

    func contains(_ number: Int32) -> Bool {
        guard number >= 0, number < Self.limit else { return false }
        return words[Int(number >> 5)] >> UInt32(number & 31) & 1 == 1
    }

    func overlaps(_ other: SyscallMask) -> Bool { words.indices.contains { words[$0] & other.words[$0] != 0 } }
    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
    /// The numbers, ascending.
    var numbers: [Int32] { (0..<Self.limit).filter(contains) }
}
