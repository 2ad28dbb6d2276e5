import BPFRuntime
import KernelInterface
import Synchronization

/// The eBPF programs, on their way into the kernel on a thread of their own: its checks of them take as long as compiling the rules.
final class ProgramsAhead: SourcePreparation {
    private let settings: BPFSettings
    private let outcome = Mutex<Handover<Result<BPFSession, BPFError>>?>(nil)
    private let ended: EventDescriptor

    /// Begins; nil where no thread can be had.
    init?(_ settings: BPFSettings) {
        self.settings = settings
        do throws(KernelError) {
            ended = try EventDescriptor()
            try WorkerThread.start("shrike-load") { self.load() }
        } catch { return nil }
    }

    private func load() {
        let loaded: Handover<Result<BPFSession, BPFError>>
        do throws(BPFError) {
            loaded = Handover(.success(try BPFSession.load(settings)))
        } catch { loaded = Handover(.failure(error)) }
        outcome.withLock { $0 = loaded }
        ended.signal()
    }

    /// The programs, once they are loaded; to be taken once. Nil where they are others than the wanted ones.
    func take(_ wanted: BPFSettings) throws(BPFError) -> sending BPFSession? {
        guard wanted == settings, ended.wait(milliseconds: Int32.max) else { return nil }
        return try outcome.withLock { $0 }?.take()?.get()
    }
}
