import KernelInterface

/// Goes through the code of modules from where it begins, and collects the system calls on the way.
struct CallWalk {
    /// Code from an address to where the next function begins.
    private struct Function: Hashable {
        var module: Int
        var start: UInt64
    }
    /// An instruction of a function: a system call, or a call of or jump to another function.
    private struct Site {
        var function: Function
        var instruction: Int
    }
    /// Code that is entered with the number of a system call in a register.
    private struct Wrapper: Hashable {
        var module: Int
        var entry: FunctionCode.Entry
    }

    private let modules: [LoadedModule]
    private var budget: Int
    private var traceBudget: Int
    /// Code that was read again, for the next call in it.
    private var kept: [Function: FunctionCode] = [:]
    private var keptInstructions = 0
    /// Some 60 MB.
    private static let mostKept = 1 << 20
    private var waiting: [Function] = []
    /// The functions that were reached, each with the one that it was first reached from.
    private var cameFrom: [Function: Function?] = [:]
    /// By where they lead.
    private var callers: [Function: [Site]] = [:]
    private var systemCalls: [Site] = []
    private var wrappers: [Wrapper] = []
    /// By module and piece of its code: which bytes an instruction begins at that was looked at.
    private var looked: [[[Bool]]]
    private var places: [Int32: Function] = [:]
    private(set) var unseen: [ProgramCalls.Unseen] = []

    init(_ modules: [LoadedModule], budget: Int) {
        self.modules = modules
        self.budget = budget
        traceBudget = budget
        looked = modules.map { module in module.image.code.map { Array(repeating: false, count: $0.count) } }
    }

    /// Numbers from here on are x32's alone (arch/x86/entry/syscalls/syscall_64.tbl); Linux 6.18 has those up to 470.
    private static let maximumNumber: UInt64 = 512
    /// More than anybody reads.
    private static let mostUnseen = 256

    mutating func run(program: Int, additional: [Int]) {
        for (number, module) in modules.enumerated() {
            for root in module.roots { reach(number, root, from: nil) }
        }
        for number in additional {
            for address in modules[number].symbols.exported.values.joined() { reach(number, address, from: nil) }
        }
        while let function = waiting.popLast(), budget > 0 {
            if !hasLooked(function.module, at: function.start) { scan(function) }
        }
        if budget <= 0 { unseen.append(.cutOff) }
        follow()
    }

    // MARK: Reachability

    /// Counts the code at an address as reached; gives the functions that this means, behind stubs.
    @discardableResult
    private mutating func reach(_ module: Int, _ address: UInt64, from: Function?) -> [Function] {
        if let word = stub(modules[module], address) { return reach(module, word: word, from: from) }
        guard modules[module].image.code(at: address) != nil else { return [] }
        let function = Function(module: module, start: address)
        if cameFrom[function] == nil {
            cameFrom[function] = .some(from)
            // In the middle of another function its instructions need not be in step with that one's.
            if !hasLooked(module, at: address) { waiting.append(function) }
        }
        return [function]
    }

    private func hasLooked(_ module: Int, at address: UInt64) -> Bool {
        for (piece, range) in modules[module].image.code.enumerated() where range.contains(address) {
            return looked[module][piece][Int(address &- range.lowerBound)]
        }
        return false
    }

    /// Marks the instructions of a function as looked at.
    private mutating func mark(_ module: Int, _ instructions: [Instruction]) {
        guard let first = instructions.first?.address else { return }
        for (piece, range) in modules[module].image.code.enumerated() where range.contains(first) {
            for instruction in instructions where range.contains(instruction.address) {
                looked[module][piece][Int(instruction.address &- range.lowerBound)] = true
            }
        }
    }

    /// What a word that the loader fills leads to.
    @discardableResult
    private mutating func reach(_ module: Int, word: UInt64, from: Function?) -> [Function] {
        if let name = modules[module].relocations.symbolByWord[word] { return reach(symbol: name, from: from) }
        guard let target = modules[module].relocations.targetByWord[word],
            modules[module].image.code(at: target) != nil
        else { return [] }
        return reach(module, target, from: from)
    }

    private static let loaders: Set<String> = ["dlopen", "dlmopen", "__libc_dlopen_mode"]

    private mutating func reach(symbol name: String, from: Function?) -> [Function] {
        if Self.loaders.contains(name), let from { note(.loading(place: place(from))) }
        for (number, module) in modules.enumerated() {
            guard let addresses = module.symbols.exported[name] else { continue }
            return addresses.flatMap { reach(number, $0, from: from) }
        }
        return []
    }

    /// The word through which a stub of the procedure linkage table jumps.
    private func stub(_ module: LoadedModule, _ address: UInt64) -> UInt64? {
        guard var offset = module.image.offset(of: address) else { return nil }
        var address = address
        var pages = ARM64Pages()
        var reference: UInt64?
        // x86-64: perhaps ENDBR64, then a jump; arm64: ADRP, LDR, ADD, BR.
        for _ in 0..<5 {
            switch module.image.machine {
            case .x86_64:
                guard let instruction = X86Decoder.decode(module.image.file, at: offset, address: address) else {
                    return nil
                }
                if instruction.flow == .end { return instruction.reference }
                guard instruction.effect == .none, instruction.flow == .next, instruction.reference == nil else {
                    return nil
                }
                offset += Int(instruction.length)
                address &+= UInt64(instruction.length)
            case .arm64:
                guard let word = module.image.file.word(offset) else { return nil }
                // BR x17: IP1, as linkers have it.
                if word == 0xd61f_0220 { return reference }
                // The load, not the addition behind it.
                if let found = pages.reference(word, address: address) {
                    if word & 0xffc0_0000 == 0xf940_0000 { reference = found }
                } else if word & 0x9f00_0000 != 0x9000_0000, word != 0xd503_245f {
                    return nil
                }
                offset += 4
                address &+= 4
            }
        }
        return nil
    }

    // MARK: One function

    private func code(_ function: Function, budget: inout Int) -> FunctionCode {
        let module = modules[function.module]
        return FunctionCode(module.image, module.starts.range(from: function.start, module.image), budget: &budget)
    }

    private mutating func scan(_ function: Function) {
        let module = modules[function.module]
        let range = module.starts.range(from: function.start, module.image)
        let code = code(function, budget: &budget)
        if code.isCutOff { note(.cutOff) }
        mark(function.module, code.instructions)
        if let name = module.symbols.nameByAddress[range.lowerBound], Self.loaders.contains(name) {
            note(.loading(place: place(function)))
        }
        for (index, instruction) in code.instructions.enumerated() {
            if instruction.flow == .systemCall { systemCalls.append(Site(function: function, instruction: index)) }
            var reached: [Function] = []
            if let target = instruction.target, !range.contains(target), module.image.code(at: target) != nil {
                reached = reach(function.module, target, from: function)
            } else if let reference = instruction.reference {
                let found = reach(function.module, word: reference, from: function)
                if instruction.flow == .call || instruction.flow == .end { reached = found }
                if !range.contains(reference), module.image.code(at: reference) != nil {
                    reach(function.module, reference, from: function)
                }
            } else if module.image.isFixed, case .constant(_, let value) = instruction.effect, module.isFunction(value)
            {
                reach(function.module, value, from: function)
            }
            for callee in reached {
                callers[callee, default: []].append(Site(function: function, instruction: index))
            }
        }
    }

    // MARK: Numbers

    /// Finds the numbers of the calls, also where they are given by who calls a function. Only now it is known who does.
    private mutating func follow() {
        for site in systemCalls { trace(modules[site.function.module].convention.number, before: site) }
        var seen: Set<Wrapper> = []
        while let wrapper = wrappers.popLast() {
            guard seen.insert(wrapper).inserted else { continue }
            let function = Function(module: wrapper.module, start: wrapper.entry.address)
            let callers = callers[function] ?? []
            if callers.isEmpty { takeUncalled(wrapper) }
            for caller in callers { trace(wrapper.entry.register, before: caller) }
        }
    }

    /// A function's code once more. Those of programs without a table of functions are long, and have many calls.
    private mutating func readAgain(_ function: Function) -> FunctionCode {
        if let known = kept[function] { return known }
        let code = code(function, budget: &traceBudget)
        keptInstructions += code.instructions.count
        if keptInstructions > Self.mostKept {
            kept.removeAll()
            keptInstructions = code.instructions.count
        }
        kept[function] = code
        return code
    }

    private mutating func take(_ numbers: Set<UInt64>, _ function: Function) {
        for number in numbers where number < Self.maximumNumber {
            let call = Int32(truncatingIfNeeded: number)
            if places[call] == nil { places[call] = function }
        }
    }

    /// Code that nothing was seen to lead to. A function is called through an address, by nobody knows whom; what lies in the middle
    /// of one is led to by a table of jumps, and gets what is put into the register there.
    private mutating func takeUncalled(_ wrapper: Wrapper) {
        let module = modules[wrapper.module]
        var found: Set<UInt64> = []
        if !module.isFunction(wrapper.entry.address), let index = module.starts.index(of: wrapper.entry.address) {
            let function = Function(module: wrapper.module, start: module.starts.addresses[index])
            found = readAgain(function).constants(of: wrapper.entry.register)
        }
        take(found, Function(module: wrapper.module, start: wrapper.entry.address))
        if found.isEmpty {
            note(.number(place: place(Function(module: wrapper.module, start: wrapper.entry.address))))
        }
    }

    private mutating func trace(_ register: UInt8, before site: Site) {
        let (number, function) = (site.function.module, site.function)
        // A file of one long function with a call at each place is no program.
        guard traceBudget > 0 else { return note(.cutOff) }
        let code = readAgain(function)
        guard site.instruction < code.instructions.count else { return }
        let values = code.values(of: register, before: site.instruction, modules[number].convention) { address in
            callers[Function(module: number, start: address)] != nil
        }
        take(values.numbers, function)
        wrappers += values.entries.map { Wrapper(module: number, entry: $0) }
        if values.isUnknown { note(.number(place: place(function))) }
    }

    // MARK: Results

    private mutating func note(_ what: ProgramCalls.Unseen) {
        if unseen.count < Self.mostUnseen, !unseen.contains(what) { unseen.append(what) }
    }

    private func place(_ function: Function) -> String {
        modules[function.module].place(function.start)
    }

    /// The calls that were found, by name.
    func calls() -> [ProgramCalls.Call] {
        let abi: SyscallCatalogue.ABI = modules.first?.image.machine == .arm64 ? .aarch64 : .x86_64
        return places.map { number, function in
            ProgramCalls.Call(
                name: SyscallCatalogue.name(of: number, abi) ?? "\(number)", number: number, place: place(function),
                way: way(to: function))
        }.sorted { $0.name < $1.name }
    }

    private func way(to function: Function) -> [String] {
        var way = [place(function)]
        var next = cameFrom[function] ?? nil
        while let function = next, way.count < 8 {
            way.append(place(function))
            next = cameFrom[function] ?? nil
        }
        return way.reversed()
    }
}
