import Testing

@testable import EventSources

/// The decisions, without a kernel: what is loaded, what is taken back, and what a container costs.
@Suite struct AuditRuleManagerTests {
    private static let key = Array("shrike".utf8)

    private static func rule(_ number: Int32) -> AuditRule { AuditRule(syscalls: SyscallMask([number]), keys: [key]) }

    private static func template(_ number: Int32) -> ContainerTemplate {
        ContainerTemplate(
            exact: ["/etc/shadow"], onlyReads: true, directory: "/run/t/\(number)",
            rule: AuditRule(
                syscalls: SyscallMask([number]),
                fields: [AuditRuleField(.directory, text: Array("/run/t/\(number)".utf8))],
                keys: [key]))
    }

    private static func plan(_ numbers: [Int32], templates: [ContainerTemplate] = []) -> AuditRulePlan {
        var plan = AuditRulePlan()
        plan.templates = templates
        plan.rules = numbers.map(rule) + templates.map(\.rule)
        return plan
    }

    /// A kernel that does what it is told, and the places that it was told of.
    private struct Kernel {
        var rules: [AuditRule] = []
        var included: [ContainerPlan.Mark] = []
        var told: [AuditRuleManager.Finding] = []
        var found: [String] = []
        var errors: [AuditRule: Int32] = [:]

        mutating func carryOut(_ actions: [AuditRuleManager.Action], _ manager: inout AuditRuleManager) {
            var queue = actions[...]
            while let action = queue.popFirst() {
                var errorNumber: Int32 = 0
                switch action {
                case .add(let rule):
                    errorNumber = errors[rule] ?? 0
                    if errorNumber == 0 { rules.insert(rule, at: 0) }
                case .remove(let rule): rules.removeAll { $0 == rule }
                case .include(let mark): included.append(mark)
                case .find(let root, let isQuick):
                    found.append(root)
                    var plan = ContainerPlan()
                    plan.marks = [.init(directory: "/run/t/1", place: root + "/etc/shadow")]
                    plan.isComplete = !isQuick
                    queue = manager.take(.found(root: root, plan)) + queue
                case .tell(let finding): told.append(finding)
                }
                queue = manager.take(.done(action, errorNumber: errorNumber)) + queue
            }
        }

        mutating func settle(_ manager: inout AuditRuleManager) {
            for _ in 0..<1000 { carryOut(manager.take(.idle), &manager) }
        }
    }

    @Test func `rules come in the order of the plan, and what stays is never touched`() {
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        kernel.carryOut(manager.take(.planned(Self.plan([1, 2, 3]))), &manager)
        #expect(kernel.rules == [1, 2, 3].map(Self.rule))
        let actions = manager.take(.planned(Self.plan([2, 3, 4])))
        #expect(actions == [.add(Self.rule(4))])
        kernel.carryOut(actions, &manager)
        // Taken back when nothing else is to be done.
        #expect(kernel.rules.contains(Self.rule(1)))
        kernel.settle(&manager)
        #expect(Set(kernel.rules) == Set([2, 3, 4].map(Self.rule)))
    }

    @Test func `a rule that is wanted again before it was taken back stays`() {
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        for numbers in [[1, 2], [2], [1, 2]] as [[Int32]] {
            kernel.carryOut(manager.take(.planned(Self.plan(numbers))), &manager)
        }
        kernel.settle(&manager)
        #expect(Set(kernel.rules) == Set([1, 2].map(Self.rule)))
    }

    @Test func `what others took away comes back, and a rule of ours that nobody wants goes`() {
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        kernel.carryOut(manager.take(.planned(Self.plan([1, 2]))), &manager)
        kernel.rules.removeAll { $0 == Self.rule(1) }
        kernel.rules.append(Self.rule(9))
        let foreign = AuditRule(syscalls: SyscallMask([5]), keys: [Array("site".utf8)])
        kernel.rules.append(foreign)
        kernel.carryOut(manager.take(.listed(kernel.rules)), &manager)
        kernel.settle(&manager)
        #expect(Set(kernel.rules) == [Self.rule(1), Self.rule(2), foreign])
        #expect(kernel.told == [.restored(Self.rule(1))])
    }

    @Test(arguments: [(2, true), (20, true), (22, false), (1, false)])
    func `a rule for which there is no place yet waits, and others' refusals are told`(number: Int32, waits: Bool) {
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        kernel.errors[Self.rule(2)] = number
        kernel.carryOut(manager.take(.planned(Self.plan([1, 2]))), &manager)
        #expect(manager.waiting.contains(Self.rule(2)) == waits)
        #expect(kernel.told.isEmpty == waits)
        kernel.errors = [:]
        kernel.carryOut(manager.take(.listed(kernel.rules)), &manager)
        #expect(Set(kernel.rules) == Set([1, 2].map(Self.rule)) && manager.waiting.isEmpty)
    }

    @Test func `containers cost no rules, are looked at at once, and thoroughly when there is time`() {
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        kernel.carryOut(manager.take(.planned(Self.plan([2], templates: [Self.template(1)]))), &manager)
        let before = kernel.rules
        for number in 0..<500 { kernel.carryOut(manager.take(.started(root: "/c/\(number)")), &manager) }
        #expect(kernel.rules == before)
        #expect(kernel.included.count == 500)
        #expect(kernel.told.count == 500)
        #expect(kernel.told.first == .covered(root: "/c/0"))
        kernel.settle(&manager)
        #expect(kernel.found.count == 1000)
        for number in 0..<500 { kernel.carryOut(manager.take(.ended(root: "/c/\(number)")), &manager) }
        #expect(manager.containerCount == 0 && manager.awaited.isEmpty)
        #expect(kernel.rules == before)
    }

    @Test func `a root that two containers share is watched until the second ends`() {
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        kernel.carryOut(manager.take(.planned(Self.plan([], templates: [Self.template(1)]))), &manager)
        for _ in 0..<2 { kernel.carryOut(manager.take(.started(root: "/c")), &manager) }
        #expect(kernel.found.count == 1)
        _ = manager.take(.ended(root: "/c"))
        #expect(manager.containerCount == 1)
        _ = manager.take(.ended(root: "/c"))
        _ = manager.take(.ended(root: "/never"))
        #expect(manager.containerCount == 0)
    }

    @Test func `a container that ended before its places were found is not marked`() {
        var manager = AuditRuleManager(key: Self.key)
        _ = manager.take(.planned(Self.plan([], templates: [Self.template(1)])))
        #expect(manager.take(.started(root: "/c")) == [.find(root: "/c", isQuick: true)])
        #expect(manager.take(.ended(root: "/c")) == [.tell(.late(root: "/c"))])
        var late = ContainerPlan()
        late.marks = [.init(directory: "/run/t/1", place: "/c/etc/shadow")]
        #expect(manager.take(.found(root: "/c", late)).isEmpty)
        #expect(manager.take(.found(root: "/c", nil)).isEmpty)
    }

    @Test func `a container with nothing at its root is told of once, and watched when something is there`() {
        var manager = AuditRuleManager(key: Self.key)
        _ = manager.take(.planned(Self.plan([], templates: [Self.template(1)])))
        _ = manager.take(.started(root: "/c"))
        var plan = ContainerPlan()
        plan.isRootEmpty = true
        // One that has just ended looks the same.
        #expect(manager.take(.found(root: "/c", plan)).isEmpty)
        #expect(manager.take(.found(root: "/c", plan)).isEmpty)
        #expect(manager.take(.found(root: "/c", plan)) == [.tell(.hidden(root: "/c"))])
        #expect(manager.take(.found(root: "/c", plan)).isEmpty)
        plan.isRootEmpty = false
        #expect(manager.take(.found(root: "/c", plan)) == [.tell(.covered(root: "/c"))])
        #expect(manager.take(.ended(root: "/c")).isEmpty)
    }

    @Test func `more containers than are followed are told, and a template's new rule gets its places anew`() {
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        kernel.carryOut(manager.take(.planned(Self.plan([], templates: [Self.template(1)]))), &manager)
        for number in 0...AuditRuleManager.maximumContainers {
            kernel.carryOut(manager.take(.started(root: "/c/\(number)")), &manager)
        }
        #expect(kernel.told.last == .unreachable(root: "/c/\(AuditRuleManager.maximumContainers)"))
        kernel.included = []
        kernel.rules = []
        kernel.carryOut(manager.take(.listed([])), &manager)
        #expect(kernel.included.count == AuditRuleManager.maximumContainers)
    }

    @Test func `overtaking loads all of ours before the others, and the old ones go afterwards`() throws {
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        kernel.carryOut(manager.take(.planned(Self.plan([1, 2]))), &manager)
        let hiding = AuditRule(action: .never, syscalls: .all)
        kernel.rules.insert(hiding, at: 0)
        kernel.carryOut(manager.overtake(), &manager)
        let place = try #require(kernel.rules.firstIndex(of: hiding))
        #expect(kernel.rules[..<place].map(\.syscalls) == [1, 2].map { SyscallMask([$0]) })
        // Nothing is taken back before its like is loaded.
        #expect(kernel.rules.count == 5)
        kernel.settle(&manager)
        #expect(kernel.rules.count == 3)
        #expect(manager.take(.listed(kernel.rules)).isEmpty)
    }

    @Test(arguments: [UInt64(1), 7, 42])
    func `whatever happens, in the end the kernel holds what is wanted`(seed: UInt64) {
        var random = seed
        func next(_ limit: UInt64) -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (random >> 33) % limit
        }
        var manager = AuditRuleManager(key: Self.key)
        var kernel = Kernel()
        for _ in 0..<400 {
            switch next(7) {
            case 0:
                let numbers = (0..<next(6)).map { _ in Int32(next(8)) }
                let templates = next(2) == 0 ? [] : [Self.template(1)]
                kernel.carryOut(
                    manager.take(.planned(Self.plan(Array(Set(numbers)).sorted(), templates: templates))), &manager)
            case 1: kernel.carryOut(manager.take(.started(root: "/c/\(next(5))")), &manager)
            case 2: kernel.carryOut(manager.take(.ended(root: "/c/\(next(5))")), &manager)
            case 3: if !kernel.rules.isEmpty { kernel.rules.remove(at: Int(next(UInt64(kernel.rules.count)))) }
            case 4: kernel.carryOut(manager.overtake(), &manager)
            case 5: kernel.carryOut(manager.take(.listed(kernel.rules)), &manager)
            default: kernel.carryOut(manager.take(.idle), &manager)
            }
        }
        kernel.carryOut(manager.take(.listed(kernel.rules)), &manager)
        kernel.settle(&manager)
        #expect(Set(kernel.rules) == Set(manager.wanted))
        #expect(kernel.rules.count == manager.wanted.count)
    }
}
