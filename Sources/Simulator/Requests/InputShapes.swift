import MooringShapes

/// The inputs of every operation that the local ECS answers: one table for each API, read once, at its first use.
enum InputShapes {
    private static let ecs = ShapeTable(text: ecsText)
    private static let applicationAutoScaling = ShapeTable(text: applicationAutoScalingText)
    private static let ssm = ShapeTable(text: ssmText)
    private static let logs = ShapeTable(text: logsText)
    private static let ecr = ShapeTable(text: ecrText)
    private static let secretsManager = ShapeTable(text: secretsManagerText)
    private static let sts = ShapeTable(text: stsText)
    private static let iam = ShapeTable(text: iamText)
    private static let elasticLoadBalancing = ShapeTable(text: elasticLoadBalancingText)

    static func table(of api: Operation.API) -> ShapeTable {
        switch api {
        case .ecs: ecs
        case .applicationAutoScaling: applicationAutoScaling
        case .ssm: ssm
        case .logs: logs
        case .ecr: ecr
        case .secretsManager: secretsManager
        case .sts: sts
        case .iam: iam
        case .elasticLoadBalancing: elasticLoadBalancing
        }
    }
}
