/// Says what of the packages' files is not known, whenever it has become more.
struct PackageRemark {
    private var told: UInt64 = 0

    /// The warning; nil where there is nothing new to tell.
    mutating func text(leftOut: UInt64) -> String? {
        defer { told = leftOut }
        guard leftOut > told else { return nil }
        return
            "\(leftOut) files of packages, or whole lists of them in /var/lib/dpkg/info, are not known: they can't be read, are not "
            + "root's, or are too many or too large. Their programs count as nobody's (proc.exe.origin is local), so rules trust "
            + "them less; look at the permissions there, and that the host's /var/lib/dpkg is mounted as a whole"
    }
}
