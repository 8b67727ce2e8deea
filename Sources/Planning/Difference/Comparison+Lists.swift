import MooringModel
import MooringShapes

extension Comparison {
    private func wantedCanonical(_ element: Value, _ rule: Rule) -> Value { wantedForm.element(element, by: rule) }
    private func liveCanonical(_ element: Value, _ rule: Rule) -> Value { liveForm.element(element, by: rule) }

    private func areSame(_ wanted: Value, _ live: Value, before: Value? = nil, by rule: Rule) -> Bool {
        changes(at: "", Sides(wanted: wanted, live: live, before: before), by: rule).isEmpty
    }

    /// One change for a whole list: its elements have no names by which a single one could be pointed at.
    private func wholeList(at path: String, wanted: [Value], live: [Value]) -> [MemberChange] {
        [
            MemberChange(
                path: path, live: live.isEmpty ? nil : .list(live), wanted: wanted.isEmpty ? nil : .list(wanted))
        ]
    }

    /// Element by element where both sides have the same identities in the same order, else the whole list.
    func changesInOrder(at path: String, _ sides: Sides, by rule: Rule, _ identity: Identity?) -> [MemberChange] {
        let (wanted, live) = (sides.wantedElements, sides.liveElements)
        let pairs = Array(zip(wanted, live))
        if wanted.count == live.count {
            if pairs.allSatisfy({ areSame($0, $1, by: rule) }) { return [] }
            if let identity {
                let names = wanted.map { identity.text(of: wantedCanonical($0, rule)) }
                if names == live.map({ identity.text(of: liveCanonical($0, rule)) }), Set(names).count == names.count {
                    return zip(names, pairs).flatMap { name, pair in
                        changes(at: "\(path)[\(name)]", Sides(wanted: pair.0, live: pair.1), by: rule)
                    }
                }
            }
        }
        return wholeList(
            at: path, wanted: wanted.map { wantedCanonical($0, rule) }, live: live.map { liveCanonical($0, rule) })
    }

    /// One change for the whole list, none where each element has its like on the other side.
    func changesOfSet(at path: String, _ sides: Sides, by rule: Rule) -> [MemberChange] {
        let wanted = wantedForm.sorted(sides.wantedElements.map { wantedCanonical($0, rule) })
        let live = liveForm.sorted(sides.liveElements.map { liveCanonical($0, rule) })
        if wanted == live { return [] }
        if wanted.count == live.count {
            let (unmatched, _) = unmatched(sides.wantedElements, sides.liveElements, before: nil, by: rule)
            if unmatched.isEmpty { return [] }
        }
        return wholeList(at: path, wanted: wanted, live: live)
    }

    /// Changes of elements that share an identity; of several that do, those that are the same are paired first.
    func changes(at path: String, _ sides: Sides, by rule: Rule, _ identity: Identity) -> [MemberChange] {
        let wanted = Dictionary(grouping: sides.wantedElements) { identity.text(of: wantedCanonical($0, rule)) }
        let live = Dictionary(grouping: sides.liveElements) { identity.text(of: liveCanonical($0, rule)) }
        let before = Dictionary(grouping: sides.before?.elements ?? []) { identity.text(of: wantedCanonical($0, rule)) }
            .compactMapValues { $0.dropFirst().reduce($0.first) { $0?.union($1) } }
        return Set(wanted.keys).union(live.keys).sorted().flatMap { name in
            let (wantedRest, liveRest) = unmatched(wanted[name] ?? [], live[name] ?? [], before: before[name], by: rule)
            let sortedWanted = wantedForm.sorted(wantedRest.map { wantedCanonical($0, rule) })
            let sortedLive = liveForm.sorted(liveRest.map { liveCanonical($0, rule) })
            let isShared = max((wanted[name] ?? []).count, (live[name] ?? []).count) > 1
            return (0..<max(wantedRest.count, liveRest.count)).flatMap { index -> [MemberChange] in
                let place = "\(path)[\(name)\(isShared ? "#\(index + 1)" : "")]"
                guard index < wantedRest.count, index < liveRest.count else {
                    return [
                        MemberChange(
                            path: place, live: index < sortedLive.count ? sortedLive[index] : nil,
                            wanted: index < sortedWanted.count ? sortedWanted[index] : nil)
                    ]
                }
                // The only one of its name keeps what it writes out; among several the sorted form decides the pairs.
                let sides =
                    isShared
                    ? Sides(wanted: sortedWanted[index], live: sortedLive[index])
                    : Sides(wanted: wantedRest[index], live: liveRest[index], before: before[name])
                return changes(at: place, sides, by: rule)
            }
        }
    }

    /// Changes of a map in the form of a list, each by its name.
    func changes(at path: String, _ sides: Sides, name: String, value: String) -> [MemberChange] {
        func byName(_ elements: [Value]) -> [String: Value] {
            Dictionary(elements.map { ($0[name]?.text ?? "", $0) }, uniquingKeysWith: { _, later in later })
        }
        let (wanted, live) = (byName(sides.wantedElements), byName(sides.liveElements))
        return Set(wanted.keys).union(live.keys).sorted().flatMap { key -> [MemberChange] in
            let place = "\(path)[\(key)]"
            let (wantedElement, liveElement) = (wanted[key], live[key])
            guard let wantedElement, let liveElement else {
                return [
                    MemberChange(
                        path: place, live: liveElement.map { shortened($0, name: name, value: value) },
                        wanted: wantedElement.map { shortened($0, name: name, value: value) })
                ]
            }
            let rule = Rule.pair(name: name, value: value)
            return changes(at: place, Sides(wanted: wantedElement, live: liveElement), by: rule).map {
                $0.path == "\(place).\(value)" ? MemberChange(path: place, live: $0.live, wanted: $0.wanted) : $0
            }
        }
    }

    /// The value alone, where an element holds nothing beside name and value.
    private func shortened(_ element: Value, name: String, value: String) -> Value {
        let others = (element.members ?? []).filter { $0.name != name && $0.name != value && !$0.value.isNull }
        return others.isEmpty ? element[value] ?? .string("") : element
    }

    /// What is left of two lists when elements that are the same have been paired off, whatever their order.
    private func unmatched(
        _ wanted: [Value], _ live: [Value], before: Value?, by rule: Rule,
    ) -> (wanted: [Value], live: [Value]) {
        if wanted.count == 1, live.count == 1 {
            return areSame(wanted[0], live[0], before: before, by: rule) ? ([], []) : (wanted, live)
        }
        var liveRest = live
        let wantedRest = wanted.filter { element in
            guard let index = liveRest.firstIndex(where: { areSame(element, $0, by: rule) }) else { return true }
            liveRest.remove(at: index)
            return false
        }
        return (wantedRest, liveRest)
    }
}
