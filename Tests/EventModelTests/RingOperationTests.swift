import Testing

@testable import EventModel

@Suite struct RingOperationTests {
    @Test func `each operation that does what a call does is that call's event`() {
        for (number, name) in RingOperation.calls { #expect(RingOperation.type(Int32(number))?.name == name) }
        #expect(RingOperation.type(18)?.name == "openat")
    }

    @Test(arguments: [-1, 0, 11, 63, 64, 4000, Int32.max, Int32.min])
    func `other operations are no event`(_ number: Int32) { #expect(RingOperation.type(number) == nil) }
}
