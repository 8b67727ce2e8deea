import MooringController
import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringReconciliation
import MooringShapes

/// Does what a person says of a one-off task of one environment. What it is made of is in git, which is read for it.
struct RunRequest: Sendable {
    let assembly: Assembly
    let aws: any AWSClient
    /// Read again only where a one-off task is asked for: who speaks of services needs no way into git.
    let input: SettingsInput

    /// What follows from `mooring retry`; nil where git has no one-off task of this name.
    func retry(_ key: ServiceKey) async throws(Failure) -> ServiceAnswer? {
        let environment = try environment()
        let desired = try await desired(environment)
        guard let run = desired.state.runs.first(where: { "\($0.cluster)/\($0.name)" == key.description }) else {
            return nil
        }
        let policy = environment.policy
        var planning = PlanningPolicy(
            identity: policy.identity, commit: desired.commit, region: policy.region, account: policy.account,
            callerAccount: policy.account, clusters: policy.clusters, act: policy.act, adopt: policy.adopt)
        let clock = SystemClock()
        planning.wall = clock.now
        planning.uptime = clock.uptime
        switch try await Driver.retry(run, of: desired.state, policy: planning, aws: aws) {
        case .refused(let why): return ServiceAnswer("\(key): \(why)", exitCode: 1)
        case .needs:
            return ServiceAnswer("\(key): what ECS knows of its task definition cannot be read.", exitCode: 1)
        case .step(let step):
            guard case .run(_, _, .note(.existing(let arn), let tag)) = step.action else { return nil }
            let call = APICall(.ecs, "TagResource", ["resourceArn": .string(arn.text), "tags": [tag.input]])
            return ServiceAnswer(
                "\(key): the one-off task may run again. \(ServiceAnswer.prospect(policy))", exitCode: 0, calls: [call])
        }
    }

    private func environment() throws(Failure) -> EnvironmentSettings {
        do throws(SettingsMistakes) {
            if let environment = try SettingsReader.settings(from: input).environments.first { return environment }
        } catch {
            throw failure(error.description)
        }
        throw failure("There is no environment.")
    }

    private func desired(
        _ environment: EnvironmentSettings,
    ) async throws(Failure) -> (state: DesiredState, commit: CommitID) {
        let policy = environment.policy
        let git = try await assembly.parts(of: environment).ports.git
        let commit = try await git.fetch(branch: policy.branch).head
        let collection = try await Driver.manifests(
            at: commit, folder: policy.folder,
            defaultCluster: policy.clusters.count == 1 ? policy.clusters.first : nil, from: git)
        let parameters = try await Driver.parameters(collection.neededParameters, from: aws)
        return (collection.desiredState(.asked(parameters)), commit)
    }

    private func failure(_ cause: String) -> Failure {
        Failure(
            code: .invalidInput, subject: "the settings", tried: "read", cause: cause, disposition: .invalidInput)
    }
}
