import MooringNames
import Testing

@Suite struct `Tags of Amazon ECR` {
    @Test func `are read from the images that name them`() throws {
        let tag = try #require(RegistryTag(image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web:v1"))
        #expect(tag.account.text == "123456789012" && tag.region.text == "eu-central-1")
        #expect(tag.repository == "team/web" && tag.tag == "v1")
        #expect(tag.address == "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web")
        let china = try #require(RegistryTag(image: "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web"))
        #expect(china.tag == "latest" && china.region.partition == "aws-cn" && china.repository == "web")
        #expect(RegistryTag(image: "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/web:v1") != nil)
    }

    @Test(arguments: [
        "nginx:1", "public.ecr.aws/nginx/nginx:1", "registry.example.com/a.dkr.ecr.b/web:v1",
        "12345.dkr.ecr.eu-central-1.amazonaws.com/web:v1",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com.example/web:v1",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web@sha256:" + String(repeating: "a", count: 64),
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:v1@sha256:" + String(repeating: "a", count: 64),
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/${image}", "",
    ])
    func `are none of other registries, of images with a digest, or of what is no image`(image: String) {
        #expect(RegistryTag(image: image) == nil)
    }
}
