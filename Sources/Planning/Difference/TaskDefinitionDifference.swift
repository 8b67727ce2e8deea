package import MooringModel
package import MooringShapes

/// What differs between a task definition that git wants and a revision that ECS describes.
package enum TaskDefinitionDifference {
    /// The changes that make a new revision necessary, by path; empty where `live` has the wanted content.
    ///
    /// A revision is compared whole: what `live` has beyond `wanted` counts unless it is empty, a default of ECS, a
    /// member that no input has, or one that neither the tables nor `wanted` know (AWS adds to what it shows).
    ///
    /// - Parameters:
    ///   - wanted: the coerced input of RegisterTaskDefinition. Its tags are no part of the content.
    ///   - live: the `taskDefinition` of DescribeTaskDefinition's answer.
    ///   - isRegisteredFromWanted: whether `live` is known, by its digest, to have been registered from this very
    ///     input. A member that the tables do not know and ECS does not show is then one that ECS ignores: a misspelt
    ///     name is accepted and forgotten, and would otherwise make a new revision in every pass.
    package static func changes(wanted: Value, live: Value, isRegisteredFromWanted: Bool = false) -> [MemberChange] {
        let (wanted, live) = (content(of: wanted), content(of: live))
        return Comparison(.whole, wanted: wanted, live: live, countsUnshown: !isRegisteredFromWanted)
            .changes(wanted: wanted, live: live, by: TaskDefinitionRules.root)
    }

    /// The members of an input or a description that make its content.
    static func content(of document: Value) -> Value {
        guard let members = document.members else { return document }
        return Value(.map(members.filter { !TaskDefinitionRules.readOnly.contains($0.name) }))
    }
}
