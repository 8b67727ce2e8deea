import MooringPorts
import MooringShapes
import Testing

@testable import MooringReporting

@Suite struct `Keys and texts` {
    @Test func `are left alone where they fit`() {
        #expect("mooring/production".shortened(to: 40, .utf16) == "mooring/production")
        #expect("twelve words".cut(to: 12, .scalars) == "twelve words")
    }

    @Test func `that begin alike are shortened to different ones, always the same`() {
        let long = (0..<2_000).map { "mooring/production/a-service-with-a-rather-long-name-\($0)" }
        let short = long.map { $0.shortened(to: 40, .utf16) }
        #expect(Set(short).count == long.count)
        #expect(short.allSatisfy { $0.count == 40 && $0.hasPrefix("mooring/production/a-servic") })
        #expect(short == long.map { $0.shortened(to: 40, .utf16) })
    }

    @Test func `are cut between characters whatever is counted`() {
        let flags = String(repeating: "🇩🇪", count: 10)
        #expect(flags.cut(to: 9, .scalars) == "🇩🇪🇩🇪🇩🇪🇩🇪…")
        #expect(flags.cut(to: 9, .utf16) == "🇩🇪🇩🇪…")
        #expect(flags.cut(to: 19, .bytes) == "🇩🇪🇩🇪…")
        #expect("äöü".cut(to: 2, .scalars) == "ä…")
    }

    @Test(arguments: [
        ("mooring/a", true), ("mooring/a/web", true), ("mooring/a (plan)", true), ("mooring/ab", false),
        ("mooring", false), ("", false),
    ])
    func `belong to a context that they begin with`(text: String, isBelow: Bool) {
        #expect(text.isContext(of: "mooring/a") == isBelow)
    }
}

@Suite struct `The next page` {
    private static func next(
        _ paging: Paging, at url: String, headers: [(name: String, value: String)] = [], _ body: Value = [:],
    ) -> String? {
        paging.call(
            after: .get(url, [], .readStatus), HTTPResponse(status: 200, headers: headers, body: []), body)?.url
    }

    @Test(arguments: [
        (
            #"<https://api.example.com/x?page=2>; rel="next", <https://api.example.com/x?page=9>; rel="last""#,
            "x?page=2"
        ),
        (
            #"<https://api.example.com/x?page=1>; rel="prev", <https://api.example.com/y?page=3>; rel="next""#,
            "y?page=3"
        ),
        // A host that does not know its own name must not send the token elsewhere.
        (#"<http://localhost:3000/x?page=2&limit=5>; rel="next""#, "x?page=2&limit=5"),
        (#"<https://evil.example.net/x?page=2>; rel="next""#, "x?page=2"),
        (#"<https://api.example.com.evil.net/x?page=2>; rel="next""#, "x?page=2"),
        (#"<https://api.example.com/x?page=9>; rel="last""#, nil), ("nonsense", nil),
        // One that leads to itself ends the list.
        (#"<https://api.example.com/x?page=1>; rel="next""#, nil),
    ])
    func `is what the header names, at the host that was asked`(link: String, next: String?) {
        let found = Self.next(.link, at: "https://api.example.com/x?page=1", headers: [("Link", link)])
        #expect(found == next.map { "https://api.example.com/\($0)" })
    }

    @Test func `is what the member names on Bitbucket Cloud`() {
        let url = "https://api.bitbucket.org/2.0/x"
        #expect(Self.next(.nextMember, at: url, ["next": "https://api.bitbucket.org/2.0/x?page=2"]) == url + "?page=2")
        #expect(Self.next(.nextMember, at: url, ["values": []]) == nil)
    }

    @Test func `begins where Bitbucket Data Center says`() {
        let url = "https://bb.example.com/rest/x?limit=100"
        #expect(Self.next(.start, at: url, ["isLastPage": false, "nextPageStart": 213]) == url + "&start=213")
        #expect(
            Self.next(.start, at: url + "&start=213", ["isLastPage": false, "nextPageStart": 400]) == url + "&start=400"
        )
        #expect(Self.next(.start, at: url, ["isLastPage": true, "nextPageStart": .null]) == nil)
    }

    @Test func `goes on behind what was read, or where a token says, on Azure DevOps`() {
        let url = "https://dev.azure.com/x?$top=2&api-version=7.1"
        #expect(Self.next(.skip, at: url, ["value": [1, 2]]) == url + "&$skip=2")
        #expect(Self.next(.skip, at: url + "&$skip=2", ["value": [3, 4]]) == url + "&$skip=4")
        #expect(Self.next(.skip, at: url, ["value": [1]]) == nil)
        #expect(
            Self.next(.skip, at: url, headers: [("x-ms-continuationtoken", "a b")], ["value": [1]])
                == url + "&continuationToken=a%20b")
    }
}

@Suite struct `Percent encoding` {
    @Test(arguments: [
        ("acme/app", "acme%2Fapp"), ("my project", "my%20project"), ("~a-b_c.d", "~a-b_c.d"), ("é%", "%C3%A9%25"),
    ])
    func `keeps what a segment may hold and is read back`(text: String, encoded: String) {
        #expect(PercentEncoding.segment(text) == encoded)
        #expect(PercentEncoding.decoded(encoded) == text)
    }

    @Test(arguments: ["%", "%4", "%zz", "%+1", "%FF"])
    func `is not read where it is none`(text: String) { #expect(PercentEncoding.decoded(text) == nil) }
}

@Suite struct `What is remembered` {
    @Test func `is bounded, and the oldest goes first`() {
        var memory = BoundedMemory<Int, String>(limit: 2)
        memory[1] = "a"
        memory[2] = "b"
        memory[1] = "c"
        memory[3] = "d"
        #expect(memory[1] == nil && memory[2] == "b" && memory[3] == "d")
        memory[2] = nil
        memory[4] = "e"
        #expect(memory[2] == nil && memory[3] == "d" && memory[4] == "e")
    }
}
