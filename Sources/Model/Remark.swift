package import MooringNames

/// Something to know about a service beside its differences: what the plan could not see, or leaves alone on purpose.
package struct Remark: Hashable, Sendable {
    package let key: ServiceKey
    package let kind: Kind

    package init(key: ServiceKey, kind: Kind) {
        self.key = key
        self.kind = kind
    }

    package enum Kind: Hashable, Sendable {
        /// What git said when it was last reached cannot be read, so members that were taken out of it stay.
        case removalsUnseen(why: String)
        /// ECS does not show these members, and nobody knows what was last sent of them.
        case unshown(members: [String])
        /// Members that the tables do not know and ECS does not show were taken out of git.
        case removedUnshown(members: [String])
        /// Application Auto Scaling has a band, and the count lies outside of it.
        case countOutsideBand(count: Int, minimum: Int, maximum: Int)
        /// Scheduled actions of git differ from, or are not in, Application Auto Scaling, and their time is over.
        case scheduleOver(names: [String])
        /// The automatic scaling was changed by hand and stays so, as `drift` says.
        case scalingByHand(members: [String])
        /// Git no longer scales the service, but these of other hands hang on its scalable target.
        case scalableTargetKept(names: [String])
        /// Other images stand behind tags of the service than when it was deployed. One at least.
        case tagsMoved(of: ServiceKey, [MovedTag])
    }
}

extension Remark.Kind {
    /// The remark in one or two sentences.
    package var sentence: String {
        switch self {
        case .removalsUnseen(let why):
            "\(why) So nobody can tell which members were taken out of the manifest since; nothing is unset."
        case .unshown(let members):
            "ECS does not show \(members.joined(separator: ", ")), and the commit that was last reached is not known, "
                + "so whether ECS has what git says of it cannot be known."
        case .removedUnshown(let members):
            "\(members.joined(separator: ", ")) was taken out of git. It is not known how ECS takes it back, "
                + "and ECS does not show whether it still has it."
        case .countOutsideBand(let count, let minimum, let maximum):
            "The desired count is \(count), outside of Application Auto Scaling's band of \(minimum) to \(maximum). "
                + "It is left to the autoscaler."
        case .scheduleOver(let names):
            "The time of scheduled action \(names.joined(separator: ", ")) is over, so it is not set. "
                + "Take it out of the manifest, or give it a time to come."
        case .scalingByHand(let members):
            "\(members.joined(separator: ", ")) was changed by hand and stays so until a commit changes it "
                + "('drift: report')."
        case .scalableTargetKept(let names):
            "Git no longer scales the service automatically, but its scalable target stays: "
                + "\(names.joined(separator: ", ")), which git never had, would be deleted with it."
        case .tagsMoved(let key, let tags):
            tags.map { tag in
                "The tag '\(tag.tag)' of \(tag.address) has moved from \(MovedTag.short(tag.running)) to "
                    + "\(MovedTag.short(tag.pushed)) since '\(tag.container)' was deployed."
            }.joined(separator: " ")
                + " What runs stays, and nothing is deployed because of it. To deploy it, commit it: "
                + tags.map { "mooring set-image \(key) \($0.container) \($0.pinned)" }.joined(separator: "; ")
        }
    }

    /// A stable word for programs.
    package var code: String {
        switch self {
        case .removalsUnseen: "removals-unseen"
        case .unshown: "unshown"
        case .removedUnshown: "removed-unshown"
        case .countOutsideBand: "count-outside-band"
        case .scheduleOver: "schedule-over"
        case .scalingByHand: "scaling-by-hand"
        case .scalableTargetKept: "scalable-target-kept"
        case .tagsMoved: "tags-moved"
        }
    }
}
