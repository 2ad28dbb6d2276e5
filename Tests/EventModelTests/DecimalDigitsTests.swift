import EventModel
import Testing

@Suite struct DecimalDigitsTests {
    @Test(arguments: [0, 7, 10, 99, 100, 4_194_304, UInt64(Int64.max), UInt64.max - 1, UInt64.max])
    func `a number has its digits in order, behind what was there`(_ number: UInt64) {
        var bytes = Array("n=".utf8)
        bytes.append(decimal: number)
        #expect(String(decoding: bytes, as: UTF8.self) == "n=\(number)")
        var arena = ValueArena()
        arena.append("n=")
        arena.append(decimal: number)
        #expect(arena.text(arena.string(from: 0)) == "n=\(number)")
    }

    @Test(arguments: [0, -1, Int64.min, Int64.max]) func `a negative one its sign`(_ number: Int64) {
        var arena = ValueArena()
        arena.append(decimal: number)
        #expect(arena.text(arena.string(from: 0)) == "\(number)")
    }
}
