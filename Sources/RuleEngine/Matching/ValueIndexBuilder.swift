/// Collects the constants that the tests on one slot name, and lays them out as a look-up table.
struct ValueIndexBuilder {
    let kind: ValueIndex.Kind
    let slot: Int32
    /// The entries of a text and of what continues it, or of a number; known once `layOut` ran.
    private(set) var textEntries: [[UInt8]: ClosedRange<UInt32>] = [:]
    private(set) var numberEntries: [UInt64: UInt32] = [:]
    private var texts: [[UInt8]] = []
    private var numbers: [UInt64] = []
    /// The entries of each `in` test, by column.
    private var columns: [[UInt32]] = []

    init(kind: ValueIndex.Kind, slot: Int32) {
        self.kind = kind
        self.slot = slot
    }

    mutating func add(_ text: [UInt8]) {
        if textEntries.updateValue(0...0, forKey: text) == nil { texts.append(text) }
    }

    mutating func add(_ number: UInt64) {
        if numberEntries.updateValue(0, forKey: number) == nil { numbers.append(number) }
    }

    /// Adds an `in` test over entries; its column.
    mutating func addColumn(_ entries: [UInt32]) -> Int32 {
        columns.append(entries)
        return Int32(columns.count - 1)
    }

    /// Numbers the constants and writes the table. Columns are written later.
    mutating func layOut(in program: inout MatchProgram, literalIDs: [[UInt8]: Int32]) -> ValueIndex {
        var index = ValueIndex(kind: kind, slot: slot)
        switch kind {
        case .text:
            reserveBuckets(texts.count, &index, &program)
            for (number, text) in texts.enumerated() {
                let entry = UInt32(number + 2)
                textEntries[text] = entry...entry
                let hash = ByteText.hash(text, text.indices)
                let literal = literalIDs[text] ?? 0
                place(Bucket(entry: entry, literal: literal, key: hash), at: hash, index, &program)
            }
            index.entryCount = texts.count + 2
        case .number:
            reserveBuckets(numbers.count, &index, &program)
            for (position, number) in numbers.enumerated() {
                let entry = UInt32(position + 2)
                numberEntries[number] = entry
                place(Bucket(entry: entry, key: number), at: ByteText.hash(number), index, &program)
            }
            index.entryCount = numbers.count + 2
        case .prefix, .suffix:
            index.rootNode = layOutTrie(in: &program)
            index.entryCount = texts.count + 2
        }
        return index
    }

    /// Writes the columns' bits.
    func layOutRows(of index: inout ValueIndex, in program: inout MatchProgram) {
        index.rowWords = (columns.count + 63) / 64
        index.rowStart = program.rows.count
        program.rows += Array(repeating: 0, count: index.rowWords * index.entryCount)
        for (column, entries) in columns.enumerated() {
            for entry in entries {
                program.rows[index.rowStart + Int(entry) * index.rowWords + column >> 6] |= 1 << UInt64(column & 63)
            }
        }
    }

    // MARK: - Hash table

    private func reserveBuckets(_ count: Int, _ index: inout ValueIndex, _ program: inout MatchProgram) {
        // At most half full, so that a search ends soon, and never quite full, so that it ends at all.
        var size = 4
        while size < count * 2 { size *= 2 }
        index.bucketStart = program.buckets.count
        index.bucketMask = size - 1
        program.buckets += Array(repeating: Bucket(), count: size)
    }

    private func place(_ bucket: Bucket, at hash: UInt64, _ index: ValueIndex, _ program: inout MatchProgram) {
        var at = Int(truncatingIfNeeded: hash) & index.bucketMask
        while program.buckets[index.bucketStart + at].entry != 0 { at = (at + 1) & index.bucketMask }
        program.buckets[index.bucketStart + at] = bucket
    }

    // MARK: - Trie

    private struct Node {
        var children: [UInt8: Int] = [:]
        var text: [UInt8]?
    }

    private mutating func layOutTrie(in program: inout MatchProgram) -> Int {
        var nodes = [Node()]
        for text in texts {
            var node = 0
            for byte in kind == .suffix ? text.reversed() : text {
                if let child = nodes[node].children[byte] {
                    node = child
                } else {
                    nodes.append(Node())
                    nodes[node].children[byte] = nodes.count - 1
                    node = nodes.count - 1
                }
            }
            nodes[node].text = text
        }
        let root = program.trieNodes.count
        program.trieNodes += Array(repeating: TrieNode(), count: nodes.count)
        var nextEntry: UInt32 = 2
        number(0, nodes, inherited: ValueIndex.unknown, root, &nextEntry, &program)
        return root
    }

    /// Numbers a node's constant before those that continue it. Recursion is as deep as constants are long: 255 bytes.
    private mutating func number(
        _ number: Int, _ nodes: [Node], inherited: UInt32, _ root: Int, _ nextEntry: inout UInt32,
        _ program: inout MatchProgram
    ) {
        let node = nodes[number]
        var entry = inherited
        if node.text != nil {
            entry = nextEntry
            nextEntry += 1
        }
        let children = node.children.sorted { $0.key < $1.key }
        let firstEdge = program.trieEdges.count
        for child in children {
            program.trieEdges.append(TrieEdge(byte: child.key, target: Int32(root + child.value)))
        }
        program.trieNodes[root + number] = TrieNode(
            firstEdge: Int32(firstEdge), edgeCount: Int32(children.count), entry: entry
        )
        for child in children {
            self.number(child.value, nodes, inherited: entry, root, &nextEntry, &program)
        }
        if let text = node.text { textEntries[text] = entry...(nextEntry - 1) }
    }
}
