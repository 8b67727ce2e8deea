"""A local ECS that checks signatures, asked through boto3, whose signer others wrote."""

from local_ecs import ACCOUNT, Base, client, main


class Signatures(Base):
    def test_the_right_secret_is_let_in(self):
        for service, call in [("ecs", "list_clusters"), ("sts", "get_caller_identity"), ("iam", "list_roles"),
                              ("elbv2", "describe_target_groups"), ("logs", "describe_log_groups")]:
            getattr(client(service), call)()
        # Bodies with every kind of character are signed alike.
        client("ssm").put_parameter(Name="/é".replace("é", "e"), Value="ü ~ \n \u2603", Type="String", Overwrite=True)

    def test_credentials_of_a_role_are_let_in_with_their_token_only(self):
        keys = client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/deployer", RoleSessionName="signed")["Credentials"]
        options = dict(key=keys["AccessKeyId"], secret=keys["SecretAccessKey"])
        client("ecs", token=keys["SessionToken"], **options).list_clusters()
        for token in (None, "another"):
            self.refused("UnrecognizedClientException", client("ecs", token=token, **options).list_clusters)

    def test_a_wrong_secret_is_refused(self):
        self.refused("InvalidSignatureException", client("ecs", secret="wrong").list_clusters)
        self.refused("SignatureDoesNotMatch", client("sts", secret="wrong").get_caller_identity)
        self.refused("UnrecognizedClientException", client("ecs", key="AKIANOBODY").list_clusters)
        self.refused("InvalidClientTokenId", client("iam", key="AKIANOBODY").list_roles)

    def test_what_is_altered_behind_the_signature_is_refused(self):
        def alter(change):
            altered = client("ecs", retries={"max_attempts": 0})
            altered.meta.events.register("before-send.ecs.*", lambda request, **_: change(request))
            return altered

        def body(request):
            request.body = request.body.replace(b"{}", b'{"a":1}')
            request.headers["Content-Length"] = str(len(request.body))

        def target(request):
            request.headers["X-Amz-Target"] = request.headers["X-Amz-Target"].replace(b"ListClusters", b"ListTaskDefinitions")

        def date(request):
            request.headers["X-Amz-Date"] = "20200101T000000Z"

        for change in (body, target, date):
            self.refused("InvalidSignatureException", alter(change).list_clusters)

        def unsigned(request):
            del request.headers["Authorization"]

        def incomplete(request):
            request.headers["Authorization"] = b"AWS4-HMAC-SHA256 Credential=a/b/c/d/e"

        self.refused("MissingAuthenticationTokenException", alter(unsigned).list_clusters)
        self.refused("IncompleteSignatureException", alter(incomplete).list_clusters)


if __name__ == "__main__":
    main()
