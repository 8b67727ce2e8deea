import Testing

@testable import MooringPlanning

@Suite struct EventWordsTests {
    /// Messages as ECS writes them, and what a line of progress shows.
    @Test(arguments: [
        (
            "(service web) has started 2 tasks: (task 0a1b2c3d4e5f60718293a4b5c6d7e8f9) "
                + "(task 1a1b2c3d4e5f60718293a4b5c6d7e8f9).",
            "has started 2 tasks."
        ),
        (
            "(service web) has started 2 tasks: (task 0a1b). Amazon ECS replaced 2 tasks due to an unhealthy status.",
            "has started 2 tasks. Amazon ECS replaced 2 tasks due to an unhealthy status."
        ),
        (
            "(service web) registered 1 targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
                + "targetgroup/web/50dc6c495c0c9188)",
            "registered 1 targets in (target-group web)"
        ),
        (
            "(service web) (task 0a1b) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-west-1:"
                + "123456789012:targetgroup/web/50dc6c495c0c9188) due to (reason Health checks failed with these codes: [503])",
            "(port 8080) is unhealthy in (target-group web) due to (reason Health checks failed with these codes: [503])"
        ),
        ("(service web) (deployment ecs-svc/0123456789012345678) deployment completed.", "deployment completed."),
        ("(service web) has reached a steady state.", "has reached a steady state."),
        ("(service web) has stopped 1 running tasks: (task 0a1b)", "has stopped 1 running tasks"),
        ("no subject (at all", "no subject (at all"), ("", ""), ("()", "()"),
    ])
    func `shows what happened, not to which id`(message: String, shown: String) {
        #expect(EventWords.short(message) == shown)
    }

    @Test func `has a bound, however long the list is`() {
        let tasks = String(repeating: "(task 0a1b2c3d4e5f60718293a4b5c6d7e8f9) ", count: 1_000)
        #expect(EventWords.short("(service web) has started 1000 tasks: \(tasks)").count <= 120)
        #expect(EventWords.short(String(repeating: "word ", count: 1_000)).hasSuffix("…"))
    }
}
