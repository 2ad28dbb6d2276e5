/// What an exec replaces in a process, apart from who it is.
struct ProgramImage {
    var command: [UInt8] = []
    var argumentZero: [UInt8] = []
    var arguments: [UInt8] = []
    var environment: [UInt8] = []
    var executablePath: [UInt8] = []
    var executable = ExecutableFile()
    var areArgumentsTruncated = false

    /// Empties it; the memory stays.
    mutating func removeAll() {
        command.removeAll(keepingCapacity: true)
        argumentZero.removeAll(keepingCapacity: true)
        arguments.removeAll(keepingCapacity: true)
        environment.removeAll(keepingCapacity: true)
        executablePath.removeAll(keepingCapacity: true)
        executable = ExecutableFile()
        areArgumentsTruncated = false
    }

    /// Empties it for another process.
    mutating func recycle() {
        argumentZero.recycle()
        arguments.recycle()
        environment.recycle()
        executablePath.recycle()
        removeAll()
    }
}

extension ProcessRecord {
    /// Exchanges the program for another one, without copying.
    func exchangeProgram(with image: inout ProgramImage) {
        swap(&storedCommand, &image.command)
        swap(&storedArgumentZero, &image.argumentZero)
        swap(&storedArguments, &image.arguments)
        swap(&storedEnvironment, &image.environment)
        swap(&storedExecutablePath, &image.executablePath)
        swap(&storedExecutable, &image.executable)
        swap(&areArgumentsTruncated, &image.areArgumentsTruncated)
        runtimeRole = .unknown
    }

    /// Begins a new program. The last one is kept: events that are older than the exec still come.
    func beginProgram() {
        // Of nothing nothing need be kept, and the memory stays where it is used.
        if !storedCommand.isEmpty || !storedExecutablePath.isEmpty { exchangeProgram(with: &previousProgram) }
        forgetProgram()
    }

    /// Forgets the program: nothing is better than another's.
    func forgetProgram() {
        storedCommand.removeAll(keepingCapacity: true)
        storedArgumentZero.removeAll(keepingCapacity: true)
        storedArguments.removeAll(keepingCapacity: true)
        storedEnvironment.removeAll(keepingCapacity: true)
        storedExecutablePath.removeAll(keepingCapacity: true)
        storedExecutable = ExecutableFile()
        areArgumentsTruncated = false
        runtimeRole = .unknown
    }
}
