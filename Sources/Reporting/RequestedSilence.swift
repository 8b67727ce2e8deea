import MooringPorts

/// How long a host wants no call.
enum RequestedSilence {
    /// What an answer asks for, nil where it asks for nothing.
    ///
    /// Sources: GitHub's "Rate limits for the REST API" (wait for `Retry-After`, else until the reset where nothing is left,
    /// else a minute); GitLab's and Azure DevOps' tables of headers. Azure sends `Retry-After` with what it did as well.
    ///
    /// - Parameters:
    ///   - message: the host's own words in the answer.
    ///   - secondsSince1970: the time now, because windows end at a moment of the day.
    static func duration(
        in response: HTTPResponse, message: String, secondsSince1970 now: Int64,
    ) -> Duration? {
        let isRefusal = response.status == 429 || response.status == 403 && isAboutLimits(response, message)
        let isBusy = response.status == 503
        let isDone = (200..<300).contains(response.status)
        guard isRefusal || isBusy || isDone else { return nil }
        if let text = response.header("retry-after") {
            // A date is allowed as well; nobody of ours sends one, and a minute is right for most.
            guard let seconds = Int64(text.filter { $0 != " " }) else { return isRefusal ? Limits.silence : nil }
            return seconds > 0 || isRefusal ? .seconds(max(1, seconds)) : nil
        }
        if isBusy { return nil }
        if let reset = windowEnd(response) {
            // A broken host may name any number.
            let (left, isTooFar) = reset.subtractingReportingOverflow(now)
            return .seconds(isTooFar ? 1 : max(1, left))
        }
        return isRefusal ? Limits.silence : nil
    }

    /// When the window ends, in seconds since 1970, where nothing is left of it.
    private static func windowEnd(_ response: HTTPResponse) -> Int64? {
        for prefix in ["x-ratelimit-", "ratelimit-"] where response.header(prefix + "remaining") == "0" {
            if let reset = response.header(prefix + "reset").flatMap({ Int64($0) }) { return reset }
        }
        return nil
    }

    /// GitHub answers 403 for a limit as well as for a missing permission.
    private static func isAboutLimits(_ response: HTTPResponse, _ message: String) -> Bool {
        let words = message.lowercased()
        return response.header("retry-after") != nil || windowEnd(response) != nil || words.contains("rate limit")
            || words.contains("abuse")
    }
}
