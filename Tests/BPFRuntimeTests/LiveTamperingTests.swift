import CBPF
import CBPFRecords
import Foundation
import Glibc
import Testing

@testable import BPFRuntime

/// What others alter in programs and maps.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveTamperingTests {
    @Test func findsWhatOthersAltered() throws {
        let live = try LiveFloodTests.session(of: "/nowhere")
        #expect(live.session.alterations().isEmpty)
        // What another root process can do by a map's id.
        var key = shrike_value_key(slot: 1, dimension: 0, reserved: 0, value: 7)
        var verdict = BPFSession.verdict(keep: 0)
        #expect(bpf_map_update_elem(live.session.values.descriptor, &key, &verdict, 0) == 0)
        #expect(live.session.alterations() == [.table("values")])
        #expect(bpf_map_delete_elem(live.session.values.descriptor, &key) == 0)
        #expect(live.session.alterations().isEmpty)
        live.session.slots[1].possible = BPFSession.bits(0)
        #expect(live.session.alterations() == [.filter])
        live.session.seal()
        live.session.control.pointee.armed = 0
        #expect(live.session.alterations() == [.disarmed])
    }

    @Test func findsAlteredSettingsAndPutsThemRight() throws {
        let live = try LiveSession(calls: [])
        var configuration = BPFConfiguration()
        (configuration.rate, configuration.burst, configuration.wantsEnvironment) = (10, 20, true)
        (configuration.ignored, configuration.canaryParent) = (getpid(), 1)
        let deeds: [(inout shrike_control) -> Void] = [
            { $0.rate = 1 }, { $0.burst = 1 }, { $0.environment = 0 }, { $0.ignored = 1 }, { $0.canary_parent = 2 },
            { $0.hash_key.first ^= 1 }, { $0.hash_key.second ^= 1 }, { $0.notes_exec_late ^= 1 },
            { $0.memory_check ^= 1 }, { $0.memory_asker = 1 }, { $0.call_sets ^= 1 }, { $0.set_epoch ^= 1 },
            { $0.forgotten ^= 1 }, { $0.generation = 0 }, { $0.processors ^= 1 }, { $0.spares ^= 1 },
            { $0.kept_operations.0 ^= 1 }, { $0.wanted.0.0 ^= 1 }, { $0.four_bytes_hint.0 ^= 1 },
        ]
        live.session.configure(configuration)
        // A process has a number, so numbers can go backwards.
        #expect(try #require(live.session.beginBits(ofProcess: getpid())) > 0)
        for (index, deed) in deeds.enumerated() {
            #expect(live.session.alterations().isEmpty)
            deed(&live.session.control.pointee)
            #expect(live.session.alterations() == [.filter], "\(index)")
            live.session.configure(configuration)
        }
    }

    /// Whose file a rule names can have entries of the table change all the time.
    @Test func findsWhatOthersAlteredWhileEntriesChange() throws {
        let live = try LiveFloodTests.session(of: "/nowhere")
        for value in 0..<500 as Range<UInt64> {
            try live.session.setValue(1, SHRIKE_BY_FILE, value, BPFSession.verdict(set: 1))
        }
        var next: UInt64 = 500
        /// Looks at all entries while one is taken out and another put in, again and again.
        func looks() throws -> Bool {
            for _ in 0..<80 {
                try live.session.setValue(1, SHRIKE_BY_FILE, next, BPFSession.verdict(set: 1))
                try live.session.remove(
                    shrike_value_key(
                        slot: 1, dimension: UInt16(SHRIKE_BY_FILE.rawValue), reserved: 0, value: next - 500))
                next += 1
                if !live.session.alterations(limit: 20).isEmpty { return false }
            }
            return true
        }
        #expect(try looks())
        var key = shrike_value_key(slot: 1, dimension: 0, reserved: 0, value: 7)
        var verdict = BPFSession.verdict(keep: 0)
        #expect(bpf_map_update_elem(live.session.values.descriptor, &key, &verdict, 0) == 0)
        #expect(try !looks())
        #expect(bpf_map_delete_elem(live.session.values.descriptor, &key) == 0)
        #expect(try looks())
    }
}
