package import Logging
import MooringGit
package import MooringHTTPTransport
package import MooringModel
package import MooringNames
import MooringNotifying
package import MooringPorts
import MooringReconciliation
import MooringReporting
import MooringServer

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
    private let parts: @Sendable (EnvironmentSettings) async throws(Failure) -> EnvironmentParts
    private let secret: @Sendable (SecretPlace, EnvironmentSettings) async throws(Failure) -> RenewableSecret

    /// - Parameters:
    ///   - ownTask: the ECS task that this process runs in; asked once, at the start.
    ///   - secret: reads a secret, wherever it is.
    ///   - parts: makes the outside of an environment; called again where it fails.
    package init(
        settings: Settings, logger: Logger, console: Console,
        ownTask: @escaping @Sendable () async throws(Failure) -> OwnTask? = { () async throws(Failure) in nil },
        secret: @escaping @Sendable (SecretPlace, EnvironmentSettings) async throws(Failure) -> RenewableSecret,
        parts: @escaping @Sendable (EnvironmentSettings) async throws(Failure) -> EnvironmentParts,
    ) {
        self.settings = settings
        self.logger = logger
        self.console = console
        self.ownTask = ownTask
        self.secret = secret
        self.parts = parts
    }

    /// Runs every environment, and takes webhooks where the settings say so, until the task is cancelled.
    ///
    /// - Throws: where nothing can listen at the address that the settings name.
    package func run() async throws(Failure) {
        let hooks = Hooks()
        let server = try startServer(hooks)
        await runEnvironments(hooks)
        await server?.stop()
    }

    private func startServer(_ hooks: Hooks) throws(Failure) -> WebhookServer? {
        guard let address = settings.listen else { return nil }
        let (logger, clock) = (logger, SystemClock())
        let intake = WebhookIntake(
            clock: clock, secrets: { hooks.secrets(of: $0) },
            onEvent: { event in
                let what = event.changes.map(\.description).joined(separator: ", ")
                let name = event.repository?.name ?? "some repository"
                if hooks.take(event) {
                    logger.debug("A webhook of \(event.host.title): \(what) of \(name).")
                } else {
                    logger.notice(
                        "A webhook of \(event.host.title) concerns nobody here: no environment follows \(name). ('repository' or 'host.repository' would name it.)"
                    )
                }
            },
            onNotice: { notice in logger.warning("\(notice)") })
        let server = try WebhookServer(host: address.host, port: address.port, clock: clock, webhooks: intake)
        logger.info("Webhooks are taken at \(address.host), port \(server.port): POST /hooks/<host>.")
        return server
    }

    private func runEnvironments(_ hooks: Hooks) async {
        let live = LiveRollouts(console: console)
        let own = await readOwnTask()
        await withLiveProgress(live) {
            await withTaskGroup(of: Void.self) { group in
                for environment in settings.environments {
                    group.addTask { await keep(environment, own, live, hooks) }
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

    private func keep(
        _ environment: EnvironmentSettings, _ own: OwnTask?, _ live: LiveRollouts, _ hooks: Hooks,
    ) async {
        let logger = logger(for: environment)
        let hints = Hints()
        async let _ = listen(for: environment, hooks, hints)
        while !Task.isCancelled {
            do throws(Failure) {
                let parts = try await parts(environment)
                let ports = parts.ports
                let mode = environment.policy.act ? "acts" : "only observes, until its settings say 'act: true'"
                logger.info(
                    "Watching \(environment.git.remote.address), branch \(environment.policy.branch); the environment \(mode)."
                )
                let policy = await policy(of: environment, sparing: own, asking: ports.aws)
                await watch(parts, policy, hints) { event in tell(event, logger, live, environment.name) }
                return
            } catch {
                logger.error("\(error)", metadata: ["code": "\(error.code)"])
            }
            try? await Task.sleep(for: Limits.assemblyRetry)
        }
    }

    /// Takes webhooks of the environment until the task is cancelled; their secret is read again and again, so that a new one
    /// needs no restart.
    private func listen(
        for environment: EnvironmentSettings, _ hooks: Hooks, _ hints: Hints,
    ) async {
        guard settings.listen != nil, let place = environment.webhookSecret,
            let host = environment.repository?.kind
        else { return }
        var secrets: [Secret] = []
        var told: Failure.Code?
        while !Task.isCancelled {
            var pause = Limits.webhookSecretInterval
            do throws(Failure) {
                let place = try await secret(place, environment)
                _ = place.renew(insteadOf: place.current)
                if secrets.first != place.current {
                    secrets = [place.current] + secrets.prefix(1)
                    hooks.add(
                        Hooks.Listener(
                            host: host, address: environment.git.remote.address,
                            name: environment.repository.map { "\($0)" } ?? "", secrets: secrets, hints: hints))
                }
                told = nil
            } catch {
                // Polling finds what a webhook would have told.
                if told != error.code, !Task.isCancelled {
                    let what = secrets.isEmpty ? "Webhooks are not taken" : "The webhooks' secret cannot be read again"
                    logger(for: environment).warning("\(what): \(error)", metadata: ["code": "\(error.code)"])
                }
                told = error.code
                pause = Limits.assemblyRetry
            }
            try? await Task.sleep(for: pause)
        }
    }

    /// Runs the environment's loop, and beside it the watch over its pull requests, until the task is cancelled.
    private func watch(
        _ parts: EnvironmentParts, _ policy: EnvironmentPolicy, _ hints: Hints,
        onEvent: @escaping @Sendable (LoopEvent) -> Void,
    ) async {
        let logger = logger(for: policy.identity.environment)
        let proposalHints = Hints()
        let announced = AnnouncedCommits()
        // Outlives the loop by a moment, so that what it said last is told before the process ends.
        let messages = parts.notifications.map { centre in Task { await centre.run() } }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = await Driver.run(policy: policy, ports: parts.ports, hints: hints) { event in
                    // Where the branch moves, every merge into it is another one.
                    if case .headMoved = event { proposalHints.give() }
                    if let centre = parts.notifications { announced.take(event, to: centre) }
                    onEvent(event)
                }
            }
            guard let ports = parts.proposals else { return }
            group.addTask {
                let watch = ProposalWatch(policy, policy: parts.proposalPolicy, ports: ports) { event in
                    for line in EventLine.lines(for: event) { logger.log(line) }
                }
                await ProposalWatch.run(watch, hints: proposalHints)
            }
            group.addTask {
                var seen = hints.count
                while !Task.isCancelled {
                    await hints.wait(past: seen)
                    seen = hints.count
                    proposalHints.give()
                }
            }
        }
        guard let messages else { return }
        parts.notifications?.finish()
        let clock = parts.ports.clock
        let limit = Task {
            try? await clock.sleep(for: Limits.lastMessages)
            messages.cancel()
        }
        await messages.value
        limit.cancel()
    }

    private func settle(
        _ environment: EnvironmentSettings, _ own: OwnTask?, _ live: LiveRollouts, waits: Bool, timeout: Duration,
    ) async -> Outcome {
        let logger = logger(for: environment)
        let ports: EnvironmentPorts
        do throws(Failure) {
            ports = try await parts(environment).ports
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

    private func logger(for environment: EnvironmentSettings) -> Logger { logger(for: environment.name) }

    private func logger(for environment: EnvironmentName) -> Logger {
        var logger = logger
        logger[metadataKey: "environment"] = "\(environment)"
        return logger
    }

    private func tell(_ event: LoopEvent, _ logger: Logger, _ live: LiveRollouts, _ name: EnvironmentName) {
        for line in EventLine.lines(for: event, showsProgress: !console.isTerminal) {
            logger.log(line)
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
