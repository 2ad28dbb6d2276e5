import Foundation
import PackagePlugin

/// Compiles the eBPF programs of a target with the toolchain's own clang and puts them into a Swift file, as a step of the build.
///
/// The target has a directory `bpf` with `shrike.bpf.c`; both architectures' objects are made, so that cross-compiling needs nothing
/// else. The compiled objects are in the build directory alone.
@main
struct CompileBPF: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let target = target as? any SourceModuleTarget else { return [] }
        let sources = target.directoryURL.appending(path: "bpf")
        let shared = context.package.directoryURL.appending(path: "Sources/CBPFRecords/include")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedPrograms.swift")
        let script = context.package.directoryURL.appending(path: "Plugins/CompileBPF/compile")
        // A clang that knows the target `bpf` comes with every Swift toolchain; the system's need not be there.
        let clang = try context.tool(named: "clang").url
        let inputs =
            try [sources, shared].flatMap { directory in
                try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
                    .filter { ["c", "h"].contains($0.pathExtension) }
            } + [script]
        return [
            .buildCommand(
                displayName: "Compiling eBPF programs",
                executable: URL(filePath: "/bin/sh"),
                arguments: [
                    script.path, clang.path, sources.appending(path: "shrike.bpf.c").path, output.path,
                ],
                inputFiles: inputs,
                outputFiles: [output]
            )
        ]
    }
}
