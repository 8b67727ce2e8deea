import MooringShapes

/// StopServiceDeployment: by going back, or by leaving everything as it is.
/// Sources: Developer Guide, "Stopping Amazon ECS service deployments"; API reference, StopServiceDeployment.
extension World {
    /// The record says at once what was asked for; the work begins a moment later.
    ///
    /// ROLLBACK is the only documented type, and the default. ABORT is in the model's enumeration without a word; here it ends
    /// the deployment where it is: STOP_REQUESTED, then STOPPED, as the states' descriptions have it.
    mutating func stopServiceDeployment(_ input: Input) throws(APIError) -> Value {
        guard let arn = try input.string("serviceDeploymentArn") else {
            throw .invalidParameter("serviceDeploymentArn cannot be empty.")
        }
        let aborts = try input.choice("stopType", of: ["ABORT", "ROLLBACK"]) == "ABORT"
        guard let (service, index) = findServiceDeployment(arn) else { throw .serviceDeploymentNotFound }
        let record = services[service].serviceDeployments[index]
        switch record.status {
        case .pending, .inProgress:
            updateServiceDeployment(service, at: index) { record in
                record.status = aborts ? .stopRequested : .rollbackRequested
                record.abortsOnStop = aborts
            }
            queue.plan(
                .stopRequest(service: service, id: record.id), at: now + scenario.timing.shift.stopRequest)
        // "continues to stop", "continues the rollback operation". Source: Developer Guide.
        case .stopRequested, .rollbackRequested, .rollbackInProgress: break
        case .stopped, .successful, .rollbackSuccessful, .rollbackFailed:
            throw APIError(
                code: "ConflictException",
                message: "The service deployment is not in a state that can be stopped: \(record.status.rawValue).")
        }
        return .map([("serviceDeploymentArn", .string(arn))])
    }

    mutating func performStopRequest(_ service: Int, id: String) {
        guard services[service].status == .active,
            let record = services[service].serviceDeployments.last(where: { $0.id == id }),
            record.status == .rollbackRequested || record.status == .stopRequested,
            services[service].deployments.first?.number == record.target
        else { return }
        // Source of the event: `service-events.tsv`, record 56749797547. Nobody has published the reasons.
        fail(
            service, event: "deployment failed: deployment failure.",
            rolloutReason: "ECS deployment ecs-svc/\(record.target) stopped.",
            rollbackReason: "Service deployment stopped by user.", rollsBack: !record.abortsOnStop)
    }
}

extension APIError {
    /// Source of the words: Developer Guide, "Troubleshooting blue/green deployments", "Service deployment not found".
    static let serviceDeploymentNotFound = APIError(
        code: "ServiceDeploymentNotFoundException", message: "The service deployment does not exist.")
}
