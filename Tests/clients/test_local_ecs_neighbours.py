"""The services around ECS, through boto3: every operation that the local ECS answers of them."""

import json
import sys

import botocore.exceptions

from local_ecs import ACCOUNT, REGION, Base, Model, client, main, scenario, supported


class Accounts(Base):
    def test_roles_lead_into_other_accounts(self):
        sts = client("sts")
        self.assertEqual(sts.get_caller_identity()["Account"], "123456789012")
        role = "arn:aws:iam::210987654321:role/path/deployer"
        answer = sts.assume_role(RoleArn=role, RoleSessionName="mooring", DurationSeconds=900)
        keys = answer["Credentials"]
        self.assertEqual(
            answer["AssumedRoleUser"]["Arn"], "arn:aws:sts::210987654321:assumed-role/deployer/mooring")
        options = dict(key=keys["AccessKeyId"], secret=keys["SecretAccessKey"], token=keys["SessionToken"])
        self.assertEqual(client("sts", **options).get_caller_identity()["Account"], "210987654321")
        other = client("ecs", **options)
        arns = other.list_clusters()["clusterArns"]
        self.assertNotIn(self.cluster, [arn.split("/")[-1] for arn in arns])
        elsewhere = client("ecs", region="us-west-2").list_clusters()["clusterArns"]
        self.assertNotIn(self.cluster, [arn.split("/")[-1] for arn in elsewhere])
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            sts.assume_role(RoleArn="arn:aws:iam::1:user/x-and-more-text", RoleSessionName="mooring")
        self.assertEqual(caught.exception.response["Error"]["Code"], "ValidationError")

    def test_scalable_targets_are_remembered(self):
        scaling = client("application-autoscaling")
        model = Model(scaling)
        self.register()
        self.create("scaled", desired=0)
        key = dict(
            ServiceNamespace="ecs", ResourceId=f"service/{self.cluster}/scaled",
            ScalableDimension="ecs:service:DesiredCount")
        scaling.register_scalable_target(MinCapacity=1, MaxCapacity=4, **key)
        pages = scaling.get_paginator("describe_scalable_targets").paginate(
            ServiceNamespace="ecs", ResourceIds=[key["ResourceId"]])
        targets = pages.build_full_result()["ScalableTargets"]
        self.assertEqual((targets[0]["MinCapacity"], targets[0]["MaxCapacity"]), (1, 4))
        scaling.deregister_scalable_target(**key)
        with self.assertRaises(scaling.exceptions.ObjectNotFoundException):
            scaling.deregister_scalable_target(**key)
        self.assertEqual(model.problems, [])

    def test_parameters_are_put_and_read(self):
        ssm = client("ssm")
        model = Model(ssm)
        ssm.put_parameter(Name="/network/subnet-a", Value="subnet-1", Type="String")
        with self.assertRaises(ssm.exceptions.ParameterAlreadyExists):
            ssm.put_parameter(Name="/network/subnet-a", Value="subnet-2", Type="String")
        self.assertEqual(
            ssm.put_parameter(Name="/network/subnet-a", Value="subnet-2", Overwrite=True)["Version"], 2)
        answer = ssm.get_parameters(Names=["/network/subnet-a", "/network/subnet-a:1", "/none"])
        self.assertEqual([one["Value"] for one in answer["Parameters"]], ["subnet-2", "subnet-1"])
        self.assertEqual(answer["InvalidParameters"], ["/none"])
        self.assertEqual(model.problems, [])

class Covered(Base):
    """Calls every operation of the neighbours that is answered; at the end nothing supported may be left out."""

    clients = {
        "application-autoscaling": "application-autoscaling", "ssm": "ssm", "logs": "logs", "ecr": "ecr",
        "secretsmanager": "secretsmanager", "iam": "iam", "sts": "sts", "elbv2": "elasticloadbalancing",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in cls.clients:
            setattr(cls, name.replace("-", "_"), cls.model.watch(client(name)))

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        missed = []
        for name, api in cls.clients.items():
            called, operations, members, possible = cls.model.coverage(getattr(cls, name.replace("-", "_")))
            print(
                f"{name}: {len(called)} of {operations} operations, {members} of {possible} output members",
                file=sys.stderr)
            missed += [f"{api}:{operation}" for operation in sorted(supported(api) - called)]
        if missed:
            raise AssertionError(f"supported, and never called: {missed}")

    def test_sts(self):
        self.assertEqual(self.sts.get_caller_identity()["Account"], ACCOUNT)
        self.sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/deployer", RoleSessionName="walk")

    def test_logs(self):
        logs = self.logs
        name = f"/ecs/{self.cluster}"
        logs.create_log_group(logGroupName=name, tags={"a": "b"})
        self.refused("ResourceAlreadyExistsException", logs.create_log_group, "already exists", logGroupName=name)
        self.refused("InvalidParameterException", logs.create_log_group, "regular expression", logGroupName="a b")
        logs.put_retention_policy(logGroupName=name, retentionInDays=7)
        self.refused(
            "InvalidParameterException", logs.put_retention_policy, "enum", logGroupName=name, retentionInDays=8)
        group = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
        self.assertEqual((group["retentionInDays"], group["arn"][-2:]), (7, ":*"))
        logs.delete_retention_policy(logGroupName=name)
        self.assertNotIn("retentionInDays", logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0])
        logs.tag_resource(resourceArn=group["logGroupArn"], tags={"c": "d"})
        logs.untag_resource(resourceArn=group["logGroupArn"], tagKeys=["a"])
        self.assertEqual(logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"], {"c": "d"})
        for stream in ("one", "two"):
            logs.create_log_stream(logGroupName=name, logStreamName=stream)
        logs.put_log_events(logGroupName=name, logStreamName="one", logEvents=[
            {"timestamp": 1_700_000_000_000 + index, "message": f"line {index}"} for index in range(5)])
        pages = logs.get_paginator("describe_log_streams").paginate(
            logGroupName=name, PaginationConfig={"PageSize": 1})
        self.assertEqual([s["logStreamName"] for page in pages for s in page["logStreams"]], ["one", "two"])
        first = logs.get_log_events(logGroupName=name, logStreamName="one", limit=2, startFromHead=True)
        self.assertEqual([event["message"] for event in first["events"]], ["line 0", "line 1"])
        rest = logs.get_log_events(
            logGroupName=name, logStreamName="one", nextToken=first["nextForwardToken"])
        self.assertEqual(len(rest["events"]), 3)
        end = logs.get_log_events(logGroupName=name, logStreamName="one", nextToken=rest["nextForwardToken"])
        self.assertEqual((end["events"], end["nextForwardToken"]), ([], rest["nextForwardToken"]))
        logs.delete_log_group(logGroupName=name)
        self.refused("ResourceNotFoundException", logs.delete_log_group, "does not exist", logGroupName=name)

    def test_registry(self):
        ecr = self.ecr
        name = "walk/web"
        made = ecr.create_repository(repositoryName=name, imageTagMutability="IMMUTABLE", tags=[
            {"Key": "a", "Value": "b"}])["repository"]
        self.assertEqual(made["repositoryUri"], f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}")
        self.refused("RepositoryAlreadyExistsException", ecr.create_repository, repositoryName=name)
        image = ecr.put_image(repositoryName=name, imageManifest='{"a":1}', imageTag="1")["image"]
        self.assertTrue(image["imageId"]["imageDigest"].startswith("sha256:"))
        self.refused(
            "ImageTagAlreadyExistsException", ecr.put_image, "immutable", repositoryName=name,
            imageManifest='{"a":2}', imageTag="1")
        ecr.put_image(repositoryName=name, imageManifest='{"a":1}', imageTag="latest")
        details = ecr.describe_images(repositoryName=name, imageIds=[{"imageTag": "1"}])["imageDetails"]
        self.assertEqual(details[0]["imageTags"], ["1", "latest"])
        self.refused(
            "ImageNotFoundException", ecr.describe_images, "imageTag:'9'", repositoryName=name,
            imageIds=[{"imageTag": "9"}])
        batch = ecr.batch_get_image(repositoryName=name, imageIds=[{"imageTag": "1"}, {"imageTag": "9"}])
        self.assertEqual((len(batch["images"]), batch["failures"][0]["failureCode"]), (1, "ImageNotFound"))
        pages = ecr.get_paginator("list_images").paginate(repositoryName=name, PaginationConfig={"PageSize": 1})
        self.assertEqual([i["imageTag"] for page in pages for i in page["imageIds"]], ["1", "latest"])
        ecr.tag_resource(resourceArn=made["repositoryArn"], tags=[{"Key": "c", "Value": "d"}])
        self.assertEqual(len(ecr.list_tags_for_resource(resourceArn=made["repositoryArn"])["tags"]), 2)
        self.assertEqual(len(ecr.describe_repositories(repositoryNames=[name])["repositories"]), 1)
        self.refused("RepositoryNotEmptyException", ecr.delete_repository, repositoryName=name)
        ecr.delete_repository(repositoryName=name, force=True)
        self.refused("RepositoryNotFoundException", ecr.list_images, repositoryName=name)

    def test_secrets(self):
        manager = self.secretsmanager
        made = manager.create_secret(Name="walk/db", SecretString="one", Description="d", Tags=[
            {"Key": "a", "Value": "b"}])
        self.assertRegex(made["ARN"], r":secret:walk/db-\w{6}$")
        self.refused("ResourceExistsException", manager.create_secret, Name="walk/db")
        put = manager.put_secret_value(SecretId="walk/db", SecretString="two")
        stages = manager.describe_secret(SecretId=made["ARN"])["VersionIdsToStages"]
        self.assertEqual(
            stages, {put["VersionId"]: ["AWSCURRENT"], made["VersionId"]: ["AWSPREVIOUS"]})
        self.assertEqual(manager.get_secret_value(SecretId="walk/db")["SecretString"], "two")
        previous = manager.get_secret_value(SecretId="walk/db", VersionStage="AWSPREVIOUS")
        self.assertEqual(previous["SecretString"], "one")
        manager.tag_resource(SecretId="walk/db", Tags=[{"Key": "c", "Value": "d"}])
        listed = manager.list_secrets(Filters=[{"Key": "name", "Values": ["walk/"]}])["SecretList"]
        self.assertEqual(len(listed[0]["Tags"]), 2)
        manager.delete_secret(SecretId="walk/db", RecoveryWindowInDays=7)
        self.refused("InvalidRequestException", manager.get_secret_value, "marked", SecretId="walk/db")
        manager.restore_secret(SecretId="walk/db")
        manager.delete_secret(SecretId="walk/db", ForceDeleteWithoutRecovery=True)
        self.refused("ResourceNotFoundException", manager.describe_secret, "can't find", SecretId="walk/db")

    def test_parameters(self):
        ssm = self.ssm
        ssm.put_parameter(Name="/walk/a", Value="1", Type="String")
        ssm.put_parameter(Name="/walk/b", Value="2", Type="SecureString")
        self.assertEqual(ssm.get_parameter(Name="/walk/b", WithDecryption=True)["Parameter"]["Value"], "2")
        self.assertEqual(len(ssm.get_parameters(Names=["/walk/a"])["Parameters"]), 1)
        pages = ssm.get_paginator("describe_parameters").paginate(
            ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": ["/walk/"]}],
            PaginationConfig={"PageSize": 1})
        self.assertEqual([p["Name"] for page in pages for p in page["Parameters"]], ["/walk/a", "/walk/b"])
        ssm.delete_parameter(Name="/walk/a")
        self.refused("ParameterNotFound", ssm.get_parameter, Name="/walk/a")

    def test_roles(self):
        iam = self.iam
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        made = iam.create_role(
            RoleName="walker", Path="/ecs/", AssumeRolePolicyDocument=trust, Description="d",
            Tags=[{"Key": "a", "Value": "b & c"}])["Role"]
        self.assertEqual(made["AssumeRolePolicyDocument"], json.loads(trust))
        self.assertEqual(made["Arn"], f"arn:aws:iam::{ACCOUNT}:role/ecs/walker")
        self.refused(
            "EntityAlreadyExists", iam.create_role, RoleName="walker", AssumeRolePolicyDocument=trust)
        self.refused(
            "MalformedPolicyDocument", iam.create_role, RoleName="other", AssumeRolePolicyDocument="nonsense")
        iam.update_role(RoleName="walker", MaxSessionDuration=7200)
        iam.update_assume_role_policy(RoleName="walker", PolicyDocument=trust)
        self.assertEqual(iam.get_role(RoleName="walker")["Role"]["MaxSessionDuration"], 7200)
        iam.tag_role(RoleName="walker", Tags=[{"Key": "c", "Value": "d"}])
        iam.untag_role(RoleName="walker", TagKeys=["a"])
        self.assertEqual(iam.list_role_tags(RoleName="walker")["Tags"], [{"Key": "c", "Value": "d"}])
        policy = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
        iam.attach_role_policy(RoleName="walker", PolicyArn=policy)
        attached = iam.list_attached_role_policies(RoleName="walker")["AttachedPolicies"]
        self.assertEqual(attached[0]["PolicyName"], "AmazonECSTaskExecutionRolePolicy")
        iam.put_role_policy(RoleName="walker", PolicyName="inline", PolicyDocument=trust)
        self.assertEqual(
            iam.get_role_policy(RoleName="walker", PolicyName="inline")["PolicyDocument"], json.loads(trust))
        self.assertEqual(iam.list_role_policies(RoleName="walker")["PolicyNames"], ["inline"])
        self.assertEqual(iam.list_instance_profiles_for_role(RoleName="walker")["InstanceProfiles"], [])
        self.refused("DeleteConflict", iam.delete_role, RoleName="walker")
        scenario(faults=[{"operation": "DeleteService", "fault": "accessDenied"}])
        decisions = iam.simulate_principal_policy(
            PolicySourceArn=made["Arn"], ActionNames=["ecs:DeleteService", "ecs:UpdateService"])
        self.assertEqual(
            [result["EvalDecision"] for result in decisions["EvaluationResults"]], ["implicitDeny", "allowed"])
        # Roles are of the account, not of a region.
        self.assertEqual(client("iam", region="us-west-2").get_role(RoleName="walker")["Role"]["Arn"], made["Arn"])
        self.assertIn("walker", [role["RoleName"] for role in iam.list_roles(PathPrefix="/ecs/")["Roles"]])
        iam.delete_role_policy(RoleName="walker", PolicyName="inline")
        iam.detach_role_policy(RoleName="walker", PolicyArn=policy)
        iam.delete_role(RoleName="walker")
        self.refused("NoSuchEntity", iam.get_role, "cannot be found", RoleName="walker")

    def test_load_balancers(self):
        elb = self.elbv2
        balancer = elb.create_load_balancer(
            Name="walk", Subnets=["subnet-1", "subnet-2"], SecurityGroups=["sg-1"],
            Tags=[{"Key": "a", "Value": "b"}])["LoadBalancers"][0]
        groups = [
            elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId="vpc-1", TargetType="ip")
            ["TargetGroups"][0]["TargetGroupArn"] for name in ("blue", "green")]
        self.refused("DuplicateTargetGroupName", elb.create_target_group, Name="blue", Protocol="TCP", Port=80)
        listener = elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"], Port=80, Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": groups[0]}])["Listeners"][0]
        self.assertEqual(
            listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"],
            [{"TargetGroupArn": groups[0], "Weight": 1}])
        rule = elb.create_rule(
            ListenerArn=listener["ListenerArn"], Priority=10,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/x", "/y"]}}],
            Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": [
                {"TargetGroupArn": groups[0], "Weight": 100}, {"TargetGroupArn": groups[1], "Weight": 0}]}}],
        )["Rules"][0]
        self.assertEqual(rule["Conditions"][0]["PathPatternConfig"]["Values"], ["/x", "/y"])
        self.refused(
            "PriorityInUse", elb.create_rule, ListenerArn=listener["ListenerArn"], Priority=10, Conditions=[],
            Actions=[])
        elb.modify_rule(RuleArn=rule["RuleArn"], Actions=[{"Type": "forward", "TargetGroupArn": groups[1]}])
        rules = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
        self.assertEqual([(rule["Priority"], rule["IsDefault"]) for rule in rules], [("10", False), ("default", True)])
        elb.modify_listener(
            ListenerArn=listener["ListenerArn"], DefaultActions=[
                {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}])
        self.assertEqual(len(elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]), 1)
        found = elb.describe_target_groups(TargetGroupArns=groups)["TargetGroups"]
        self.assertEqual([len(group["LoadBalancerArns"]) for group in found], [0, 1])
        elb.modify_target_group(TargetGroupArn=groups[0], HealthCheckPath="/health")
        self.assertEqual(
            elb.describe_target_groups(Names=["blue"])["TargetGroups"][0]["HealthCheckPath"], "/health")
        elb.modify_target_group_attributes(
            TargetGroupArn=groups[0], Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}])
        attributes = elb.describe_target_group_attributes(TargetGroupArn=groups[0])["Attributes"]
        self.assertIn({"Key": "deregistration_delay.timeout_seconds", "Value": "5"}, attributes)
        elb.modify_load_balancer_attributes(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}])
        self.refused(
            "OperationNotPermitted", elb.delete_load_balancer, LoadBalancerArn=balancer["LoadBalancerArn"])
        elb.modify_load_balancer_attributes(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}])
        self.assertTrue(elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])["Attributes"])
        elb.add_tags(ResourceArns=[groups[0]], Tags=[{"Key": "c", "Value": "d"}, {"Key": "e", "Value": "f"}])
        elb.remove_tags(ResourceArns=[groups[0]], TagKeys=["c"])
        tags = elb.describe_tags(ResourceArns=[groups[0], balancer["LoadBalancerArn"]])["TagDescriptions"]
        self.assertEqual([tag["Tags"] for tag in tags], [[{"Key": "e", "Value": "f"}], [{"Key": "a", "Value": "b"}]])
        self.register()
        self.create("balanced", desired=1, loadBalancers=[
            {"targetGroupArn": groups[1], "containerName": "app", "containerPort": 80}])
        self.completed("balanced")
        health = elb.describe_target_health(TargetGroupArn=groups[1])["TargetHealthDescriptions"]
        self.assertEqual([one["TargetHealth"]["State"] for one in health], ["healthy"])
        elb.get_waiter("target_in_service").wait(TargetGroupArn=groups[1], WaiterConfig={"Delay": 1})
        self.refused("ResourceInUse", elb.delete_target_group, TargetGroupArn=groups[1])
        elb.delete_rule(RuleArn=rule["RuleArn"])
        elb.delete_listener(ListenerArn=listener["ListenerArn"])
        elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
        elb.delete_target_group(TargetGroupArn=groups[1])
        self.refused("LoadBalancerNotFound", elb.describe_load_balancers, Names=["walk"])
        self.assertEqual(elb.describe_load_balancers()["LoadBalancers"], [])

    def test_autoscaling(self):
        scaling = self.application_autoscaling
        self.register()
        self.create("scaled", desired=1)
        key = dict(
            ServiceNamespace="ecs", ResourceId=f"service/{self.cluster}/scaled",
            ScalableDimension="ecs:service:DesiredCount")
        arn = scaling.register_scalable_target(MinCapacity=2, MaxCapacity=6, **key)["ScalableTargetARN"]
        # The bound holds at once.
        self.assertEqual(self.service("scaled")["desiredCount"], 2)
        self.assertEqual(len(scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]), 1)
        policy = scaling.put_scaling_policy(
            PolicyName="cpu", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 50.0,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}},
            **key)
        self.assertEqual(len(policy["Alarms"]), 2)
        found = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
        self.assertEqual(found[0]["TargetTrackingScalingPolicyConfiguration"]["TargetValue"], 50.0)
        scaling.put_scheduled_action(
            ScheduledActionName="night", Schedule="cron(0 22 * * ? *)",
            ScalableTargetAction={"MinCapacity": 1, "MaxCapacity": 1}, **key)
        actions = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
        self.assertEqual(actions[0]["ScalableTargetAction"], {"MinCapacity": 1, "MaxCapacity": 1})
        self.refused(
            "ValidationException", scaling.put_scheduled_action, ScheduledActionName="x", Schedule="sometimes",
            ScalableTargetAction={"MinCapacity": 1}, **key)
        activities = scaling.describe_scaling_activities(ServiceNamespace="ecs")["ScalingActivities"]
        self.assertEqual(activities[0]["Description"], "Setting desired count to 2.")
        scaling.tag_resource(ResourceARN=arn, Tags={"a": "b"})
        self.assertEqual(scaling.list_tags_for_resource(ResourceARN=arn)["Tags"], {"a": "b"})
        scaling.untag_resource(ResourceARN=arn, TagKeys=["a"])
        scaling.delete_scheduled_action(ScheduledActionName="night", **key)
        scaling.delete_scaling_policy(PolicyName="cpu", **key)
        scaling.deregister_scalable_target(**key)
        self.refused("ObjectNotFoundException", scaling.delete_scaling_policy, PolicyName="cpu", **key)


if __name__ == "__main__":
    main()
