package import MooringPorts
import MooringShapes

extension APICall {
    /// Whether the call may be sent again although an earlier copy may have taken effect.
    ///
    /// False for what AWS would do a second time. Source: the ECS model's `idempotencyToken` traits and the API
    /// reference: RegisterTaskDefinition has no token, RunTask's and CreateService's must be given, and a forced
    /// UpdateService starts a deployment each time. Other updates and deletions name the state they lead to.
    package var mayBeRepeated: Bool {
        if isRead { return true }
        switch operation {
        case "RegisterTaskDefinition", "StartTask", "ExecuteCommand", "ContinueServiceDeployment": return false
        case "RunTask", "CreateService", "CreateTaskSet": return input["clientToken"]?.text?.isEmpty == false
        case "UpdateService": return input["forceNewDeployment"]?.boolean != true
        default: return true
        }
    }

    /// `register task definition`, for sentences.
    package var phrase: String {
        var words = ""
        var previous: Character = "A"
        for character in operation {
            if character.isUppercase, !previous.isUppercase { words.append(" ") }
            words.append(character)
            previous = character
        }
        // "ListTasksByARN" does not exist; what stays in capitals would be an abbreviation.
        return words.lowercased()
    }

    /// What the call is about: `'web'`, `'production/web'`, or the service where the input names nothing.
    package var subject: String {
        let main =
            ["serviceName", "service", "family", "taskDefinition", "clusterName", "resourceArn", "RoleArn", "name"]
            .lazy.compactMap { input[$0]?.text }.first
            ?? first(of: ["services", "serviceDeploymentArns", "tasks", "Names"])
        let cluster = input["cluster"]?.text
        switch (cluster, main) {
        case (let cluster?, let main?) where !main.hasPrefix("arn:"): return "'\(cluster)/\(main)'"
        case (_, let main?): return "'\(main)'"
        case (let cluster?, nil): return "'\(cluster)'"
        case (nil, nil): return "at \(service.descriptor.title)"
        }
    }

    private func first(of lists: [String]) -> String? {
        for name in lists {
            guard let elements = input[name]?.elements, let head = elements.first?.text else { continue }
            return elements.count == 1 ? head : "\(head) and \(elements.count - 1) more"
        }
        return nil
    }
}
