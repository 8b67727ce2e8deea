import MooringShapes

/// The log groups of CloudWatch Logs.
struct LogStore: Sendable {
    struct Group: Sendable {
        let name: String
        let arn: String
        let createdAt: Int64
        let logClass: String
        let key: String?
        var retention: Int?
        var tags: NeighbourTags
        var streams: [Stream] = []
    }

    struct Stream: Sendable {
        let name: String
        let createdAt: Int64
        var events: [(at: Int64, ingestedAt: Int64, message: String)] = []
        /// Of everything that ever came, as CloudWatch counts: 26 bytes besides each message.
        /// Source: API reference, PutLogEvents.
        var bytes = 0
        /// Of the events that are kept.
        private var keptBytes = 0

        init(name: String, createdAt: Int64) {
            self.name = name
            self.createdAt = createdAt
        }

        private static func size(_ message: String) -> Int { min(message.utf8.count, 1_048_576) + 26 }

        mutating func add(_ message: String, at: Int64, ingestedAt: Int64) {
            events.append((at, ingestedAt, message))
            bytes += Stream.size(message)
            keptBytes += Stream.size(message)
        }

        /// Drops the oldest events beyond the bounds.
        mutating func trim() {
            var excess = 0
            while excess < events.count,
                events.count - excess > Limits.logEvents || keptBytes > Limits.logStreamBytes
            {
                keptBytes -= Stream.size(events[excess].message)
                excess += 1
            }
            if excess > 0 { events.removeFirst(excess) }
        }
    }

    var groups: [Group] = []

    /// A group by its name or ARN, with `:*` behind or without.
    func position(of name: String) -> Int? {
        let text = name.hasSuffix(":*") ? String(name.dropLast(2)) : name
        return groups.firstIndex { $0.name == text || $0.arn == text }
    }
}

/// CloudWatch Logs, as far as tasks and deploy tools need it.
/// Source: API reference of CloudWatch Logs; botocore's model for members and bounds.
extension World {
    private static let noGroup = APIError(
        code: "ResourceNotFoundException", message: "The specified log group does not exist.")
    private static let noStream = APIError(
        code: "ResourceNotFoundException", message: "The specified log stream does not exist.")
    private static let noToken = APIError(
        code: "InvalidParameterException", message: "The specified nextToken is invalid.")

    mutating func answerLogs(_ operation: String, _ input: Input) throws(APIError) -> Value {
        switch operation {
        case "CreateLogGroup": try createLogGroup(input)
        case "DescribeLogGroups": try describeLogGroups(input)
        case "DeleteLogGroup": try deleteLogGroup(input)
        case "PutRetentionPolicy": try setRetention(input, days: try input.integer("retentionInDays"))
        case "DeleteRetentionPolicy": try setRetention(input, days: nil)
        case "CreateLogStream": try createLogStream(input)
        case "PutLogEvents": try putLogEvents(input)
        case "DescribeLogStreams": try describeLogStreams(input)
        case "GetLogEvents": try getLogEvents(input)
        case "TagResource": try tagLogGroup(input, adds: true)
        case "UntagResource": try tagLogGroup(input, adds: false)
        case "ListTagsForResource":
            ["tags": neighbours.logs.groups[try logGroup(input, "resourceArn")].tags.map]
        default: throw .unknownOperation(operation)
        }
    }

    private mutating func createLogGroup(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("logGroupName") ?? ""
        // Source: API reference, CreateLogGroup: letters, digits and `_ - / . #`.
        let isAllowed = name.unicodeScalars.allSatisfy {
            Names.isWordOrHyphen(String($0)) || "/.#".unicodeScalars.contains($0)
        }
        guard !name.isEmpty, name.utf8.count <= 512, isAllowed else {
            throw APIError(
                code: "InvalidParameterException",
                message: "1 validation error detected: Value '\(name.prefix(100))' at 'logGroupName' failed to satisfy "
                    + "constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+")
        }
        if neighbours.logs.position(of: name) != nil {
            throw APIError(
                code: "ResourceAlreadyExistsException", message: "The specified log group already exists")
        }
        neighbours.logs.groups.append(
            LogStore.Group(
                name: name, arn: "arn:\(partition):logs:\(region):\(account):log-group:\(name)", createdAt: now,
                logClass: try input.string("logGroupClass") ?? "STANDARD", key: try input.string("kmsKeyId"),
                tags: NeighbourTags(map: try input.map("tags"))))
        return [:]
    }

    private func describeLogGroups(_ input: Input) throws(APIError) -> Value {
        let prefix = try input.string("logGroupNamePrefix")
        let pattern = try input.string("logGroupNamePattern")
        let found = neighbours.logs.groups.filter { group in
            (prefix.map { group.name.hasPrefix($0) } ?? true) && (pattern.map { group.name.contains($0) } ?? true)
        }.sorted { $0.name < $1.name }
        let page = try NeighbourPage(
            found, of: input, token: try input.string("nextToken"), size: try input.integer("limit") ?? 50,
            invalid: World.noToken)
        let groups = page.elements.map { group -> Value in
            .map(present: [
                ("logGroupName", .string(group.name)), ("creationTime", .integer(Int(group.createdAt))),
                ("retentionInDays", group.retention.map { .integer($0) }), ("metricFilterCount", 0),
                ("arn", .string(group.arn + ":*")), ("logGroupArn", .string(group.arn)),
                ("storedBytes", .integer(group.streams.reduce(0) { $0 + $1.bytes })),
                ("kmsKeyId", group.key.map { .string($0) }), ("logGroupClass", .string(group.logClass)),
            ])
        }
        return .map(present: [("logGroups", .list(groups)), ("nextToken", page.next)])
    }

    private mutating func deleteLogGroup(_ input: Input) throws(APIError) -> Value {
        neighbours.logs.groups.remove(at: try logGroup(input))
        return [:]
    }

    private mutating func setRetention(_ input: Input, days: Int?) throws(APIError) -> Value {
        let position = try logGroup(input)
        // Source: API reference, PutRetentionPolicy `retentionInDays`.
        let possible = [
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
        ]
        if let days, !possible.contains(days) {
            throw APIError(
                code: "InvalidParameterException",
                message:
                    "1 validation error detected: Value '\(days)' at 'retentionInDays' failed to satisfy constraint: "
                    + "Member must satisfy enum value set: [\(possible.map(String.init).joined(separator: ", "))]")
        }
        neighbours.logs.groups[position].retention = days
        return [:]
    }

    private mutating func createLogStream(_ input: Input) throws(APIError) -> Value {
        let group = try logGroup(input)
        let name = try input.string("logStreamName") ?? ""
        if neighbours.logs.groups[group].streams.contains(where: { $0.name == name }) {
            throw APIError(
                code: "ResourceAlreadyExistsException", message: "The specified log stream already exists")
        }
        neighbours.logs.groups[group].streams.append(LogStore.Stream(name: name, createdAt: now))
        return [:]
    }

    private mutating func putLogEvents(_ input: Input) throws(APIError) -> Value {
        let (group, stream) = try logStream(input)
        for event in try input.maps("logEvents") ?? [] {
            let message = try event.string("message") ?? ""
            let at = event.value["timestamp"]?.integer.map(Int64.init) ?? now
            neighbours.logs.groups[group].streams[stream].add(message, at: at, ingestedAt: now)
        }
        neighbours.logs.groups[group].streams[stream].trim()
        return ["nextSequenceToken": .string(String(neighbours.logs.groups[group].streams[stream].bytes))]
    }

    private func describeLogStreams(_ input: Input) throws(APIError) -> Value {
        let group = neighbours.logs.groups[try logGroup(input)]
        let prefix = try input.string("logStreamNamePrefix") ?? ""
        var found = group.streams.filter { $0.name.hasPrefix(prefix) }
        if try input.string("orderBy") == "LastEventTime" {
            found.sort { ($0.events.last?.at ?? 0, $0.name) < ($1.events.last?.at ?? 0, $1.name) }
        } else {
            found.sort { $0.name < $1.name }
        }
        if try input.boolean("descending") == true { found.reverse() }
        let page = try NeighbourPage(
            found, of: input, token: try input.string("nextToken"), size: try input.integer("limit") ?? 50,
            invalid: World.noToken)
        let streams = page.elements.map { stream -> Value in
            .map(present: [
                ("logStreamName", .string(stream.name)), ("creationTime", .integer(Int(stream.createdAt))),
                ("firstEventTimestamp", stream.events.first.map { .integer(Int($0.at)) }),
                ("lastEventTimestamp", stream.events.last.map { .integer(Int($0.at)) }),
                ("lastIngestionTime", stream.events.last.map { .integer(Int($0.ingestedAt)) }),
                ("arn", .string("\(group.arn):log-stream:\(stream.name)")), ("storedBytes", 0),
            ])
        }
        return .map(present: [("logStreams", .list(streams)), ("nextToken", page.next)])
    }

    /// The tokens name a place in the stream: `f/N` reads on from it, `b/N` back from it. At either end a token leads to itself.
    private func getLogEvents(_ input: Input) throws(APIError) -> Value {
        let (group, stream) = try logStream(input)
        let from = input.value["startTime"]?.integer.map(Int64.init) ?? .min
        let until = input.value["endTime"]?.integer.map(Int64.init) ?? .max
        let events = neighbours.logs.groups[group].streams[stream].events.filter { $0.at >= from && $0.at < until }
        let size = max(1, try input.integer("limit") ?? 10_000)
        var start = 0
        if let token = try input.string("nextToken") {
            guard let place = Int(token.dropFirst(2)), place >= 0, token.hasPrefix("f/") || token.hasPrefix("b/")
            else { throw World.noToken }
            let bounded = min(place, events.count)
            start = token.hasPrefix("f/") ? bounded : max(0, bounded - size)
        } else if try input.boolean("startFromHead") != true {
            start = max(0, events.count - size)
        }
        let end = min(events.count, start + size)
        let shown = events[start..<end].map { event -> Value in
            [
                "timestamp": .integer(Int(event.at)), "message": .string(event.message),
                "ingestionTime": .integer(Int(event.ingestedAt)),
            ]
        }
        return [
            "events": .list(shown), "nextForwardToken": .string("f/\(end)"), "nextBackwardToken": .string("b/\(start)"),
        ]
    }

    private mutating func tagLogGroup(_ input: Input, adds: Bool) throws(APIError) -> Value {
        let group = try logGroup(input, "resourceArn")
        if adds {
            neighbours.logs.groups[group].tags.merge(NeighbourTags(map: try input.map("tags")))
        } else {
            neighbours.logs.groups[group].tags.remove(try input.strings("tagKeys") ?? [])
        }
        return [:]
    }

    private func logGroup(_ input: Input, _ member: String = "logGroupName") throws(APIError) -> Int {
        let name = try input.string(member, or: "logGroupIdentifier") ?? ""
        guard let position = neighbours.logs.position(of: name) else { throw World.noGroup }
        return position
    }

    private func logStream(_ input: Input) throws(APIError) -> (group: Int, stream: Int) {
        let group = try logGroup(input)
        let name = try input.string("logStreamName") ?? ""
        guard let stream = neighbours.logs.groups[group].streams.firstIndex(where: { $0.name == name }) else {
            throw World.noStream
        }
        return (group, stream)
    }
}
