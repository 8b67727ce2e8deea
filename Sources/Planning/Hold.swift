package import MooringModel

/// Why something is left alone now.
package struct Hold: Hashable, Sendable {
    /// When it may be touched again, as far as is known now; nil where somebody has to take a word back.
    package let until: Timestamp?
    /// The windows that hold it now, the one that lasts longest first.
    package let windows: [HoldWindow]

    /// What holds at `now`, nil where nothing does.
    ///
    /// Windows that follow one another without a gap are one: `until` is when all of them are over. The order of the
    /// windows does not matter.
    package static func hold(_ windows: [HoldWindow], at now: Timestamp) -> Hold? {
        let holding = windows.filter { $0.holds(at: now) }.sorted(by: precedes)
        guard let first = holding.first else { return nil }
        guard var end = first.until else { return Hold(until: nil, windows: holding) }
        // By their beginning, so that one look at each is enough.
        let later = windows.filter { $0.from.map { $0 > now } ?? false }
            .sorted { ($0.from ?? now, $0.until ?? end) < ($1.from ?? now, $1.until ?? end) }
        for window in later {
            guard let from = window.from, from <= end else { break }
            guard let until = window.until else { return Hold(until: nil, windows: holding) }
            end = max(end, until)
        }
        return Hold(until: end, windows: holding)
    }

    /// `Frozen until 2027-01-02T00:00:00Z by mooring.yaml: holidays.`
    package var sentence: String {
        guard let first = windows.first else { return "" }
        let verb = first.kind == .freeze ? "Frozen" : "Paused"
        let end = until.map { " until \($0.iso8601)" } ?? ""
        let why = first.reason.isEmpty ? "" : ": " + first.reason
        let full = "\(verb)\(end) by \(first.source.name)\(why)"
        return full.last == "." ? full : full + "."
    }

    /// What ends it before its time.
    package var remedy: String {
        guard let first = windows.first else { return "" }
        switch first.source {
        case .environment: return "Take '\(first.kind.rawValue)' out of mooring.yaml to go on before."
        case .manifest: return "Take '\(first.kind.rawValue)' out of the service's manifest to go on before."
        case .serviceTag: return "Remove the tag \(PauseTag.key) from the service to go on before."
        case .clusterTag: return "Remove the tag \(PauseTag.key) from the cluster to go on before."
        }
    }

    /// What lasts longest first; of two that last as long what comes from git, and then by reason, so that the order of
    /// what was read decides nothing.
    private static func precedes(_ left: HoldWindow, _ right: HoldWindow) -> Bool {
        if left.until != right.until {
            guard let leftEnd = left.until else { return true }
            guard let rightEnd = right.until else { return false }
            return leftEnd > rightEnd
        }
        return (left.source.rank, left.kind.rawValue, left.reason)
            < (right.source.rank, right.kind.rawValue, right.reason)
    }
}

extension HoldWindow {
    /// The windows that an environment's settings and a service's options speak of.
    package static func windows(settings: EnvironmentOptions, service options: MooringOptions) -> [HoldWindow] {
        var windows = settings.freeze.map { freeze in
            HoldWindow(
                kind: .freeze, source: .environment, from: freeze.from, until: freeze.until, reason: freeze.reason)
        }
        if let reason = settings.pause {
            windows.append(HoldWindow(kind: .pause, source: .environment, until: nil, reason: reason))
        } else if let reason = options.pause {
            // Reading manifests writes the environment's pause into every service's options: it is told once.
            windows.append(HoldWindow(kind: .pause, source: .manifest, until: nil, reason: reason))
        }
        return windows
    }
}

extension HoldWindow.Source {
    fileprivate var rank: Int {
        switch self {
        case .environment: 0
        case .manifest: 1
        case .serviceTag: 2
        case .clusterTag: 3
        }
    }

    /// As a sentence calls it.
    fileprivate var name: String {
        switch self {
        case .environment: "mooring.yaml"
        case .manifest: "the manifest"
        case .serviceTag: "the service's tag \(PauseTag.key)"
        case .clusterTag: "the cluster's tag \(PauseTag.key)"
        }
    }
}
