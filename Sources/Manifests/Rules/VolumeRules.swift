import MooringShapes

/// Rules of volumes and of where they are mounted.
enum VolumeRules {
    private static let reference = "API reference, Volume"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "unknown-volume", .error, source: "API reference, MountPoint, sourceVolume; ECS refuses: 'Unknown volume'"
        ) {
            task, report in
            let names = task.volumes.compactMap { $0.value["name"]?.text }
            let known = Set(names)
            // A name that a variable makes may be any.
            guard !names.contains(where: { $0.contains("${") }) else { return }
            for container in task.containers {
                for mount in container.value.items("mountPoints") {
                    guard let name = mount.value["sourceVolume"]?.settledText, !known.contains(name) else { continue }
                    report.add(
                        "There is no volume '\(name.shortened)' in "
                            + "'volumes'.\(name.didYouMean(names)) Declare it there.",
                        at: mount.value["sourceVolume"], container.path("mountPoints[\(mount.index)].sourceVolume"))
                }
            }
        },
        ProseRule("duplicate-volume", .warning, source: "\(reference), name: mount points refer to it") {
            task, report in
            var seen: Set<String> = []
            for volume in task.volumes {
                guard let name = volume.value["name"]?.text, !name.isEmpty, !seen.insert(name).inserted else {
                    continue
                }
                report.add(
                    "Another volume is called '\(name.shortened)' already. Give each its own name.",
                    at: volume.value["name"], "volumes[\(volume.index)].name")
            }
        },
        ProseRule("volume-kinds", .error, source: "\(reference): one configuration a volume") { task, report in
            for volume in task.volumes {
                let kinds = kinds(of: volume.value)
                guard kinds.count > 1 else { continue }
                report.add(
                    "A volume is of one kind only, not of "
                        + kinds.map { "'\($0)'" }.joined(separator: " and ") + ". Remove all but one.",
                    at: volume.value,
                    "volumes[\(volume.index)]")
            }
        },
        ProseRule("configured-at-launch", .error, source: "\(reference), configuredAtLaunch: one a revision") {
            task, report in
            let configured = task.volumes.filter { $0.value["configuredAtLaunch"]?.boolean == true }
            guard configured.count > 1, let last = configured.last else { return }
            report.add(
                "\(configured.count) volumes are configured at launch; ECS takes one in a task definition.",
                at: last.value["configuredAtLaunch"], "volumes[\(last.index)].configuredAtLaunch")
        },
        ProseRule(
            "efs-access-point", .error,
            source: "API reference, EFSVolumeConfiguration; ECS refuses another root directory than '/'"
        ) {
            task, report in
            for (volume, efs) in fileSystems(task) {
                guard hasAccessPoint(efs), let root = efs["rootDirectory"], let text = root.settledText, !text.isEmpty,
                    text != "/"
                else { continue }
                report.add(
                    "The access point says which directory is mounted. Remove 'rootDirectory', or write '/'.", at: root,
                    "volumes[\(volume)].efsVolumeConfiguration.rootDirectory")
            }
        },
        ProseRule(
            "efs-encryption", .error,
            source:
                "API reference, EFSAuthorizationConfig; ECS refuses IAM, "
                + "an access point or a port without transit encryption"
        ) {
            task, report in
            for (volume, efs) in fileSystems(task) where efs["transitEncryption"]?.text != "ENABLED" {
                if efs["transitEncryption"]?.isOpen == true { continue }
                let needs: String
                if efs["authorizationConfig"]?["iam"]?.text == "ENABLED" {
                    needs = "IAM authorization"
                } else if hasAccessPoint(efs) {
                    needs = "An access point"
                } else if (efs["transitEncryptionPort"]?.integer ?? 0) != 0 {
                    needs = "'transitEncryptionPort'"
                } else {
                    continue
                }
                report.add(
                    "\(needs) needs encryption in transit. Add 'transitEncryption: ENABLED'.", at: efs,
                    "volumes[\(volume)].efsVolumeConfiguration.transitEncryption")
            }
        },
    ]

    private static func kinds(of volume: Value) -> [String] {
        var kinds = [
            "dockerVolumeConfiguration", "efsVolumeConfiguration", "s3filesVolumeConfiguration",
            "fsxWindowsFileServerVolumeConfiguration",
        ].filter { volume[$0] != nil }
        // Describe fills in an empty host, and `false`.
        if volume.holds("host") { kinds.append("host") }
        if volume["configuredAtLaunch"]?.boolean == true { kinds.append("configuredAtLaunch") }
        return kinds
    }

    private static func fileSystems(_ task: TaskDefinitionInput) -> [(index: Int, value: Value)] {
        task.volumes.compactMap { volume in
            volume.value["efsVolumeConfiguration"].map { (index: volume.index, value: $0) }
        }
    }

    private static func hasAccessPoint(_ efs: Value) -> Bool {
        efs["authorizationConfig"]?["accessPointId"]?.text?.isEmpty == false
    }
}
