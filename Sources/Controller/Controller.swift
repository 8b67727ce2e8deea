package import Logging
import MooringGit
package import MooringModel
package import MooringNames
package import MooringPorts
package import MooringReconciliation

/// Runs environments side by side. One that fails never stops another.
package struct Controller: Sendable {
    /// What became of an environment.
    package struct Outcome: Sendable {
        package let environment: EnvironmentName
        /// The head commit's report; nil where no commit was read.
        package let report: CommitReport?
        /// Why it was given up; nil where it came to its end.
        package let failure: Failure?
        /// What was in the way when it ended, told in full before; nil where nothing was.
        package var problem: Failure?
        /// What is not as git says and that the report is not about.
        package var others: [OtherStanding] = []
    }

    private let settings: Settings
    private let logger: Logger
    private let console: Console
    private let ownTask: @Sendable () async throws(Failure) -> OwnTask?
    private let ports: @Sendable (EnvironmentSettings) throws(Failure) -> EnvironmentPorts

    /// - Parameters:
    ///   - ownTask: the ECS task that this process runs in; asked once, at the start.
    ///   - ports: makes the outside of an environment; called again where it fails.
    package init(
        settings: Settings, logger: Logger, console: Console,
        ownTask: @escaping @Sendable () async throws(Failure) -> OwnTask? = { () async throws(Failure) in nil },
        ports: @escaping @Sendable (EnvironmentSettings) throws(Failure) -> EnvironmentPorts,
    ) {
        self.settings = settings
        self.logger = logger
        self.console = console
        self.ownTask = ownTask
        self.ports = ports
    }

    /// Runs every environment until the task is cancelled.
    package func run() async {
        let live = LiveRollouts(console: console)
        let own = await readOwnTask()
        await withLiveProgress(live) {
            await withTaskGroup(of: Void.self) { group in
                for environment in settings.environments {
                    group.addTask { await keep(environment, own, live) }
                }
            }
        }
    }

    /// Brings every environment to where git says, and ends.
    ///
    /// - Parameter waits: whether rollouts are waited for.
    /// - Returns: one outcome for each environment, in their order.
    package func sync(waits: Bool, timeout: Duration) async -> [Outcome] {
        let live = LiveRollouts(console: console)
        let own = await readOwnTask()
        var outcomes: [EnvironmentName: Outcome] = [:]
        await withLiveProgress(live) {
            await withTaskGroup(of: Outcome.self) { group in
                for environment in settings.environments {
                    group.addTask { await settle(environment, own, live, waits: waits, timeout: timeout) }
                }
                for await outcome in group { outcomes[outcome.environment] = outcome }
            }
        }
        return settings.environments.compactMap { outcomes[$0.name] }
    }

    // MARK: One environment

    private func keep(_ environment: EnvironmentSettings, _ own: OwnTask?, _ live: LiveRollouts) async {
        let logger = logger(for: environment)
        while !Task.isCancelled {
            do throws(Failure) {
                let ports = try ports(environment)
                let mode = environment.policy.act ? "acts" : "only observes, until its settings say 'act: true'"
                logger.info(
                    "Watching \(environment.git.address), branch \(environment.policy.branch); the environment \(mode)."
                )
                let policy = await policy(of: environment, sparing: own, asking: ports.aws)
                _ = await Driver.run(policy: policy, ports: ports) { event in
                    tell(event, logger, live, environment.name)
                }
                return
            } catch {
                logger.error("\(error)", metadata: ["code": "\(error.code)"])
            }
            try? await Task.sleep(for: Limits.assemblyRetry)
        }
    }

    private func settle(
        _ environment: EnvironmentSettings, _ own: OwnTask?, _ live: LiveRollouts, waits: Bool, timeout: Duration,
    ) async -> Outcome {
        let logger = logger(for: environment)
        let ports: EnvironmentPorts
        do throws(Failure) {
            ports = try self.ports(environment)
        } catch {
            logger.error("\(error)", metadata: ["code": "\(error.code)"])
            return Outcome(environment: environment.name, report: nil, failure: error)
        }
        var policy = await policy(of: environment, sparing: own, asking: ports.aws)
        // Whoever waits at a terminal does not want to wait for a poll.
        policy.pollInterval = min(policy.pollInterval, SyncWatch.pollInterval)
        let over = SyncEnd(waits: waits)
        let ending = await withTaskGroup(of: Ending?.self) { group in
            group.addTask { [policy] in
                await Driver.run(policy: policy, ports: ports, untilSettled: waits) { event in
                    tell(event, logger, live, environment.name)
                    over.take(event)
                }
            }
            group.addTask {
                await over.wait()
                return nil
            }
            group.addTask {
                try? await ports.clock.sleep(for: timeout)
                if !Task.isCancelled { over.giveUp(SyncWatch.timedOut(environment.name, timeout)) }
                return nil
            }
            var ending: Ending?
            for await result in group {
                if let result { ending = result }
                // Whichever ended, the others are not needed; the driver finishes its writes first.
                group.cancelAll()
            }
            return ending
        }
        if let failure = over.failure { logger.error("Given up. \(failure)", metadata: ["code": "\(failure.code)"]) }
        return Outcome(
            environment: environment.name, report: ending?.report, failure: over.failure ?? ending?.blockage,
            problem: over.lastProblem, others: ending?.others ?? [])
    }

    // MARK: Our own service

    private func readOwnTask() async -> OwnTask? {
        do throws(Failure) {
            return try await ownTask()
        } catch {
            warn(error, logger)
            return nil
        }
    }

    /// What the environment may do, but never remove the service that this process is part of.
    private func policy(
        of environment: EnvironmentSettings, sparing own: OwnTask?, asking aws: any AWSClient,
    ) async -> EnvironmentPolicy {
        var policy = environment.policy
        guard let own, own.isWithin(policy) else { return policy }
        do throws(Failure) {
            policy.protected = Set([try await own.key(asking: aws)].compactMap { $0 })
        } catch {
            warn(error, logger(for: environment))
        }
        return policy
    }

    private func warn(_ failure: Failure, _ logger: Logger) {
        logger.warning(
            """
            \(failure) Which service is Mooring's own is not known, so 'prune' does not spare it: \
            leave its manifest in git.
            """, metadata: ["code": "\(failure.code)"])
    }

    // MARK: Telling

    private func logger(for environment: EnvironmentSettings) -> Logger {
        var logger = logger
        logger[metadataKey: "environment"] = "\(environment.name)"
        return logger
    }

    private func tell(_ event: LoopEvent, _ logger: Logger, _ live: LiveRollouts, _ name: EnvironmentName) {
        for line in EventLine.lines(for: event, showsProgress: !console.isTerminal) {
            let metadata = Logger.Metadata(uniqueKeysWithValues: line.metadata.map { ($0.key, .string($0.value)) })
            logger.log(level: line.level, "\(line.message)", metadata: metadata)
        }
        if case .standing(let standing) = event { live.take(standing, of: name) }
    }

    /// Redraws the foot of the terminal every second while `body` runs.
    private func withLiveProgress(_ live: LiveRollouts, _ body: () async -> Void) async {
        guard console.isTerminal else { return await body() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Limits.redrawInterval)
                    live.draw()
                }
            }
            await body()
            group.cancelAll()
        }
        live.clear()
    }
}
