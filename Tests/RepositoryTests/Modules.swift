/// Who may import whom. The package's manifest says it to the compiler; this says it to people, and cannot be changed by
/// adding a dependency in passing.
enum Modules {
    /// Functions of values: no clock, no randomness, no files, no tasks.
    static let pure: Set<String> = [
        "Names", "Shapes", "Model", "Ordering", "Manifests", "Planning", "Rollouts", "Presentation", "Importing",
        "Ports",
    ]

    private static let outside: Set<String> = ["Foundation", "Glibc", "Synchronization", "Dispatch"]
    private static let values: Set<String> = ["MooringModel", "MooringShapes", "MooringNames"]
    private static let core: Set<String> = values.union([
        "MooringManifests", "MooringOrdering", "MooringPlanning", "MooringRollouts", "MooringPresentation",
        "MooringPorts",
    ])
    private static let shell: Set<String> = values.union(outside).union([
        "MooringPorts", "MooringHTTPTransport", "MooringCryptography",
    ])

    /// What each module may import.
    static let imports: [String: Set<String>] = [
        "Names": [],
        "Cryptography": outside.union(["COpenSSL"]),
        "Shapes": ["MooringNames"],
        "Model": ["MooringShapes", "MooringNames", "MooringCryptography"],
        "Ordering": values,
        "Manifests": values.union(["MooringOrdering", "Yams", "CYaml"]),
        "Planning": values.union(["MooringOrdering", "MooringRollouts", "MooringCryptography"]),
        "Rollouts": values,
        "Presentation": values.union(["Yams", "CYaml"]),
        "Importing": values.union(["MooringManifests", "MooringPlanning", "MooringPresentation"]),
        "Ports": values,
        "Reconciliation": core.union(["MooringCryptography"]),
        "HTTPTransport": outside.union(["MooringPorts", "MooringNames", "CCurl"]),
        "AWS": shell,
        "Git": shell.union(["CGit2"]),
        "Reporting": shell,
        "Server": shell,
        "Notifying": shell.union(["MooringPresentation"]),
        "Simulator": outside.union(["MooringShapes", "MooringNames", "MooringCryptography", "FlyingFox", "FlyingSocks"]
        ),
        "Controller": core.union(outside).union([
            "MooringReconciliation", "MooringAWS", "MooringGit", "MooringReporting", "MooringServer",
            "MooringNotifying", "MooringHTTPTransport", "MooringCryptography", "Logging", "Yams",
        ]),
        "CommandLineTool": core.union(outside).union([
            "MooringController", "MooringSimulator", "MooringReconciliation", "MooringImporting", "MooringGit",
            "ArgumentParser", "Logging",
        ]),
        "mooring": ["MooringCommandLineTool"],
        "CGit2": [], "CCurl": [], "COpenSSL": [],
    ]

    /// Files of pure modules that may import more all the same, each with its reason.
    static let exceptions: [String: Set<String>] = [
        // Whoever gives a hint does not wait for whoever takes it.
        driving + "Hints.swift": ["Synchronization"]
    ]

    /// The files of the loop that perform, and are no values.
    static let driving = "Sources/Reconciliation/Driving/"

    /// Whether all of a file must be a function of values.
    static func isPure(_ file: TreeFile) -> Bool {
        guard let module = file.module, file.isSwift else { return false }
        return pure.contains(module)
            || module == "Reconciliation" && !file.path.hasPrefix(driving)
    }
}
