/// The eBPF programs as the build embedded them (Plugins/CompileBPF).
public enum BPFPrograms {
    /// The object file for this architecture, gzip in base64.
    public static var packed: StaticString { embeddedPrograms }
}
