import ArgumentParser
import Foundation
import Logging
import MooringController
import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringReconciliation
import MooringShapes

/// Asks ECS about services of one environment, and does what a person says of them.
struct ServiceRequest: Sendable {
    let aws: any AWSClient
    let policy: EnvironmentPolicy
    /// For what is no service.
    let tasks: RunRequest

    /// Reads the settings, and does it for every service that is named.
    ///
    /// - Parameter texts: `web` or `cluster/web`; nil for all whose change was rejected.
    /// - Throws: the exit code of a failure; what is wrong has been said.
    static func perform(_ word: ServiceWord, on texts: [String]?, _ options: SettingsOptions) async throws {
        var input = options.input()
        // What is fetched for one answer is not kept.
        let temporary = FileManager.default.temporaryDirectory.appendingPathComponent("mooring-\(UUID())")
        input.dataFolder = temporary.path
        defer { try? FileManager.default.removeItem(at: temporary) }
        let withGit = input
        input.reachesGit = false
        let session = try Session(input)
        guard let environment = session.settings.environments.first, session.settings.environments.count == 1 else {
            StandardStreams.error("Services are of one environment. Pick it with --environment.")
            throw ExitCode(1)
        }
        let aws = session.assembly.aws(of: environment)
        let request = ServiceRequest(
            aws: aws, policy: environment.policy,
            tasks: RunRequest(assembly: session.assembly, aws: aws, input: withGit))
        let answers = try await session.value { () async throws(Failure) in
            try await request.answers(to: word, about: texts)
        }
        if answers.isEmpty { StandardStreams.output("Nothing to retry: no service says that its change was rejected.") }
        var exitCode: Int32 = 0
        for answer in answers {
            switch answer {
            case .success(let answer) where answer.exitCode == 0: StandardStreams.output(answer.text.safeLine)
            case .success(let answer):
                StandardStreams.error(answer.text.safeLine)
                exitCode = answer.exitCode
            case .failure(let failure):
                session.logger.error("\(failure)", metadata: ["code": "\(failure.code)"])
                exitCode = 1
            }
        }
        if exitCode != 0 { throw ExitCode(exitCode) }
    }

    /// One that cannot be done keeps no other from it.
    private func answers(
        to word: ServiceWord, about texts: [String]?,
    ) async throws(Failure) -> [Result<ServiceAnswer, Failure>] {
        try await verify()
        var answers: [Result<ServiceAnswer, Failure>] = []
        if let texts {
            for text in texts {
                do throws(Failure) {
                    answers.append(.success(try await answer(to: word, about: text)))
                } catch {
                    answers.append(.failure(error))
                }
            }
            return answers
        }
        for service in try await rejected() {
            do throws(Failure) {
                answers.append(.success(try await answer(to: word, on: service)))
            } catch {
                answers.append(.failure(error))
            }
        }
        return answers
    }

    // MARK: One service or one-off task

    private func answer(to word: ServiceWord, about text: String) async throws(Failure) -> ServiceAnswer {
        // A one-off task that is called as a service is has its word before it, as in manifests.
        let isTask = text.hasPrefix("task ")
        let key = try ServiceWord.key(isTask ? String(text.dropFirst("task ".count)) : text, in: policy.clusters)
        if !isTask, let service = try await described(key.cluster, [key.service]).first, service.status != "INACTIVE" {
            return try await answer(to: word, on: service)
        }
        if word == .retry, let answer = try await tasks.retry(key) { return try await perform(answer) }
        if word == .retry, isTask {
            let name = text.dropFirst("task ".count)
            let isService = try await described(key.cluster, [key.service]).contains { $0.status != "INACTIVE" }
            throw failure(
                "'\(text)'",
                "There is no one-off task '\(name)' in git"
                    + (isService ? "; '\(name)' is a service: mooring retry \(name)" : "."))
        }
        throw failure(
            "'\(key)'",
            word == .retry
                ? "There is no such service in account \(policy.account), nor such a one-off task in git."
                : "There is no such service in account \(policy.account).")
    }

    private func answer(to word: ServiceWord, on service: ObservedService) async throws(Failure) -> ServiceAnswer {
        let newest = try await newestDeployment(of: service.key)
        return try await perform(word.answer(for: service, newest: newest, policy: policy))
    }

    private func perform(_ answer: ServiceAnswer) async throws(Failure) -> ServiceAnswer {
        for call in answer.calls { _ = try await aws.call(call) }
        return answer
    }

    private func newestDeployment(of key: ServiceKey) async throws(Failure) -> DeploymentRecord? {
        let listed = try await aws.call(
            APICall(
                .ecs, "ListServiceDeployments",
                ["cluster": .string(key.cluster.text), "service": .string(key.service.text), "maxResults": 1]))
        guard let arn = listed["serviceDeployments"]?[0]?["serviceDeploymentArn"] else { return nil }
        let described = try await aws.call(
            APICall(.ecs, "DescribeServiceDeployments", ["serviceDeploymentArns": .list([arn])]))
        return described["serviceDeployments"]?[0].map { DeploymentRecord(described: $0, target: nil) }
    }

    // MARK: Which services

    /// What another account holds says nothing about this environment.
    private func verify() async throws(Failure) {
        let caller = try await aws.call(APICall(.sts, "GetCallerIdentity", .map([])))
        if let actual = caller["Account"]?.text, actual != policy.account.text {
            throw failure(
                "the environment '\(policy.identity.environment)'",
                Withheld.Reason.wrongAccount(expected: policy.account.text, actual: actual).sentence)
        }
    }

    private func rejected() async throws(Failure) -> [ObservedService] {
        if policy.clusters.isEmpty {
            throw failure("what was rejected", "The environment names no clusters. Name the services instead.")
        }
        var services: [ObservedService] = []
        for cluster in policy.clusters {
            let names = try await ServiceList(aws: aws, cluster: cluster).names()
            for start in stride(from: 0, to: names.count, by: Limits.servicesPerDescribe) {
                let batch = Array(names[start..<min(start + Limits.servicesPerDescribe, names.count)])
                services += try await described(cluster, batch).filter { ServiceWord.isRejected($0, of: policy) }
            }
        }
        return services.sorted { $0.key < $1.key }
    }

    private func described(
        _ cluster: ClusterName, _ names: [ServiceName],
    ) async throws(Failure) -> [ObservedService] {
        let answer = try await aws.call(
            APICall(
                .ecs, "DescribeServices",
                [
                    "cluster": .string(cluster.text), "services": .list(names.map { .string($0.text) }),
                    "include": ["TAGS"],
                ]))
        return (answer["services"]?.elements ?? []).compactMap { described in
            guard let text = described["serviceName"]?.text, let name = try? ServiceName(text) else { return nil }
            return ObservedService(key: ServiceKey(cluster: cluster, service: name), described: described)
        }
    }

    private func failure(_ subject: String, _ cause: String) -> Failure {
        Failure(code: .invalidInput, subject: subject, tried: "find", cause: cause, disposition: .invalidInput)
    }
}
