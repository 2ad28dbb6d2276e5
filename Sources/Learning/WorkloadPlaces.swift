import NodeState
import Profiles

/// Where a process belongs: its workload's profile and its run.
struct WorkloadPlace {
    /// The profile's position; -1: none.
    var workload: Int32 = -1
    /// Whether it is known which workload it is, though that may have found no room.
    var isNamed = false
    /// The number of the run.
    var run: UInt32 = 0
    /// When that began, seconds since the epoch.
    var runStart: UInt32 = 0
    /// Without a profile: when to look again, seconds since the epoch.
    var retry: UInt32 = .max
    /// Of a service: a process of the run, as long as which lives no other run begins.
    var witness = Witness()

    struct Witness {
        var pid: Int32 = 0
        var serial: UInt64 = 0

        init() {}
        init(_ process: ProcessRecord) { (pid, serial) = (process.pid, process.serial) }
    }
}

/// What was found out of processes, so that the next event of one asks nobody: a table of fixed size by the process' serial.
struct WorkloadPlaces {
    struct Entry {
        /// The process; 0: free.
        var serial: UInt64 = 0
        /// The container that it was in, as an address.
        var container: UInt = 0
        var place = WorkloadPlace()
    }

    private var entries: [Entry]

    init(size: Int = 2048) { entries = Array(repeating: Entry(), count: size) }

    /// What is known of a process in a container; nil when nothing is, or it was in another.
    @inline(__always)
    func find(_ serial: UInt64, container: UInt, now: UInt32) -> Entry? {
        let entry = entries[Int(truncatingIfNeeded: serial) & (entries.count - 1)]
        guard entry.serial == serial, entry.container == container else { return nil }
        guard entry.place.workload >= 0 || now < entry.place.retry else { return nil }
        return entry
    }

    mutating func put(_ entry: Entry) { entries[Int(truncatingIfNeeded: entry.serial) & (entries.count - 1)] = entry }

    mutating func forget(_ serial: UInt64) {
        let place = Int(truncatingIfNeeded: serial) & (entries.count - 1)
        if entries[place].serial == serial { entries[place] = Entry() }
    }
}
