import MooringShapes
import Testing

@Suite struct ListIdentityTests {
    @Test func `identities are of lists that the API has, by members that their elements have`() throws {
        for name in ListIdentity.lists {
            let shape = try #require(ShapeTable.ecs.shape(name), "\(name)")
            guard case .list(let id, _) = shape.kind, case .structure(let element) = ShapeTable.ecs[id].kind else {
                Issue.record("\(name) is no list of objects")
                continue
            }
            for part in ListIdentity.ofList(name)?.parts ?? [] {
                #expect(element[part.member] != nil, "\(name) \(part.member)")
            }
        }
        #expect(ListIdentity.ofList("StringList") == nil)
    }

    @Test func `what an absent member stands for is part of the identity`() throws {
        let port = try #require(ListIdentity.ofList("PortMappingList"))
        #expect(port.text(of: ["containerPort": 80]) { $0.text } == "80::tcp")
        #expect(port.text(of: ["containerPort": 80, "protocol": "tcp"]) { $0.text } == "80::tcp")
        #expect(port.text(of: ["containerPort": 80, "protocol": "udp"]) { $0.text } == "80::udp")
        #expect(port.text(of: ["name": "http"]) { $0.text } == nil)
    }
}
