/// Reads file descriptors' attributes from /proc into their records.
final class DescriptorReader {
    func resolve(_ descriptor: DescriptorRecord) {}
    func layer(of descriptor: DescriptorRecord) -> ExecutableFile.Layer { .none }
}
