import MooringShapes

/// ListServicesByNamespace.
extension World {
    func listServicesByNamespace(_ input: Input) throws(APIError) -> Value {
        guard let name = try input.string("namespace"), !name.isEmpty else {
            throw .invalidParameter("namespace cannot be empty.")
        }
        let namespace = longNames.namespace(name)
        var arns: [String] = []
        for position in livingServices where services[position].status == .active {
            let service = services[position]
            guard let connect = service.settings.serviceConnectConfiguration, connect["enabled"]?.boolean == true
            else { continue }
            // Without a namespace of its own the service is in its cluster's.
            // Source: API reference, ServiceConnectConfiguration `namespace`.
            let own =
                connect["namespace"]?.text ?? clusters[service.cluster].serviceConnectDefaults?["namespace"]?.text
            if own == namespace { arns.append(service.arn) }
        }
        let page = try Paging.page(arns, input, byDefault: Limits.listedServicesByDefault)
        return page.value("serviceArns") { .string($0) }
    }
}
