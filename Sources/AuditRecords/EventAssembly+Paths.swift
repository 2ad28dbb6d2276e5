import EventModel

// The files of an event: PATH records, in the order of their items, with what each is to the call.
extension EventAssembly {
    mutating func takePath(_ text: Span<UInt8>, _ cursor: inout FieldCursor) -> Outcome {
        var path = PathFact()
        path.role = .unknown
        var item = UInt32(truncatingIfNeeded: pathItems.count)
        guard pathItems.count < Self.maximumPaths, bytes.count < Self.maximumBytes else {
            event.isTruncated = true
            return .taken
        }
        while cursor.nextName(text) {
            switch cursor.name {
            case FieldName.item:
                guard let value = cursor.decimal32(text) else { return .malformed }
                if pathItems.contains(value) { return .duplicate }
                item = value
            case FieldName.name: path.name = cursor.text(text, into: &bytes)
            case FieldName.inode: path.inode = cursor.decimal(text) ?? 0
            case FieldName.dev:
                guard let device = cursor.device(text) else { break }
                path.deviceMajor = device.major
                path.deviceMinor = device.minor
            case FieldName.mode: path.mode = UInt32(truncatingIfNeeded: cursor.octal(text) ?? 0)
            case FieldName.ouid: path.uid = cursor.decimal32(text) ?? 0
            // Kernels 3.10 to 3.13 (RHEL 7's first) say `objtype`.
            case FieldName.nametype, FieldName.objtype:
                path.role = EventAssembly.role(text, &cursor)
                areRolesTold = true
            default: cursor.skipValue(text)
            }
        }
        pathItems.append(item)
        event.append(path: path)
        return .taken
    }

    private static func role(_ text: Span<UInt8>, _ cursor: inout FieldCursor) -> PathFact.Role {
        // The first letter tells NORMAL, PARENT, CREATE, DELETE and UNKNOWN apart.
        let word = cursor.word(text)
        switch word.isEmpty ? 0 : text[word.lowerBound] {
        case 0x4e: return .normal
        case 0x50: return .parent
        case 0x43: return .create
        case 0x44: return .delete
        default: return .unknown
        }
    }

    /// The kernel writes paths by item number; a log may have mixed them.
    mutating func orderPaths() {
        for index in 1..<max(pathItems.count, 1) {
            var position = index
            while position > 0, pathItems[position &- 1] > pathItems[position] {
                pathItems.swapAt(position &- 1, position)
                let path = event.paths[position]
                event.replacePath(at: position, with: event.paths[position &- 1])
                event.replacePath(at: position &- 1, with: path)
                position &-= 1
            }
        }
    }

    // MARK: Kernels that don't tell what a path is

    /// What a call that makes, removes or moves names does to its paths, in the order in which kernels before 3.10 write
    /// them: directories first (kernel/auditsc.c, `__audit_inode` and `__audit_inode_child`).
    private enum Naming { case makes, removes, links, renames, mayMake }

    private static let namings: [(EventType, Naming)] = [
        ("creat", .mayMake), ("open", .mayMake), ("openat", .mayMake), ("mkdir", .makes), ("mkdirat", .makes),
        ("mknod", .makes), ("mknodat", .makes), ("symlink", .makes), ("symlinkat", .makes), ("unlink", .removes),
        ("unlinkat", .removes), ("rmdir", .removes), ("link", .links), ("linkat", .links), ("rename", .renames),
        ("renameat", .renames), ("renameat2", .renames),
    ].compactMap { name, naming in EventType(name: name).map { ($0, naming) } }

    /// Works out what each path is where the records don't say (RHEL 6 and kernels as old): else a file that was made or
    /// removed would be taken for its directory.
    mutating func inferRoles() {
        let count = event.paths.count
        guard !areRolesTold, count > 1, let naming = Self.namings.first(where: { $0.0 == event.type })?.1 else {
            return
        }
        switch naming {
        case .makes: setRoles(parents: count &- 1, rest: .create)
        case .removes: setRoles(parents: count &- 1, rest: .delete)
        case .mayMake:
            // Without O_CREAT the kernel looks no directory up for its own sake.
            setRoles(parents: 1, rest: .create)
        case .links:
            setRole(0, .normal)
            if count > 2 { setRole(1, .parent) }
            setRole(count &- 1, .create)
        case .renames:
            setRole(0, .parent)
            guard count > 3 else { return setRole(count &- 1, .create) }
            setRole(1, .parent)
            for index in 2..<count &- 1 { setRole(index, .delete) }
            setRole(count &- 1, .create)
        }
    }

    private mutating func setRoles(parents: Int, rest: PathFact.Role) {
        for index in event.paths.indices { setRole(index, index < parents ? .parent : rest) }
    }

    private mutating func setRole(_ index: Int, _ role: PathFact.Role) {
        var path = event.paths[index]
        path.role = role
        event.replacePath(at: index, with: path)
    }
}
