/// RPM's database of installed packages: of each the header, in one of three kinds of file. The file is only read: nothing is locked, so
/// that what a running transaction has not written yet is missing until the file has changed.
public enum RPMDatabase {
    /// Where it lies, newest kind first: SQLite (rpm 4.16 and later; Fedora's place and that of others), ndb (SUSE), Berkeley DB (RHEL 8
    /// and older, Amazon Linux 2).
    public static let paths: [StaticString] = [
        "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/Packages.db",
        "/var/lib/rpm/Packages.db", "/usr/lib/sysimage/rpm/Packages", "/var/lib/rpm/Packages",
    ]

    /// Largest header that is read, bytes.
    static let largestHeader = 64 << 20

    /// Calls with each package's header.
    ///
    /// - Returns: false where it is no such database, or can't be read to its end.
    public static func forEachHeader(_ path: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
        guard let file = DatabaseFile(path), let beginning = file.read(at: 0, count: DatabaseFile.beginningBytes) else {
            return false
        }
        if let berkeley = BerkeleyHash(beginning) { return berkeley.forEachHeader(file, body) }
        if let slots = PackageSlots(beginning) { return slots.forEachHeader(file, body) }
        return SQLiteDatabase.forEachHeader(path, body)
    }
}
