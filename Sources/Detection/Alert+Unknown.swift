import EventModel

extension Alert {
    /// Says that the event's source did not tell the call's arguments, so that a rule on them was taken as matching.
    mutating func sayArgumentsAreUnknown() {
        message += " (through io_uring, so how the file was to be used is not known)".utf8
        fields.append(("shrike.unknown_arguments", .bool(true)))
    }
}
