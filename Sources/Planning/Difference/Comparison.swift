import MooringModel
import MooringShapes

/// Walks what is wanted and what ECS shows side by side, by the rules of a table.
///
/// A default is taken out only where a side *equals* it, so a change made by hand still shows. Changes are named by the
/// path of the leaf; elements of lists by their identity, and whole lists where elements have none.
struct Comparison {
    /// How far a comparison goes.
    enum Extent {
        /// What one side has beyond the other counts: a revision replaces its predecessor whole.
        case whole
        /// Only what the manifest declares, or declared before, counts: what is not mentioned in an update stays as it is.
        case declared
    }

    /// How far this one goes.
    let extent: Extent
    /// The canonical form by the defaults of what is wanted.
    let wantedForm: CanonicalForm
    /// The canonical form by the defaults of what is shown.
    let liveForm: CanonicalForm
    /// Whether a member counts that the tables do not know and that ECS does not show.
    private let countsUnshown: Bool

    /// - Parameters:
    ///   - wanted: the whole document that is wanted; defaults depend on it.
    ///   - live: the whole description, in the shape of the input.
    init(_ extent: Extent, wanted: Value, live: Value, countsUnshown: Bool) {
        self.extent = extent
        self.countsUnshown = countsUnshown
        wantedForm = CanonicalForm(of: wanted)
        liveForm = CanonicalForm(of: live)
    }

    /// The two sides of one member, with the maps they stand in.
    struct Sides {
        /// Nil where git says nothing, or null.
        let wanted: Value?
        /// Nil where ECS says nothing, or null.
        let live: Value?
        /// The map that `wanted` is a member of.
        let besideWanted: Value
        /// The map that `live` is a member of.
        let besideLive: Value
        /// All that git said of the member before, nil where it never said anything.
        let before: Value?

        init(
            wanted: Value?, live: Value?, besideWanted: Value = .map([]), besideLive: Value = .map([]),
            before: Value? = nil,
        ) {
            self.wanted = wanted.flatMap { $0.isNull ? nil : $0 }
            self.live = live.flatMap { $0.isNull ? nil : $0 }
            self.before = before.flatMap { $0.isNull ? nil : $0 }
            self.besideWanted = besideWanted
            self.besideLive = besideLive
        }

        func areScalars() -> Bool { [wanted, live].allSatisfy { $0?.scalar != nil || $0 == nil } }
        func areMaps() -> Bool { [wanted, live].allSatisfy { $0?.members != nil || $0 == nil } }
        func areLists() -> Bool { [wanted, live].allSatisfy { $0?.elements != nil || $0 == nil } }

        var wantedElements: [Value] { wanted?.elements ?? [] }
        var liveElements: [Value] { live?.elements ?? [] }
    }

    /// The changes that make `live` what is `wanted`, in the order of their paths.
    ///
    /// - Parameter before: all that git said before: what is there and not in `wanted` was removed from git.
    func changes(wanted: Value, live: Value, before: Value? = nil, by rules: [String: Rule]) -> [MemberChange] {
        changes(at: "", Sides(wanted: wanted, live: live, before: before), by: .structure(rules))
            .sorted { $0.path < $1.path }
    }

    /// The changes below `path`. A value whose type the rule does not expect is compared as unknown.
    func changes(at path: String, _ sides: Sides, by rule: Rule) -> [MemberChange] {
        if extent == .declared, sides.wanted == nil {
            return sides.before == nil ? [] : found(at: path, sides, by: rule).map { $0.made(by: .removed) }
        }
        return found(at: path, sides, by: rule)
    }

    private func found(at path: String, _ sides: Sides, by rule: Rule) -> [MemberChange] {
        switch rule {
        case .leaf(let leaf) where sides.areScalars(): return changes(at: path, sides, by: leaf)
        case .structure(let rules) where sides.areMaps(): return changes(at: path, sides, by: rules)
        case .free where sides.areMaps(): return changesOfFreeMap(at: path, sides)
        case .ordered(let rule, let identity) where sides.areLists():
            return changesInOrder(at: path, sides, by: rule, identity)
        case .unordered(let rule) where sides.areLists(): return changesOfSet(at: path, sides, by: rule)
        case .named(let identity, let rule) where sides.areLists():
            return changes(at: path, sides, by: rule, identity)
        case .keyed(let name, let value) where sides.areLists():
            return changes(at: path, sides, name: name, value: value)
        default: return changesOfUnknown(at: path, sides)
        }
    }

    // MARK: Scalars and maps

    private func changes(at path: String, _ sides: Sides, by leaf: Leaf) -> [MemberChange] {
        let wantedDefault = leaf.folding?.text(in: wantedForm.context, beside: sides.besideWanted)
        let liveDefault = leaf.folding?.text(in: liveForm.context, beside: sides.besideLive)
        let wanted = sides.wanted.flatMap(leaf.spelling)
        let live = sides.live.flatMap(leaf.spelling)
        let foldsWanted =
            wanted.map { leaf.folding?.folds($0, in: wantedForm.context, beside: sides.besideWanted) ?? false } ?? true
        let foldsLive =
            live.map { leaf.folding?.folds($0, in: liveForm.context, beside: sides.besideLive) ?? false } ?? true
        if foldsWanted, foldsLive { return [] }
        if let wanted = wanted ?? wantedDefault, let live = live ?? liveDefault, leaf.areSame(wanted, live) {
            return []
        }
        return [
            MemberChange(
                path: path,
                live: sides.live.map(leaf.shown) ?? liveDefault.map(leaf.value(of:)),
                wanted: sides.wanted.map(leaf.shown) ?? wantedDefault.map(leaf.value(of:)))
        ]
    }

    private func changes(at path: String, _ sides: Sides, by rules: [String: Rule]) -> [MemberChange] {
        let wanted = sides.wanted ?? .map([])
        let live = sides.live ?? .map([])
        var names = (wanted.members ?? []).map(\.name)
        if extent == .declared {
            names += (sides.before?.members ?? []).map(\.name).filter { wanted[$0] == nil }
        }
        if extent == .whole {
            // A member that neither the table nor the manifest knows is one that AWS began to show: no manifest could
            // have asked for it, and counting it would register a revision in every pass.
            names += (live.members ?? []).map(\.name).filter { wanted[$0] == nil && rules[$0] != nil }
        }
        return names.flatMap { name in
            changes(
                at: path.isEmpty ? name : "\(path).\(name)",
                Sides(
                    wanted: wanted[name], live: live[name], besideWanted: wanted, besideLive: live,
                    before: sides.before?[name]),
                by: rules[name] ?? .unknown)
        }
    }

    private func changesOfFreeMap(at path: String, _ sides: Sides) -> [MemberChange] {
        let names = Set([sides.wanted, sides.live].flatMap { ($0?.members ?? []).map(\.name) })
        return names.sorted().flatMap { name in
            let (wanted, live) = (sides.wanted?[name], sides.live?[name])
            return wanted.flatMap(Leaf.plainSpelling) == live.flatMap(Leaf.plainSpelling)
                ? [] : [MemberChange(path: "\(path)[\(name)]", live: live, wanted: wanted)]
        }
    }

    private func changesOfUnknown(at path: String, _ sides: Sides) -> [MemberChange] {
        guard let wanted = sides.wanted else {
            return liveForm.form(of: sides.live ?? .null, by: .unknown) == nil
                ? [] : [MemberChange(path: path, live: sides.live, wanted: nil)]
        }
        if sides.live == nil, !countsUnshown { return [] }
        switch (wanted.node, sides.live?.node) {
        case (.map(let members), .map), (.map(let members), nil):
            return members.flatMap { member in
                changes(
                    at: "\(path).\(member.name)", Sides(wanted: member.value, live: sides.live?[member.name]),
                    by: .unknown)
            }
        case (.list, .list), (.list, nil): return changesInOrder(at: path, sides, by: .unknown, nil)
        case (.scalar, .scalar) where Leaf.plainSpelling(of: wanted) == sides.live.flatMap(Leaf.plainSpelling):
            return []
        default: return [MemberChange(path: path, live: sides.live, wanted: wanted)]
        }
    }
}
