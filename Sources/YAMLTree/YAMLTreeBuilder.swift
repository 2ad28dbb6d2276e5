/// Builds trees from events and refuses what outgrows the limits.
struct YAMLTreeBuilder {
    /// A finished node, and what an alias to it costs.
    private struct Built {
        var node: YAMLNode
        var count: Int
        var depth: Int
    }

    private let limits: YAMLLimits
    private var anchors: [String: Built] = [:]
    private var nodeCount = 0

    init(limits: YAMLLimits) { self.limits = limits }

    mutating func documents(from events: inout YAMLEventReader) throws(YAMLSyntaxError) -> [YAMLNode] {
        var documents: [YAMLNode] = []
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return documents
            case .documentStart: anchors.removeAll()
            case .documentEnd: break
            default: documents.append(try node(from: event, level: 1, &events).node)
            }
        }
    }

    private mutating func node(
        from event: YAMLEvent, level: Int, _ events: inout YAMLEventReader
    ) throws(YAMLSyntaxError) -> Built {
        try count(1, level: level, at: event)
        var built = Built(
            node: YAMLNode(content: .null, line: event.line, column: event.column, bytes: event.bytes), count: 1,
            depth: 1
        )
        switch event.kind {
        case .alias(let name): return try alias(name, level: level, event)
        case .scalar(let value, let style, let isImplicit):
            let isNull = style == .plain && isImplicit && ["", "~", "null", "Null", "NULL"].contains(value)
            built.node.content = isNull ? .null : .scalar(value, style)
        case .sequenceStart: try fillSequence(&built, level: level, &events)
        case .mappingStart: try fillMapping(&built, level: level, &events)
        case .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw error("a value was expected here", event)
        }
        if let anchor = event.anchor { anchors[anchor] = built }
        return built
    }

    private mutating func fillSequence(
        _ built: inout Built, level: Int, _ events: inout YAMLEventReader
    ) throws(YAMLSyntaxError) {
        var elements: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind {
                built.node.bytes =
                    built.node.bytes.lowerBound..<max(built.node.bytes.lowerBound, event.bytes.upperBound)
                break
            }
            let element = try node(from: event, level: level + 1, &events)
            built.count += element.count
            built.depth = max(built.depth, element.depth + 1)
            elements.append(element.node)
        }
        built.node.content = .sequence(elements)
    }

    private mutating func fillMapping(
        _ built: inout Built, level: Int, _ events: inout YAMLEventReader
    ) throws(YAMLSyntaxError) {
        var pairs: [YAMLNode.Pair] = []
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind {
                built.node.bytes =
                    built.node.bytes.lowerBound..<max(built.node.bytes.lowerBound, event.bytes.upperBound)
                break
            }
            let key = try node(from: event, level: level + 1, &events)
            let value = try node(from: try events.next(), level: level + 1, &events)
            built.count += key.count + value.count
            built.depth = max(built.depth, key.depth + 1, value.depth + 1)
            pairs.append(YAMLNode.Pair(key: key.node, value: value.node))
        }
        built.node.content = .mapping(pairs)
    }

    private mutating func alias(_ name: String, level: Int, _ event: YAMLEvent) throws(YAMLSyntaxError) -> Built {
        guard let built = anchors[name] else {
            throw error("the alias '*\(name)' stands for no anchor '&\(name)' before it", event)
        }
        try count(built.count - 1, level: level + built.depth - 1, at: event)
        return built
    }

    private mutating func count(_ nodes: Int, level: Int, at event: YAMLEvent) throws(YAMLSyntaxError) {
        nodeCount += nodes
        guard nodeCount <= limits.nodes else {
            throw error("the text has more than \(limits.nodes) nodes once its aliases are expanded", event)
        }
        guard level <= limits.depth else { throw error("the text is nested more than \(limits.depth) deep", event) }
    }

    private func error(_ message: String, _ event: YAMLEvent) -> YAMLSyntaxError {
        YAMLSyntaxError(message: message, line: event.line, column: event.column, offset: event.bytes.lowerBound)
    }
}
