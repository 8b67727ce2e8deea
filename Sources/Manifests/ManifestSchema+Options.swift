import MooringModel
package import MooringShapes

/// What is Mooring's own: `mooring.yaml`, and what stands under `mooring` in a manifest.
extension ManifestSchema {
    /// Schema of `mooring.yaml`, the environment's own settings in git.
    package static let environment: Value = [
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": [
            "adopt": described(JSONSchema.flag, "Whether services that exist already may be taken over."),
            "ignore": described(texts, "Files below the folder that are not read: 'drafts/**', '*.local.json'."),
            "pause": described(pause, "Leaves the whole environment alone: true, the reason, or windows of time."),
            "freeze": described(freeze, "Times in which nothing is changed."),
            "drift": described(
                drift,
                "What is done about differences that no commit made; where nothing is said, 'correct' for the service's "
                    + "own members and 'report' for the revision it runs."),
            "onFailure": described(
                words(FailurePolicy.self),
                "What follows a failed rollout: left to ECS's circuit breaker, undone by Mooring, or everything held."),
            "prune": described(
                [
                    "anyOf": [
                        JSONSchema.flag,
                        [
                            "type": "object", "additionalProperties": false,
                            "properties": [
                                "max": described(
                                    number(1, Limits.mostPrunedServices), "Most services that one pass removes.")
                            ],
                        ],
                    ]
                ], "Whether services that left git are removed, and how many at most at once."),
            "variables": described(
                [
                    "type": ["object", "null"],
                    "additionalProperties": [
                        "anyOf": [
                            ["type": ["string", "number", "boolean"]],
                            [
                                "type": "object", "required": ["fromParameter"], "additionalProperties": false,
                                "properties": [
                                    "fromParameter": [
                                        "type": "string",
                                        "description": "Name or ARN of an SSM parameter that holds the value.",
                                    ]
                                ],
                            ],
                        ]
                    ],
                ], "What '${name}' stands for in the manifests."),
        ],
    ]

    // MARK: In manifests

    /// What may stand under `mooring`.
    static let options: Value = [
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": [
            "adopt": described(JSONSchema.flag, "The service exists already and may be taken over."),
            "approve": described(
                ["type": ["string", "number", "null"]],
                "The commit or digest whose rollout may pass the hooks that wait for somebody."),
            "autoscaling": described(
                autoscaling, "What Application Auto Scaling does with the count, in its API's own shapes."),
            "base": described(
                ["type": "string"], "Path of a manifest, relative to this one, that this one lies over."),
            "dependsOn": described(
                texts, "Services and one-off tasks that must be done before: 'name', 'cluster/name' or 'task name'."),
            "drift": described(
                drift,
                "What is done about differences that no commit made; what mooring.yaml says where nothing is said."),
            "freeze": described(freeze, "Times in which nothing is changed."),
            "ignore": described(
                texts, "Members that are not compared: 'desiredCount', 'containerDefinitions[web].image'."),
            "pause": described(pause, "Leaves it alone: true, the reason, or windows of time."),
            "redeploy": described(
                ["type": ["string", "number", "boolean", "null"]], "Change this to force a deployment."),
            "replace": described(JSONSchema.flag, "The service may be made anew where a change needs that."),
            "runs": described(runs, "Makes a one-off task of a manifest in RunTask's shape: run once for its inputs."),
            "shared": described(JSONSchema.flag, "The service may be changed although CloudFormation manages it too."),
            "timeout": described(
                ["type": ["string", "null"], "pattern": .string("^[1-9][0-9]*[smh]$|" + JSONSchema.variable)],
                "How long a rollout or a one-off task may take: 90s, 20m, 2h."),
            "waitFor": described(
                words(RolloutGoal.self),
                "When a rollout counts as a success: the old tasks gone, or all traffic on the new ones."),
            "wave": described(
                number(0, Limits.wave), "Nothing of a later wave starts before all of an earlier one is done."),
        ],
    ]

    private static let runs: Value = [
        "type": "object", "additionalProperties": false,
        "properties": [
            "name": described(
                ["type": ["string", "number", "null"]],
                "The name; the file's, up to the first dot, where nothing is said."),
            "before": described(texts, "Services and one-off tasks that wait until it has ended well."),
            "after": described(texts, "Services and one-off tasks that must be done before."),
        ],
    ]

    // MARK: Automatic scaling

    /// The shapes of Application Auto Scaling. Nothing is required of the target, for the rest may stand in a base.
    static var scaling: JSONSchema {
        JSONSchema(
            .applicationAutoScaling, .whole, prefix: "#/definitions/autoscaling/", describe: MemberDescriptions.sentence
        )
    }

    /// What can be reached from the inputs, which themselves stand under `mooring`.
    static let scalingShapes = [
        "StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration",
        "PredictiveScalingPolicyConfiguration", "ScalableTargetAction", "SuspendedState",
    ]

    private static let autoscaling: Value = {
        var target = scalingInput("RegisterScalableTargetRequest", requires: [])
        guard var properties = target["properties"] else { return target }
        properties["Tags"] = nil
        properties["policies"] = described(
            list(of: scalingInput("PutScalingPolicyRequest", requires: ["PolicyName", "PolicyType"])),
            "Inputs of PutScalingPolicy.")
        properties["scheduledActions"] = described(
            list(of: scalingInput("PutScheduledActionRequest", requires: ["ScheduledActionName", "Schedule"])),
            "Inputs of PutScheduledAction.")
        target["properties"] = properties
        return target
    }()

    private static func scalingInput(_ name: String, requires required: [String]) -> Value {
        guard case .structure(let structure)? = ShapeTable.applicationAutoScaling.shape(name)?.kind else { return true }
        return .map(present: [
            ("type", "object"), ("properties", scaling.properties(of: structure, named: name)),
            ("required", required.isEmpty ? nil : .list(required.map(Value.string))),
            ("additionalProperties", false),
        ])
    }

    private static func list(of element: Value) -> Value { ["type": ["array", "null"], "items": element] }

    // MARK: Parts

    private static let texts: Value = [
        "anyOf": [["type": ["string", "null"]], ["type": "array", "items": ["type": ["string", "number"]]]]
    ]

    private static func number(_ least: Int, _ most: Int) -> Value {
        [
            "type": ["integer", "string", "null"], "minimum": .integer(least), "maximum": .integer(most),
            "pattern": .string("^[0-9]+$|" + JSONSchema.variable),
        ]
    }

    private static func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> Value
    where Word.RawValue == String {
        [
            "anyOf": [
                ["enum": .list(Word.allCases.map { .string($0.rawValue) } + [.null])],
                ["type": "string", "pattern": .string(JSONSchema.variable)],
            ]
        ]
    }

    private static let drift: Value = [
        "anyOf": [
            words(DriftPolicy.self),
            [
                "type": "object", "additionalProperties": false,
                "properties": [
                    "members": described(words(DriftPolicy.self), "Of the service's own members."),
                    "revision": described(
                        words(DriftPolicy.self), "Of the revision it runs. Under 'ignore' it stays, but is still told."),
                ],
            ],
        ]
    ]

    private static let pause: Value = {
        let word: Value = ["type": ["boolean", "string", "null"], "maxLength": .integer(Limits.optionTextLength)]
        let window = Self.window(required: [])
        return ["anyOf": [word, window, ["type": "array", "items": ["anyOf": [word, window]]]]]
    }()

    private static let freeze: Value = {
        let window = Self.window(required: ["until"])
        return ["anyOf": [["type": "null"], window, ["type": "array", "items": window]]]
    }()

    private static func window(required: [Value]) -> Value {
        .map(present: [
            ("type", "object"), ("required", required.isEmpty ? nil : .list(required)),
            ("additionalProperties", false),
            (
                "properties",
                [
                    "from": described(time, "The first moment; without it, it has begun."),
                    "until": described(time, "The first moment after it."),
                    "reason": described(["type": ["string", "null"]], "For people."),
                ]
            ),
        ])
    }

    private static let time: Value = [
        "type": ["string", "null"],
        "pattern": .string(
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$|"
                + JSONSchema.variable),
    ]
}
