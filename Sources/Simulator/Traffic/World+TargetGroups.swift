import MooringShapes

/// Target groups that the world knows of.
extension World {
    /// Refuses target groups that nobody made here, where the scenario says that they must be there.
    func checkTargetGroupsExist(_ settings: ServiceSettings) throws(APIError) {
        for balancer in settings.loadBalancers {
            guard let arn = balancer["targetGroupArn"]?.text, exists(.targetGroups, arn) == false else { continue }
            // Source: public code that knows the answer (index record 19154431139).
            throw .invalidParameter("The target group \(arn) does not exist.")
        }
    }

    /// Refuses a service behind a target group to which no load balancer leads.
    ///
    /// A group that nobody created here is taken for one of another world that is in order: most users of the local ECS have
    /// no load balancers in it.
    func checkTargetGroups(_ settings: ServiceSettings) throws(APIError) {
        for balancer in settings.loadBalancers {
            guard let arn = balancer["targetGroupArn"]?.text,
                neighbours.balancers.groups.contains(where: { $0.arn == arn }),
                neighbours.balancers.balancers(of: arn).isEmpty
            else { continue }
            // Source: `errors.tsv`, records 70896336164 and 18752488196.
            throw .invalidParameter(
                "The target group with targetGroupArn \(arn) does not have an associated load balancer.")
        }
    }
}
