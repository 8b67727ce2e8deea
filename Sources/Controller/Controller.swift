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
    }

    private let settings: Settings
    private let logger: Logger
    private let console: Console
    private let ports: @Sendable (EnvironmentSettings) throws(Failure) -> EnvironmentPorts

    /// - Parameter ports: makes the outside of an environment; called again where it fails.
    package init(
        settings: Settings, logger: Logger, console: Console,
        ports: @escaping @Sendable (EnvironmentSettings) throws(Failure) -> EnvironmentPorts,
    ) {
        self.settings = settings
        self.logger = logger
        self.console = console
        self.ports = ports
    }

    /// Runs every environment until the task is cancelled.
    package func run() async {
        let live = LiveRollouts(console: console)
        await withLiveProgress(live) {
            await withTaskGroup(of: Void.self) { group in
                for environment in settings.environments {
                    group.addTask { await keep(environment, live) }
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
        var outcomes: [EnvironmentName: Outcome] = [:]
        await withLiveProgress(live) {
            await withTaskGroup(of: Outcome.self) { group in
                for environment in settings.environments {
                    group.addTask { await settle(environment, live, waits: waits, timeout: timeout) }
                }
                for await outcome in group { outcomes[outcome.environment] = outcome }
            }
        }
        return settings.environments.compactMap { outcomes[$0.name] }
    }

    // MARK: One environment

    private func keep(_ environment: EnvironmentSettings, _ live: LiveRollouts) async {
        let logger = logger(for: environment)
        while !Task.isCancelled {
            do throws(Failure) {
                let ports = try ports(environment)
                let mode = environment.policy.act ? "acts" : "only observes, until its settings say 'act: true'"
                logger.info(
                    "Watching \(environment.git.address), branch \(environment.policy.branch); the environment \(mode)."
                )
                _ = await Driver.run(policy: environment.policy, ports: ports) { event in
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
        _ environment: EnvironmentSettings, _ live: LiveRollouts, waits: Bool, timeout: Duration,
    ) async -> Outcome {
        let logger = logger(for: environment)
        let ports: EnvironmentPorts
        do throws(Failure) {
            ports = try self.ports(environment)
        } catch {
            logger.error("\(error)", metadata: ["code": "\(error.code)"])
            return Outcome(environment: environment.name, report: nil, failure: error)
        }
        var policy = environment.policy
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
            problem: over.lastProblem)
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
