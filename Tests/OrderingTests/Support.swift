import MooringNames

func key(_ service: String, in cluster: String = "default") throws -> ServiceKey {
    ServiceKey(cluster: try ClusterName(cluster), service: try ServiceName(service))
}
