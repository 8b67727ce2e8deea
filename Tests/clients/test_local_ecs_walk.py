"""Every ECS operation that the local ECS answers, every paginator and every waiter of the model, through boto3.

At its end the walk prints how much of the model it exercised, and fails where a supported operation was not called.
"""

import sys

import botocore.exceptions
import botocore.session

from local_ecs import ACCOUNT, GROUP, NETWORK, QUICK, Base, main, scenario, supported


class Walk(Base):
    """The tests stand in the order of the model's resources; each leaves its cluster as it likes."""

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        missed = cls.model.coverage(cls.ecs, supported("ecs"))
        if missed:
            raise AssertionError(f"supported, and never called: {missed}")

    def test_clusters(self):
        ecs = self.ecs
        name = self.cluster + "-made"
        made = ecs.create_cluster(
            clusterName=name, settings=[{"name": "containerInsights", "value": "enhanced"}],
            capacityProviders=["FARGATE", "FARGATE_SPOT"],
            defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
            configuration={"executeCommandConfiguration": {"logging": "DEFAULT"}},
            serviceConnectDefaults={"namespace": "local"})["cluster"]
        self.assertEqual(made["settings"], [{"name": "containerInsights", "value": "enhanced"}])
        self.assertEqual(
            made["defaultCapacityProviderStrategy"], [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}])
        self.assertTrue(made["serviceConnectDefaults"]["namespace"].startswith("arn:aws:servicediscovery:"))
        updated = ecs.update_cluster(
            cluster=name, configuration={"executeCommandConfiguration": {"logging": "NONE"}},
            serviceConnectDefaults={"namespace": ""})["cluster"]
        self.assertNotIn("serviceConnectDefaults", updated)
        self.assertEqual(updated["configuration"]["executeCommandConfiguration"]["logging"], "NONE")
        updated = ecs.update_cluster_settings(
            cluster=name, settings=[{"name": "containerInsights", "value": "disabled"}])["cluster"]
        self.assertEqual(updated["settings"][0]["value"], "disabled")
        put = ecs.put_cluster_capacity_providers(
            cluster=name, capacityProviders=["FARGATE_SPOT"], defaultCapacityProviderStrategy=[])["cluster"]
        self.assertEqual(put["capacityProviders"], ["FARGATE_SPOT"])
        self.refused(
            "InvalidParameterException", ecs.put_cluster_capacity_providers, "not found", cluster=name,
            capacityProviders=["nobody"], defaultCapacityProviderStrategy=[])
        self.refused(
            "InvalidParameterException", ecs.put_cluster_capacity_providers, "not associated", cluster=name,
            capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT"}])
        described = ecs.describe_clusters(
            clusters=[name, "nobody"], include=["TAGS", "SETTINGS", "CONFIGURATIONS", "STATISTICS", "ATTACHMENTS"])
        self.assertEqual([f["reason"] for f in described["failures"]], ["MISSING"])
        self.assertEqual(ecs.delete_cluster(cluster=name)["cluster"]["status"], "INACTIVE")
        self.refused("ClusterNotFoundException", ecs.update_cluster, cluster=name)

    def test_capacity_providers(self):
        ecs = self.ecs
        first = ecs.describe_capacity_providers()["capacityProviders"]
        self.assertEqual([provider["name"] for provider in first][:2], ["FARGATE", "FARGATE_SPOT"])
        arn = f"arn:aws:autoscaling:eu-central-1:{ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/workers"
        made = ecs.create_capacity_provider(
            name="workers", tags=[{"key": "a", "value": "b"}],
            autoScalingGroupProvider={"autoScalingGroupArn": arn, "managedScaling": {"status": "ENABLED"}},
        )["capacityProvider"]
        scaling = made["autoScalingGroupProvider"]["managedScaling"]
        self.assertEqual((scaling["targetCapacity"], scaling["minimumScalingStepSize"]), (100, 1))
        ecs.create_capacity_provider(
            name="managed", cluster=self.cluster,
            managedInstancesProvider={
                "infrastructureRoleArn": f"arn:aws:iam::{ACCOUNT}:role/infrastructure",
                "instanceLaunchTemplate": {
                    "ec2InstanceProfileArn": f"arn:aws:iam::{ACCOUNT}:instance-profile/ecs",
                    "networkConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]},
                    "storageConfiguration": {"storageSizeGiB": 30}, "monitoring": "BASIC",
                    "instanceRequirements": {
                        "vCpuCount": {"min": 1, "max": 4}, "memoryMiB": {"min": 1024, "max": 8192}}}})
        self.refused(
            "ClientException", ecs.create_capacity_provider, "already exists", name="workers",
            autoScalingGroupProvider={"autoScalingGroupArn": arn})
        self.refused(
            "ClientException", ecs.create_capacity_provider, "cannot be prefixed", name="aws-workers",
            autoScalingGroupProvider={"autoScalingGroupArn": arn})
        updated = ecs.update_capacity_provider(
            name="workers", autoScalingGroupProvider={"managedScaling": {"targetCapacity": 80}})["capacityProvider"]
        self.assertEqual(updated["autoScalingGroupProvider"]["managedScaling"]["targetCapacity"], 80)
        self.assertEqual(updated["autoScalingGroupProvider"]["managedScaling"]["status"], "ENABLED")
        described = ecs.describe_capacity_providers(capacityProviders=["workers", "nobody"], include=["TAGS"])
        self.assertEqual(described["capacityProviders"][0]["tags"], [{"key": "a", "value": "b"}])
        self.assertEqual(described["failures"][0]["reason"], "MISSING")
        self.register()
        ecs.put_cluster_capacity_providers(
            cluster=self.cluster, capacityProviders=["FARGATE", "workers"], defaultCapacityProviderStrategy=[])
        self.refused("ClientException", ecs.delete_capacity_provider, "associated", capacityProvider="workers")
        self.refused("ClientException", ecs.delete_capacity_provider, "reserved", capacityProvider="FARGATE")
        ecs.create_service(
            cluster=self.cluster, serviceName="strategic", taskDefinition=self.cluster, desiredCount=0,
            capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}], networkConfiguration=NETWORK)
        self.refused(
            "ResourceInUseException", ecs.put_cluster_capacity_providers, "in use", cluster=self.cluster,
            capacityProviders=["workers"], defaultCapacityProviderStrategy=[])
        ecs.put_cluster_capacity_providers(
            cluster=self.cluster, capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[])
        gone = ecs.delete_capacity_provider(capacityProvider="workers")["capacityProvider"]
        self.assertEqual((gone["status"], gone["updateStatus"]), ("INACTIVE", "DELETE_COMPLETE"))

    def test_task_definitions(self):
        ecs = self.ecs
        family = self.cluster + "-deleted"
        arns = [self.register(f"web:{n}", family=family)["taskDefinitionArn"] for n in range(3)]
        missed = ecs.delete_task_definitions(taskDefinitions=[arns[0], family + ":99"])
        self.assertEqual(missed["taskDefinitions"], [])
        self.assertIn("ACTIVE status", missed["failures"][0]["reason"])
        for arn in arns[:2]:
            self.assertEqual(
                ecs.deregister_task_definition(taskDefinition=arn)["taskDefinition"]["status"], "INACTIVE")
        deleted = ecs.delete_task_definitions(taskDefinitions=[arns[0]])["taskDefinitions"][0]
        self.assertEqual(deleted["status"], "DELETE_IN_PROGRESS")
        self.assertIn("deleteRequestedAt", deleted)
        for status, expected in [("ACTIVE", [arns[2]]), ("INACTIVE", [arns[1]]), ("DELETE_IN_PROGRESS", [arns[0]])]:
            listed = ecs.list_task_definitions(familyPrefix=family, status=status)["taskDefinitionArns"]
            self.assertEqual(listed, expected)
        newest = self.register("web:9", family=family)["taskDefinitionArn"]
        self.assertEqual(
            ecs.list_task_definitions(familyPrefix=family, sort="DESC")["taskDefinitionArns"], [newest, arns[2]])
        self.assertIn(family, ecs.list_task_definition_families(familyPrefix=family)["families"])
        rich = ecs.register_task_definition(**RICH)["taskDefinition"]
        self.assertEqual(rich["cpu"], "512")
        described = ecs.describe_task_definition(taskDefinition=rich["taskDefinitionArn"], include=["TAGS"])
        self.assertEqual(described["tags"], [{"key": "a", "value": "b"}])

    def test_services_and_their_tasks(self):
        ecs = self.ecs
        arn = self.register("web:svc")["taskDefinitionArn"]
        self.create(
            "svc", desired=2, loadBalancers=[{"targetGroupArn": GROUP, "containerName": "app", "containerPort": 80}],
            healthCheckGracePeriodSeconds=5, propagateTags="SERVICE", enableECSManagedTags=True,
            serviceConnectConfiguration={"enabled": True, "namespace": "walk"},
            serviceRegistries=[
                {"registryArn": f"arn:aws:servicediscovery:eu-central-1:{ACCOUNT}:service/srv-1",
                 "containerName": "app"}],
        )
        self.assertIn("/svc", ecs.list_services_by_namespace(namespace="walk")["serviceArns"][0])
        self.assertTrue(ecs.list_services(cluster=self.cluster, launchType="FARGATE")["serviceArns"])
        ecs.get_waiter("services_stable").wait(cluster=self.cluster, services=["svc"], WaiterConfig=QUICK)
        self.completed("svc")
        tasks = ecs.list_tasks(cluster=self.cluster, serviceName="svc")["taskArns"]
        described = ecs.describe_tasks(cluster=self.cluster, tasks=tasks + ["nobody"], include=["TAGS"])
        self.assertEqual(len(described["tasks"]), 2)

        protected = ecs.update_task_protection(
            cluster=self.cluster, tasks=tasks[:1] + ["nobody"], protectionEnabled=True, expiresInMinutes=5)
        self.assertEqual(protected["protectedTasks"][0]["protectionEnabled"], True)
        self.assertEqual(protected["failures"][0]["reason"], "MISSING")
        states = ecs.get_task_protection(cluster=self.cluster, tasks=tasks)["protectedTasks"]
        self.assertEqual(sorted(state["protectionEnabled"] for state in states), [False, True])
        ecs.update_task_protection(cluster=self.cluster, tasks=tasks[:1], protectionEnabled=False)
        self.refused(
            "InvalidParameterException", ecs.update_task_protection, cluster=self.cluster, tasks=tasks,
            protectionEnabled=True, expiresInMinutes=5000)

        ecs.update_service(cluster=self.cluster, service="svc", forceNewDeployment=True)
        deployment = ecs.list_service_deployments(cluster=self.cluster, service="svc")["serviceDeployments"][0]
        ecs.stop_service_deployment(serviceDeploymentArn=deployment["serviceDeploymentArn"], stopType="ROLLBACK")

        def status():
            record = ecs.describe_service_deployments(
                serviceDeploymentArns=[deployment["serviceDeploymentArn"]])["serviceDeployments"][0]
            return record["status"]

        self.until(lambda: status() == "ROLLBACK_SUCCESSFUL", "the stopped deployment is rolled back")
        revision = ecs.describe_service_revisions(
            serviceRevisionArns=[deployment["targetServiceRevisionArn"]])["serviceRevisions"][0]
        self.assertEqual(revision["taskDefinition"], arn)
        ecs.tag_resource(resourceArn=revision["serviceArn"], tags=[{"key": "x", "value": "y"}])
        ecs.untag_resource(resourceArn=revision["serviceArn"], tagKeys=["x"])
        self.assertEqual(len(ecs.list_tags_for_resource(resourceArn=revision["serviceArn"])["tags"]), 1)
        tasks = ecs.list_tasks(cluster=self.cluster, serviceName="svc")["taskArns"]
        ecs.delete_service(cluster=self.cluster, service="svc", force=True)
        ecs.get_waiter("tasks_stopped").wait(cluster=self.cluster, tasks=tasks, WaiterConfig=QUICK)
        ecs.get_waiter("services_inactive").wait(cluster=self.cluster, services=["svc"], WaiterConfig=QUICK)

    def test_a_service_with_something_in_every_part(self):
        ecs = self.ecs
        family = self.cluster + "-parts"
        ecs.register_task_definition(
            family=family, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            volumes=[{"name": "data", "configuredAtLaunch": True}],
            containerDefinitions=[{
                "name": "app", "image": "web:1", "portMappings": [{"containerPort": 80, "name": "http"}],
                "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]}])
        role = f"arn:aws:iam::{ACCOUNT}:role/ecsInfrastructureRole"
        self.create(
            "parts", desired=1, taskDefinition=family, launchType="FARGATE",
            deploymentConfiguration={
                "alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True}, "minimumHealthyPercent": 50,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True}},
            serviceConnectConfiguration={
                "enabled": True, "namespace": "parts",
                "services": [{
                    "portName": "http", "discoveryName": "parts", "clientAliases": [{"port": 80, "dnsName": "parts"}],
                    "timeout": {"idleTimeoutSeconds": 60, "perRequestTimeoutSeconds": 30},
                    "tls": {"issuerCertificateAuthority": {"awsPcaAuthorityArn": "arn:aws:acm-pca:x"},
                            "kmsKey": "key", "roleArn": role}}],
                "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/connect"}}},
            volumeConfigurations=[{"name": "data", "managedEBSVolume": {
                "roleArn": role, "sizeInGiB": 10, "volumeType": "gp3", "iops": 3000, "throughput": 125,
                "tagSpecifications": [{"resourceType": "volume", "propagateTags": "SERVICE",
                                       "tags": [{"key": "a", "value": "b"}]}]}}],
            vpcLatticeConfigurations=[{
                "roleArn": role, "portName": "http",
                "targetGroupArn": f"arn:aws:vpc-lattice:eu-central-1:{ACCOUNT}:targetgroup/tg-0123456789abcdef0"}])
        self.completed("parts")
        service = self.service("parts")
        self.assertEqual(service["deployments"][0]["volumeConfigurations"][0]["name"], "data")
        deployment = ecs.list_service_deployments(cluster=self.cluster, service="parts")["serviceDeployments"][0]
        revision = ecs.describe_service_revisions(
            serviceRevisionArns=[deployment["targetServiceRevisionArn"]])["serviceRevisions"][0]
        self.assertTrue(revision["serviceConnectConfiguration"]["enabled"])
        ecs.register_task_definition(
            family=family + "-placed", containerDefinitions=[{"name": "app", "image": "web:1", "memory": 64}])
        placed = ecs.create_service(
            cluster=self.cluster, serviceName="placed", taskDefinition=family + "-placed", desiredCount=1,
            placementConstraints=[{"type": "distinctInstance"}],
            placementStrategy=[{"type": "spread", "field": "attribute:ecs.availability-zone"}])["service"]
        self.assertEqual(placed["placementStrategy"][0]["type"], "spread")
        self.completed("placed")
        tasks = ecs.list_tasks(cluster=self.cluster, serviceName="placed")["taskArns"]
        task = ecs.describe_tasks(cluster=self.cluster, tasks=tasks)["tasks"][0]
        self.assertIn("containerInstanceArn", task)

    def test_a_pause_is_continued(self):
        ecs = self.ecs
        self.register("web:blue")
        arn = f"arn:aws:elasticloadbalancing:eu-central-1:{ACCOUNT}:"
        self.create(
            "paused", desired=1, loadBalancers=[{
                "targetGroupArn": GROUP, "containerName": "app", "containerPort": 80, "advancedConfiguration": {
                    "alternateTargetGroupArn": arn + "targetgroup/green/fedcba9876543210",
                    "productionListenerRule": arn + "listener-rule/app/web/0123456789abcdef/01/02",
                    "roleArn": f"arn:aws:iam::{ACCOUNT}:role/ecsInfrastructureRole"}}],
            deploymentConfiguration={
                "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0,
                "lifecycleHooks": [{"targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP"],
                                    "timeoutConfiguration": {"timeoutInMinutes": 60, "action": "ROLLBACK"}}]})
        deployment = ecs.list_service_deployments(
            cluster=self.cluster, service="paused")["serviceDeployments"][0]["serviceDeploymentArn"]

        def record():
            return ecs.describe_service_deployments(serviceDeploymentArns=[deployment])["serviceDeployments"][0]

        def waiting():
            return [hook for hook in record().get("lifecycleHookDetails", []) if hook["status"] == "AWAITING_ACTION"]

        self.until(waiting, "the deployment waits at its hook")
        hook = waiting()[0]["hookId"]
        answer = ecs.continue_service_deployment(serviceDeploymentArn=deployment, hookId=hook, action="CONTINUE")
        self.assertEqual(answer["serviceDeploymentArn"], deployment)
        self.until(lambda: record()["status"] == "SUCCESSFUL", "the deployment goes on")

    def test_task_sets(self):
        ecs = self.ecs
        self.register("web:set")
        ecs.create_service(
            cluster=self.cluster, serviceName="sets", desiredCount=3, deploymentController={"type": "EXTERNAL"})
        key = dict(cluster=self.cluster, service="sets")
        blue = ecs.create_task_set(
            taskDefinition=self.cluster, launchType="FARGATE", networkConfiguration=NETWORK, externalId="blue",
            scale={"value": 100, "unit": "PERCENT"}, tags=[{"key": "a", "value": "b"}], **key)["taskSet"]
        self.assertEqual((blue["computedDesiredCount"], blue["stabilityStatus"]), (3, "STABILIZING"))
        ecs.update_service_primary_task_set(primaryTaskSet=blue["id"], **key)

        def one(name):
            return ecs.describe_task_sets(taskSets=[name], include=["TAGS"], **key)["taskSets"][0]

        self.until(lambda: one(blue["id"])["stabilityStatus"] == "STEADY_STATE", "the first task set is steady")
        self.assertEqual((one(blue["id"])["runningCount"], one(blue["id"])["status"]), (3, "PRIMARY"))
        green = ecs.create_task_set(
            taskDefinition=self.cluster, launchType="FARGATE", networkConfiguration=NETWORK, **key)["taskSet"]
        self.assertEqual(green["scale"], {"value": 0, "unit": "PERCENT"})
        grown = ecs.update_task_set(taskSet=green["id"], scale={"value": 50, "unit": "PERCENT"}, **key)["taskSet"]
        self.assertEqual(grown["computedDesiredCount"], 2)
        self.until(lambda: one(green["id"])["runningCount"] == 2, "the second task set runs half")
        ecs.update_service_primary_task_set(primaryTaskSet=green["id"], **key)
        self.assertEqual(one(blue["taskSetArn"])["status"], "ACTIVE")
        self.refused("InvalidParameterException", ecs.delete_task_set, taskSet=blue["id"], **key)
        self.assertEqual(
            ecs.delete_task_set(taskSet=blue["id"], force=True, **key)["taskSet"]["status"], "DRAINING")
        self.until(lambda: len(self.service("sets")["taskSets"]) == 1, "the deleted task set goes")
        missed = ecs.describe_task_sets(taskSets=[blue["id"]], **key)
        self.assertEqual(missed["failures"][0]["reason"], "MISSING")
        self.refused("TaskSetNotFoundException", ecs.update_task_set, taskSet="nobody", scale={"value": 1}, **key)
        messages = [event["message"] for event in self.service("sets")["events"]]
        self.assertIn(f"(service sets, taskSet {green['id']}) updated state to STEADY_STATE.", messages)

    def test_tasks_by_themselves(self):
        ecs = self.ecs
        self.register("web:run")
        task = ecs.run_task(
            cluster=self.cluster, taskDefinition=self.cluster, launchType="FARGATE", networkConfiguration=NETWORK,
            overrides={"containerOverrides": [{"name": "app", "command": ["echo"]}]},
            tags=[{"key": "a", "value": "b"}])["tasks"][0]
        ecs.get_waiter("tasks_running").wait(cluster=self.cluster, tasks=[task["taskArn"]], WaiterConfig=QUICK)
        miss = ecs.update_task_protection(
            cluster=self.cluster, tasks=[task["taskArn"]], protectionEnabled=True)["failures"][0]
        self.assertEqual(miss["reason"], "TASK_NOT_VALID")
        ecs.stop_task(cluster=self.cluster, task=task["taskArn"], reason="drill")
        ecs.get_waiter("tasks_stopped").wait(cluster=self.cluster, tasks=[task["taskArn"]], WaiterConfig=QUICK)

    def test_container_instances(self):
        ecs = self.ecs
        scenario(containerInstances=3)
        arns = ecs.list_container_instances(cluster=self.cluster)["containerInstanceArns"]
        self.assertEqual(len(arns), 3)
        described = ecs.describe_container_instances(
            cluster=self.cluster, containerInstances=arns[:1] + ["nobody"],
            include=["TAGS", "CONTAINER_INSTANCE_HEALTH"])
        self.assertEqual(described["containerInstances"][0]["status"], "ACTIVE")
        self.assertEqual(described["failures"][0]["reason"], "MISSING")
        ecs.update_container_instances_state(cluster=self.cluster, containerInstances=arns[:1], status="DRAINING")
        self.assertEqual(
            ecs.list_container_instances(cluster=self.cluster, status="DRAINING")["containerInstanceArns"], arns[:1])
        self.refused(
            "InvalidParameterException", ecs.update_container_instances_state, "ACTIVE, DRAINING",
            cluster=self.cluster, containerInstances=arns[:1], status="REGISTERING")
        attribute = {"name": "stack", "value": "blue", "targetType": "container-instance", "targetId": arns[1]}
        ecs.put_attributes(cluster=self.cluster, attributes=[attribute])
        found = ecs.list_attributes(
            cluster=self.cluster, targetType="container-instance", attributeName="stack")["attributes"]
        self.assertEqual(found, [attribute])
        for expression, count in [
            ("attribute:stack == blue", 1), ("attribute:stack exists", 1), ("attribute:stack != blue", 2),
            ("attribute:ecs.os-type == linux and attribute:stack == blue", 1),
        ]:
            found = ecs.list_container_instances(cluster=self.cluster, filter=expression)["containerInstanceArns"]
            self.assertEqual(len(found), count, expression)
        ecs.delete_attributes(cluster=self.cluster, attributes=[attribute])
        self.refused("TargetNotFoundException", ecs.put_attributes, cluster=self.cluster, attributes=[
            {"name": "a", "targetType": "container-instance", "targetId": "nobody"}])

    def test_account_settings(self):
        ecs = self.ecs
        role = f"arn:aws:iam::{ACCOUNT}:role/deployer"
        ecs.put_account_setting_default(name="containerInsights", value="enabled")
        ecs.put_account_setting(name="containerInsights", value="enhanced", principalArn=role)

        def effective(**arguments):
            return ecs.list_account_settings(
                name="containerInsights", effectiveSettings=True, **arguments)["settings"][0]["value"]

        self.assertEqual((effective(), effective(principalArn=role)), ("enabled", "enhanced"))
        self.assertEqual(len(ecs.list_account_settings(principalArn=role)["settings"]), 1)
        left = ecs.delete_account_setting(name="containerInsights", principalArn=role)["setting"]
        self.assertEqual(left["value"], "enabled")
        ecs.put_account_setting_default(name="containerInsights", value="disabled")
        self.refused(
            "InvalidParameterException", ecs.put_account_setting, name="containerInsights", value="perhaps")

    def test_paginators_walk_everything(self):
        ecs = self.ecs
        own = self.cluster + "-pages"
        ecs.create_cluster(clusterName=own)
        self.register("web:pages")
        for index in range(3):
            self.register("web:pages", family=f"{self.cluster}-pages{index}")
            self.create(
                f"page{index}", desired=1, cluster=own,
                serviceConnectConfiguration={"enabled": True, "namespace": "pages"})
        self.until(lambda: len(ecs.list_tasks(cluster=own)["taskArns"]) == 3, "three tasks start")
        scenario(containerInstances=3)
        arguments = {
            "list_account_settings": {"effectiveSettings": True}, "list_attributes": {
                "cluster": own, "targetType": "container-instance"},
            "list_clusters": {}, "list_container_instances": {"cluster": own}, "list_services": {"cluster": own},
            "list_services_by_namespace": {"namespace": "pages"}, "list_task_definition_families": {},
            "list_task_definitions": {}, "list_tasks": {"cluster": own},
        }
        model = botocore.session.get_session().get_paginator_model("ecs")
        walked = 0
        for name in sorted(model._paginator_config):
            operation = "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
            if name not in supported("ecs"):
                continue
            key = model.get_paginator(name)["result_key"]
            paginator = ecs.get_paginator(operation)
            whole = paginator.paginate(**arguments[operation]).build_full_result()[key]
            by_one = paginator.paginate(PaginationConfig={"PageSize": 1}, **arguments[operation])
            pages = list(by_one)
            self.assertEqual([element for page in pages for element in page[key]], whole, operation)
            self.assertEqual([len(page[key]) for page in pages if page[key]], [1] * len(whole), operation)
            self.assertGreaterEqual(len(whole), 2, operation)
            walked += 1
        print(f"ECS: {walked} of {len(model._paginator_config)} paginators", file=sys.stderr)
        self.assertGreaterEqual(walked, len(arguments))

    def test_every_waiter_waits(self):
        """Each of the model's waiters ends well, and gives up as the model says."""
        ecs = self.ecs
        scenario(images=[{"image": "*:bad", "cannotPull": True}])
        self.register("web:good")
        self.register("web:bad", family=self.cluster + "-bad")
        self.create("waited", desired=1)
        self.create("never", desired=1, taskDefinition=self.cluster + "-bad", deploymentConfiguration={})
        started = {}
        for family in (self.cluster, self.cluster + "-bad"):
            started[family] = ecs.run_task(
                cluster=self.cluster, taskDefinition=family, launchType="FARGATE", networkConfiguration=NETWORK,
            )["tasks"][0]["taskArn"]
        good, bad = started.values()
        waits = {
            "services_stable": ({"services": ["waited"]}, {"services": ["never"]}),
            "tasks_running": ({"tasks": [good]}, {"tasks": [bad]}),
            "tasks_stopped": ({"tasks": [bad]}, {"tasks": [good]}),
            "services_inactive": ({"services": ["waited"]}, {"services": ["nobody"]}),
        }
        self.assertLessEqual(set(waits), set(ecs.waiter_names))
        for name in waits:
            well, badly = waits[name]
            if name == "services_inactive":
                ecs.delete_service(cluster=self.cluster, service="waited", force=True)
            ecs.get_waiter(name).wait(cluster=self.cluster, WaiterConfig=QUICK, **well)
            with self.assertRaises(botocore.exceptions.WaiterError, msg=name):
                ecs.get_waiter(name).wait(
                    cluster=self.cluster, WaiterConfig={"Delay": 1, "MaxAttempts": 3}, **badly)
        others = sorted(set(ecs.waiter_names) - set(waits))
        print(f"ECS: {len(waits)} waiters waited; of operations not supported: {others}", file=sys.stderr)
        for name in others:
            operation = ecs.get_waiter(name).config.operation
            self.assertNotIn(operation, supported("ecs"))


# Something in every part of a task definition, to be seen in the answer.
RICH = {
    "family": "rich", "taskRoleArn": "task", "executionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/execution",
    "networkMode": "awsvpc", "requiresCompatibilities": ["EC2"], "cpu": ".5 vCPU", "memory": "1 GB", "pidMode": "task",
    "ipcMode": "none", "tags": [{"key": "a", "value": "b"}],
    "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
    "ephemeralStorage": {"sizeInGiB": 30},
    "placementConstraints": [{"type": "memberOf", "expression": "attribute:ecs.os-type == linux"}],
    "proxyConfiguration": {
        "type": "APPMESH", "containerName": "proxy", "properties": [{"name": "AppPorts", "value": "80"}]},
    "volumes": [
        {"name": "host", "host": {"sourcePath": "/var"}},
        {"name": "efs", "efsVolumeConfiguration": {
            "fileSystemId": "fs-1", "transitEncryption": "ENABLED",
            "authorizationConfig": {"accessPointId": "fsap-1", "iam": "ENABLED"}}},
        {"name": "docker", "dockerVolumeConfiguration": {"scope": "shared", "driver": "local", "labels": {"a": "b"}}},
    ],
    "containerDefinitions": [
        {
            "name": "app", "image": f"{ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/app:1", "cpu": 10, "memory": 64,
            "memoryReservation": 32, "essential": True, "entryPoint": ["sh"], "command": ["-c", "true"],
            "portMappings": [{"containerPort": 80, "name": "http", "appProtocol": "http"},
                             {"containerPortRange": "8000-8010"}],
            "environment": [{"name": "A", "value": "1"}],
            "environmentFiles": [{"value": "arn:aws:s3:::bucket/file.env", "type": "s3"}],
            "mountPoints": [{"sourceVolume": "efs", "containerPath": "/data", "readOnly": True}],
            "volumesFrom": [{"sourceContainer": "proxy", "readOnly": True}],
            "secrets": [{"name": "S", "valueFrom": "parameter"}],
            "dependsOn": [{"containerName": "proxy", "condition": "HEALTHY"}], "startTimeout": 30, "stopTimeout": 30,
            "hostname": "app", "user": "1000", "workingDirectory": "/", "privileged": False,
            "readonlyRootFilesystem": True, "interactive": False, "pseudoTerminal": False,
            "dockerLabels": {"a": "b"}, "ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 2}],
            "restartPolicy": {"enabled": True, "ignoredExitCodes": [0], "restartAttemptPeriod": 60},
            "logConfiguration": {
                "logDriver": "awslogs", "options": {"awslogs-group": "/ecs/app"},
                "secretOptions": [{"name": "token", "valueFrom": "parameter"}]},
            "linuxParameters": {
                "capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]}, "initProcessEnabled": True,
                "sharedMemorySize": 64, "maxSwap": 64, "swappiness": 10,
                "tmpfs": [{"containerPath": "/tmp", "size": 64, "mountOptions": ["ro"]}],
                "devices": [{"hostPath": "/dev/null", "containerPath": "/dev/x", "permissions": ["read"]}]},
            "healthCheck": {"command": ["CMD", "true"], "startPeriod": 5},
            "systemControls": [{"namespace": "net.core.somaxconn", "value": "1024"}],
            "resourceRequirements": [{"type": "GPU", "value": "1"}], "versionConsistency": "enabled",
            "repositoryCredentials": {"credentialsParameter": f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:r"},
            "firelensConfiguration": {"type": "fluentbit", "options": {"a": "b"}},
            "extraHosts": [{"hostname": "db", "ipAddress": "10.0.0.1"}], "dnsServers": ["10.0.0.2"],
            "dnsSearchDomains": ["local"], "dockerSecurityOptions": ["no-new-privileges"],
        },
        {"name": "proxy", "image": "envoy:1", "memory": 64, "links": [],
         "healthCheck": {"command": ["CMD", "true"], "interval": 10, "retries": 2, "timeout": 2}},
    ],
}


if __name__ == "__main__":
    main()
