// swift-tools-version: 6.1
import PackageDescription

// Folders are named for what they hold, modules carry the prefix `Mooring`.
// The order below is the order of dependency: a target may only name targets above it.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ folder: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(
        name: "Mooring" + folder,
        dependencies: dependencies,
        path: "Sources/" + folder,
        exclude: exclude,
        swiftSettings: strict,
    )
}

func tests(
    _ folder: String, _ modules: String, _ others: [Target.Dependency] = [], exclude: [String] = [],
) -> Target {
    .testTarget(
        name: "Mooring" + folder,
        dependencies: modules.split(separator: " ").map { .init(stringLiteral: "Mooring" + $0) } + others,
        path: "Tests/" + folder,
        exclude: exclude,
        swiftSettings: strict,
    )
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")

let package = Package(
    name: "mooring",
    products: [.executable(name: "mooring", targets: ["mooring"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // C libraries: a module map and a shim, nothing else.
        .systemLibrary(name: "CGit2", path: "Sources/CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])],
        ),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])],
        ),

        // Pure: functions of values. No clock, no randomness, no files, no tasks.
        module("Names"),
        module("Cryptography", ["COpenSSL"]),
        module("Shapes", ["MooringNames"], exclude: ["generate-shapes.py"]),
        module("Model", ["MooringShapes", "MooringNames", "MooringCryptography"]),
        module("Rollouts", ["MooringModel", "MooringShapes", "MooringNames"]),
        module("Ordering", ["MooringModel", "MooringShapes", "MooringNames"]),
        module("Manifests", ["MooringOrdering", "MooringModel", "MooringShapes", "MooringNames", yams]),
        module(
            "Planning",
            [
                "MooringOrdering", "MooringRollouts", "MooringModel", "MooringShapes", "MooringNames",
                "MooringCryptography",
            ],
        ),
        module("Presentation", ["MooringModel", "MooringShapes", "MooringNames", yams]),
        module(
            "Importing",
            [
                "MooringManifests", "MooringPlanning", "MooringPresentation", "MooringModel", "MooringShapes",
                "MooringNames",
            ],
        ),
        module("Ports", ["MooringModel", "MooringShapes", "MooringNames"]),

        // The loop: a value, and the driver that performs what it asks for.
        module(
            "Reconciliation",
            [
                "MooringPorts", "MooringPlanning", "MooringOrdering", "MooringRollouts", "MooringPresentation",
                "MooringManifests", "MooringModel", "MooringShapes", "MooringNames",
            ],
        ),

        // Shells: one outside each.
        module("HTTPTransport", ["MooringPorts", "MooringNames", "CCurl"]),
        module(
            "AWS",
            [
                "MooringHTTPTransport", "MooringCryptography", "MooringPorts", "MooringModel", "MooringShapes",
                "MooringNames",
            ],
        ),
        module(
            "Git",
            ["MooringHTTPTransport", "MooringCryptography", "MooringPorts", "MooringModel", "MooringNames", "CGit2"],
        ),
        module(
            "Reporting",
            [
                "MooringHTTPTransport", "MooringCryptography", "MooringPorts", "MooringModel", "MooringShapes",
                "MooringNames",
            ],
        ),
        module(
            "Server",
            [
                "MooringHTTPTransport", "MooringCryptography", "MooringPorts", "MooringModel", "MooringShapes",
                "MooringNames",
            ],
        ),
        module(
            "Notifying",
            [
                "MooringHTTPTransport", "MooringCryptography", "MooringPorts", "MooringPresentation", "MooringModel",
                "MooringShapes", "MooringNames",
            ],
        ),

        // The local ECS: shares names and shapes with the product. Hashes are of AWS's own making, not of ours: digests of
        // images and signatures of requests need SHA-256, which is in Cryptography.
        module("Simulator", ["MooringShapes", "MooringNames", "MooringCryptography", flyingFox]),

        // Composition root and commands.
        module(
            "Controller",
            [
                "MooringReconciliation", "MooringAWS", "MooringGit", "MooringReporting", "MooringServer",
                "MooringNotifying", "MooringHTTPTransport", "MooringCryptography", "MooringPorts", "MooringManifests",
                "MooringPlanning",
                "MooringRollouts",
                "MooringPresentation", "MooringModel", "MooringShapes", "MooringNames", logging, yams,
            ],
        ),
        module(
            "CommandLineTool",
            [
                "MooringController", "MooringSimulator", "MooringReconciliation", "MooringImporting", "MooringGit",
                "MooringPorts", "MooringManifests",
                "MooringPlanning", "MooringPresentation", "MooringModel", "MooringShapes", "MooringNames",
                argumentParser, logging,
            ],
        ),
        .executableTarget(
            name: "mooring", dependencies: ["MooringCommandLineTool"], path: "Sources/mooring", swiftSettings: strict,
        ),
    ] + testTargets,
)

var testTargets: [Target] {
    // Those whose seeds must give the same histories in an optimised build. `Tests/run` asks for them alone there: to optimise
    // the tests of everything takes minutes and shows nothing more.
    let seeded: Set = ["MooringTestSupport", "MooringReconciliationTests", "MooringSimulatorHistoryTests"]
    return Context.environment["MOORING_SEEDED_TESTS_ONLY"] == nil
        ? allTestTargets : allTestTargets.filter { seeded.contains($0.name) }
}

/// One test target a module, and those that test the whole. The modules are named without their prefix.
var allTestTargets: [Target] {
    [
        .target(
            name: "MooringTestSupport",
            dependencies: [
                "MooringHTTPTransport", "MooringManifests", "MooringPorts", "MooringModel", "MooringShapes",
                "MooringNames", flyingFox,
            ],
            path: "Tests/TestSupport",
            swiftSettings: strict,
        ),
        tests("NamesTests", "Names"),
        tests("CryptographyTests", "Cryptography"),
        tests("ShapesTests", "Shapes Names TestSupport"),
        tests("ManifestsTests", "Manifests Model Shapes Names", exclude: ["Goldens"]),
        tests("DifferenceTests", "Manifests Planning Model Shapes Names TestSupport", exclude: ["Goldens"]),
        tests("OrderingTests", "Ordering Model Shapes Names TestSupport"),
        tests("PlanningTests", "Planning Ordering Rollouts Model Shapes Names TestSupport"),
        tests("RolloutsTests", "Rollouts Model Shapes Names", exclude: ["Goldens"]),
        tests("PresentationTests", "Presentation Model Shapes Names", [yams], exclude: ["Goldens"]),
        tests("ImportingTests", "Importing Manifests Planning Presentation Model Shapes Names"),
        tests(
            "ReconciliationTests",
            "Reconciliation Simulator Manifests Planning Rollouts Presentation AWS HTTPTransport Ports Model Shapes Names Cryptography TestSupport",
            exclude: ["Goldens"],
        ),
        tests("HTTPTransportTests", "HTTPTransport Cryptography Ports TestSupport"),
        tests("AWSTests", "AWS HTTPTransport Cryptography Ports Model Shapes Names TestSupport"),
        tests("ServerTests", "Server HTTPTransport Cryptography Ports Model Shapes Names TestSupport"),
        tests("GitTests", "Git Presentation HTTPTransport Ports Model Names TestSupport"),
        tests("ReportingTests", "Reporting HTTPTransport Ports Model Shapes Names TestSupport"),
        tests("NotifyingTests", "Notifying HTTPTransport Ports Model Shapes Names TestSupport"),
        tests(
            "ControllerTests",
            "Controller Reconciliation Git Reporting Notifying HTTPTransport Manifests Presentation Ports Model Shapes Names TestSupport",
            [logging],
        ),
        tests("CommandLineToolTests", "Controller Manifests Shapes Names TestSupport"),
        tests("SimulatorTests", "Simulator Shapes TestSupport"),
        tests("SimulatorHistoryTests", "Simulator Shapes"),
        tests("RepositoryTests", ""),
        tests("EndToEndTests", "HTTPTransport Ports TestSupport Shapes Names"),
    ]
}
