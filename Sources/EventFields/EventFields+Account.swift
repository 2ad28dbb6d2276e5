import EventModel
import NodeState

extension EventFields {
    /// Fields of the user.
    static let user = FieldClass("user", "the user that the process runs as") {
        FieldRow(
            "user.uid", .u32, "the effective user id",
            .process { process, _, _ in .unsigned(UInt64(process.credentials.effectiveUID)) }
        )
        FieldRow(
            "user.puid", .u32, "the effective user id of the parent",
            .parent { parent, _, _ in .known(parent.knownCredentials.map { UInt64($0.effectiveUID) }) }
        )
        FieldRow(
            "user.name", .string, "the user's name as the process's container or the host knows it",
            .process { process, reader, arena in
                if reader.isContainerEvent, let container = process.container, !container.user.isEmpty {
                    return arena.string(container.user)
                }
                return reader.userName(process.credentials.effectiveUID, of: process, &arena)
            }
        )
        FieldRow(
            "user.homedir", .string, "the user's home directory",
            .process { process, reader, arena in
                let uid = process.credentials.effectiveUID
                if let account = reader.state.user(uid, of: process) { return arena.string(orNA: account.home) }
                return uid == 0 ? arena.string("/root") : arena.string("<NA>")
            }
        )
        FieldRow(
            "user.shell", .string, "the user's login shell",
            .process { process, reader, arena in
                arena.string(orNA: reader.state.user(process.credentials.effectiveUID, of: process)?.shell)
            }
        )
        FieldRow(
            "user.loginuid", .s64, "the user id of the login that the process belongs to, -1 for none",
            .process { process, _, _ in
                .signed(process.loginUID == .max ? -1 : Int64(process.loginUID))
            }
        )
        FieldRow(
            "user.loginname", .string, "the name of that user",
            .process { process, reader, arena in
                process.loginUID == .max
                    ? arena.string("<NA>") : reader.userName(process.loginUID, of: process, &arena)
            }
        )
    }

    /// Fields of the group.
    static let group = FieldClass("group", "the group that the process runs as") {
        FieldRow(
            "group.gid", .u32, "the effective group id",
            .process { process, _, _ in .unsigned(UInt64(process.credentials.effectiveGID)) }
        )
        FieldRow(
            "group.name", .string, "the group's name as the process's container or the host knows it",
            .process { process, reader, arena in
                let start = arena.mark
                reader.appendGroupName(process.credentials.effectiveGID, of: process, into: &arena)
                return arena.string(from: start)
            }
        )
    }
}

extension EventFieldReader {
    /// A text value of a user's name.
    fileprivate func userName(_ uid: UInt32, of process: ProcessRecord, _ arena: inout ValueArena) -> FieldValue {
        let start = arena.mark
        appendUserName(uid, of: process, into: &arena)
        return arena.string(from: start)
    }

    /// Adds the name of a user id as the process sees it: the event's own word, else the account files'; without
    /// either 0 is `root`.
    func appendUserName(_ uid: UInt32, of process: ProcessRecord?, into arena: inout ValueArena) {
        if process === self.process, let name = toldName(ofUser: uid) { return arena.append(name) }
        if let account = state.user(uid, of: process) {
            arena.append(orNA: account.name)
        } else {
            arena.append(uid == 0 ? "root" : "<NA>")
        }
    }

    /// Adds the name of a group id, as `appendUserName` does that of a user id.
    func appendGroupName(_ gid: UInt32, of process: ProcessRecord?, into arena: inout ValueArena) {
        if process === self.process, state.current.event.process.groupName.isPresent,
            state.current.event.process.known.contains(.groupIDs), state.current.event.process.effectiveGID == gid
        {
            arena.append(state.current.event.slice(state.current.event.process.groupName))
        } else if let group = state.group(gid, of: process) {
            arena.append(orNA: group.name)
        } else {
            arena.append(gid == 0 ? "root" : "<NA>")
        }
    }

    /// The event's own word for the name of a user id; nil where it has none.
    private func toldName(ofUser uid: UInt32) -> ArraySlice<UInt8>? {
        let (effective, login) = (state.current.event.process.userName, state.current.event.process.loginUserName)
        if effective.isPresent, state.current.event.process.known.contains(.userIDs),
            state.current.event.process.effectiveUID == uid
        {
            return state.current.event.slice(effective)
        }
        if login.isPresent, state.current.event.process.known.contains(.loginUser),
            state.current.event.process.loginUID == uid
        {
            return state.current.event.slice(login)
        }
        return nil
    }

    /// Whether the event tells of a new container: then the user is the one that the container was configured with.
    fileprivate var isContainerEvent: Bool { trait.isAsynchronous && trait.name.elementsEqual("container".utf8) }
}
