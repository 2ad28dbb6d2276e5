import BPFFilter
import NodeState

/// Keeps the kernel's table of files up: those that rules name as a whole, by their inodes, so that no other name hides them.
struct BPFNamedFiles {
    private var table: NamedFiles
    /// By name what each slot of the filter says of it.
    private var files: [[UInt8]: [FilterImage.NamedFile]] = [:]
    /// Why the kernel was not told of some of them; nil once it was told of all.
    private(set) var refusal: SourceFailure?
    private var lookedAtSince = 0
    private let node: any NodeFiles

    init(hostRoot: String, capacity: Int, files node: any NodeFiles) {
        table = NamedFiles(root: Array(hostRoot.utf8), capacity: capacity)
        self.node = node
    }

    /// How many names are too many to be looked up.
    var leftOut: Int { table.leftOut }
    /// How many are looked up at most.
    var capacity: Int { table.capacity }

    /// Takes the files of an image that was installed, and tells the kernel of all of them.
    mutating func set(_ new: [FilterImage.NamedFile], _ connection: any BPFConnection) {
        files = Dictionary(grouping: new, by: \.path)
        table.set(files.keys)
        refusal = nil
        look(budget: table.capacity, connection)
    }

    /// Looks some of them up again: one that was written anew is another file. What the kernel refuses is tried again when its turn comes.
    mutating func look(budget: Int, _ connection: any BPFConnection) {
        do throws(SourceFailure) {
            try table.look(budget: budget, node) { [files] (path, old, new) throws(SourceFailure) in
                for file in files[path] ?? [] {
                    try connection.setFile(
                        file, from: old.map(BPFFileIdentity.init), to: new.map(BPFFileIdentity.init))
                }
            }
        } catch {
            refusal = error
            lookedAtSince = 0
            return
        }
        guard refusal != nil else { return }
        lookedAtSince += budget
        if lookedAtSince >= files.count { refusal = nil }
    }
}

extension BPFFileIdentity {
    /// From `st_dev`, which glibc's gnu_dev_major(3) takes apart.
    init(_ file: NamedFiles.Identity) {
        let device = file.device
        let major = UInt32(truncatingIfNeeded: device >> 8 & 0xfff | device >> 32 & 0xffff_f000)
        let minor = UInt32(truncatingIfNeeded: device & 0xff | device >> 12 & 0xffff_ff00)
        self.init(inode: file.inode, device: major << 20 | minor & 0xf_ffff)
    }
}
