import CBPF
import CBPFRecords
import Glibc
import KernelInterface
import Testing

@testable import BPFRuntime

/// Sets and places in memory that no kernel writes: what programs do, a test does at the moment that matters.
@Suite struct CallSetsTests {
    private final class Scene {
        let control = UnsafeMutablePointer<shrike_control>.allocate(capacity: 1)
        let sets: UnsafeMutableBufferPointer<shrike_call_set>
        let calls: CallSets
        var told: [UInt64: Set<Int32>] = [:]

        init(_ count: Int) throws {
            control.initialize(to: shrike_control())
            let memory: MappedArray<shrike_call_set> = try CallSetsTests.memory(count)
            sets = memory.entries
            calls = CallSets(descriptor: -1, memory: memory)
        }

        deinit { control.deallocate() }

        /// A program of a group notes a call.
        func note(_ index: Int, group: UInt64, call: Int) {
            sets[index].group = group
            sets[index].member_group = group
            sets[index].calls.0 |= 1 << UInt64(call)
            let offset = MemoryLayout<shrike_control>.offset(of: \.changed_sets) ?? 0
            let words = (UnsafeMutableRawPointer(control) + offset).assumingMemoryBound(to: UInt64.self)
            words[index / 64] |= 1 << UInt64(index % 64)
        }

        func drain(_ times: Int = 1) {
            for _ in 0..<times {
                calls.drain(control) { group, _, use in
                    guard case .calls(let set) = use else { return }
                    set.forEachNumber { told[group, default: []].insert($0) }
                }
            }
        }
    }

    private static func memory<Entry: BitwiseCopyable>(_ count: Int) throws -> MappedArray<Entry> {
        let length = count * MemoryLayout<Entry>.stride
        let start = try #require(mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        return MappedArray(start: start, length: length, count: count)
    }

    /// Looks after which a set that nobody uses is free, from the one on that finds too many in use.
    private static let looks = 30

    @Test func `a set that is being given up is not cleared while a program adds to it`() throws {
        let scene = try Scene(64)
        for index in 0..<40 { scene.note(index, group: 100 + UInt64(index), call: 1) }
        scene.drain()
        #expect(scene.told.count == 40 && scene.calls.counts.used == 40)
        // One has found its set in time, and is kept from its next step for as long as you like.
        scene.sets[7].writers = 1
        scene.drain(Self.looks)
        #expect(scene.calls.counts.givenUp == 39)
        #expect(scene.sets[7].group == UInt64(SHRIKE_SET_LEAVING))
        scene.sets[7].calls.0 |= 1 << 2
        scene.sets[7].writers = 0
        scene.drain()
        #expect(scene.told[107] == [1, 2])
        #expect(scene.sets[7].group == 0 && scene.sets[7].calls.0 == 0 && scene.calls.counts.givenUp == 40)
    }

    @Test func `groups that go on keep their sets`() throws {
        let scene = try Scene(64)
        for index in 0..<40 { scene.note(index, group: 100 + UInt64(index), call: 1) }
        for _ in 0..<Self.looks {
            scene.drain()
            for index in 0..<10 { scene.sets[index].resting = 0 }
        }
        #expect(scene.calls.counts.givenUp == 30 && scene.calls.counts.used == 10)
        let epoch = scene.calls.epoch
        #expect(epoch > 0)
        scene.note(20, group: 500, call: 3)
        scene.drain()
        #expect(scene.told[500] == [3] && scene.calls.epoch == epoch)
    }

    @Test func `who reads on finds what was in a set that was being given up`() throws {
        let scene = try Scene(64)
        for index in 0..<40 { scene.note(index, group: 100 + UInt64(index), call: 1) }
        scene.drain()
        scene.sets[7].writers = 1
        scene.drain(Self.looks)
        let memory: MappedArray<shrike_call_set> = try Self.memory(64)
        for index in scene.sets.indices { memory.entries[index] = scene.sets[index] }
        let next = CallSets(descriptor: -1, memory: memory)
        var groups: Set<UInt64> = []
        next.all { group, _, _ in groups.insert(group) }
        #expect(groups == [107])
    }

    @Test func `places are freed when more than half are taken, and none that a program writes to`() throws {
        let control = UnsafeMutablePointer<shrike_control>.allocate(capacity: 1)
        control.initialize(to: shrike_control())
        defer { control.deallocate() }
        let memory: MappedArray<shrike_set_place> = try Self.memory(64)
        let entries = memory.entries
        let places = SetPlaces(memory: memory)
        func take(_ count: Int) {
            for index in 0..<count {
                (entries[index].group, entries[index].key, entries[index].set) = (UInt64(index) + 10, 5, 1)
            }
            control.pointee.places_taken = UInt64(count)
        }
        take(32)
        entries[3].without = 4
        entries[4].without = 2
        for _ in 0..<3 { places.look(control) }
        #expect(entries[31].group == 41 && control.pointee.places_taken == 32)
        var without: [UInt64] = []
        places.withoutSet { key, count in without += [key, count] }
        #expect(without == [5, 4, 5, 2])
        take(33)
        entries[2].writers = 1
        places.look(control)
        #expect(entries.prefix(33).allSatisfy { $0.group == UInt64(SHRIKE_SET_LEAVING) })
        places.look(control)
        #expect(entries[2].group == UInt64(SHRIKE_SET_LEAVING) && entries[2].set == 1)
        #expect(control.pointee.places_taken == 1)
        entries[2].writers = 0
        places.look(control)
        #expect(entries.allSatisfy { $0.group == 0 && $0.set == 0 && $0.key == 0 && $0.without == 0 })
        #expect(control.pointee.places_taken == 0)
    }
}
