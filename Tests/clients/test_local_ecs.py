"""What clients that others wrote make of the local ECS: rollouts and reads, through boto3."""

import botocore.exceptions

from local_ecs import GROUP, QUICK, Base, main, scenario


class Rollouts(Base):
    def test_a_service_gets_stable_is_updated_and_goes(self):
        self.register(healthCheck={"command": ["CMD-SHELL", "true"], "interval": 5})
        self.create(
            "web", loadBalancers=[{"targetGroupArn": GROUP, "containerName": "app", "containerPort": 80}],
            healthCheckGracePeriodSeconds=5, enableExecuteCommand=True, propagateTags="SERVICE",
            serviceConnectConfiguration={"enabled": True, "namespace": "local"},
        )
        self.stable("web")
        self.completed("web")
        service = self.ecs.describe_services(
            cluster=self.cluster, services=["web"], include=["TAGS"])["services"][0]
        self.assertEqual(service["runningCount"], 2)
        self.assertEqual(service["tags"], [{"key": "mooring:commit", "value": "abc"}])
        self.assertEqual(service["platformVersion"], "LATEST")
        self.assertEqual(service["deployments"][0]["platformVersion"], "1.4.0")
        self.assertNotIn("serviceConnectConfiguration", service)
        self.assertIn("serviceConnectConfiguration", service["deployments"][0])
        arns = self.ecs.list_tasks(cluster=self.cluster, serviceName="web")["taskArns"]
        tasks = self.ecs.describe_tasks(cluster=self.cluster, tasks=arns, include=["TAGS"])["tasks"]
        self.assertEqual({task["lastStatus"] for task in tasks}, {"RUNNING"})
        self.assertEqual({task["healthStatus"] for task in tasks}, {"HEALTHY"})
        self.assertEqual(tasks[0]["tags"], [{"key": "mooring:commit", "value": "abc"}])

        arn = self.register("web:2")["taskDefinitionArn"]
        updated = self.ecs.update_service(cluster=self.cluster, service="web", taskDefinition=arn)["service"]
        self.assertEqual([d["status"] for d in updated["deployments"]], ["PRIMARY", "ACTIVE"])
        self.stable("web")
        deployments = self.ecs.list_service_deployments(cluster=self.cluster, service="web")["serviceDeployments"]
        details = self.ecs.describe_service_deployments(
            serviceDeploymentArns=[d["serviceDeploymentArn"] for d in deployments])["serviceDeployments"]
        self.assertEqual([d["status"] for d in details], ["SUCCESSFUL", "SUCCESSFUL"])
        revisions = self.ecs.describe_service_revisions(
            serviceRevisionArns=[details[0]["targetServiceRevision"]["arn"]])["serviceRevisions"]
        self.assertEqual(revisions[0]["taskDefinition"], arn)

        self.ecs.update_service(cluster=self.cluster, service="web", desiredCount=0)
        self.ecs.get_waiter("tasks_stopped").wait(cluster=self.cluster, tasks=arns, WaiterConfig=QUICK)
        self.stable("web")
        self.ecs.delete_service(cluster=self.cluster, service="web")
        self.ecs.get_waiter("services_inactive").wait(
            cluster=self.cluster, services=["web"], WaiterConfig=QUICK)

    def test_a_bad_image_is_rolled_back(self):
        scenario(images=[{"image": "*:bad", "cannotPull": True}])
        good = self.register("web:good")["taskDefinitionArn"]
        self.create("bad", desired=1)
        # Only a completed deployment is a place to go back to.
        self.completed("bad")
        self.register("web:bad")
        self.ecs.update_service(cluster=self.cluster, service="bad", taskDefinition=self.cluster)
        self.stable("bad")
        service = self.ecs.describe_services(cluster=self.cluster, services=["bad"])["services"][0]
        self.assertEqual(service["taskDefinition"], good)
        newest = self.ecs.list_service_deployments(cluster=self.cluster, service="bad")["serviceDeployments"][0]
        self.assertEqual(newest["status"], "ROLLBACK_SUCCESSFUL")
        stopped = self.ecs.list_tasks(
            cluster=self.cluster, serviceName="bad", desiredStatus="STOPPED")["taskArns"]
        task = self.ecs.describe_tasks(cluster=self.cluster, tasks=stopped[:1])["tasks"][0]
        self.assertEqual(task["stopCode"], "TaskFailedToStart")

    def test_a_service_that_never_gets_stable_makes_the_waiter_give_up(self):
        scenario(images=[{"image": "*:bad", "cannotPull": True}])
        self.register("web:bad")
        self.create("never", desired=1, deploymentConfiguration={})
        with self.assertRaises(botocore.exceptions.WaiterError):
            self.ecs.get_waiter("services_stable").wait(
                cluster=self.cluster, services=["never"], WaiterConfig={"Delay": 1, "MaxAttempts": 4})
        with self.assertRaises(botocore.exceptions.WaiterError):
            self.ecs.get_waiter("services_stable").wait(
                cluster=self.cluster, services=["nobody"], WaiterConfig=QUICK)

    def test_a_task_runs_by_itself(self):
        self.register("web:task")
        answer = self.ecs.run_task(
            cluster=self.cluster, taskDefinition=self.cluster, launchType="FARGATE", startedBy="me",
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}})
        arn = answer["tasks"][0]["taskArn"]
        self.assertEqual(answer["tasks"][0]["lastStatus"], "PROVISIONING")
        self.ecs.get_waiter("tasks_running").wait(cluster=self.cluster, tasks=[arn], WaiterConfig=QUICK)
        self.ecs.stop_task(cluster=self.cluster, task=arn, reason="drill")
        self.ecs.get_waiter("tasks_stopped").wait(cluster=self.cluster, tasks=[arn], WaiterConfig=QUICK)
        task = self.ecs.describe_tasks(cluster=self.cluster, tasks=[arn])["tasks"][0]
        self.assertEqual((task["stopCode"], task["stoppedReason"]), ("UserInitiated", "drill"))


class Reading(Base):
    def test_paginators_walk_everything(self):
        self.register()
        names = [f"s{index:02}" for index in range(25)]
        own = self.cluster + "-paged"
        self.ecs.create_cluster(clusterName=own)
        for name in names:
            self.create(name, desired=0, cluster=own)
        pages = list(self.ecs.get_paginator("list_services").paginate(cluster=own))
        self.assertEqual([len(page["serviceArns"]) for page in pages], [10, 10, 5])
        arns = [arn for page in pages for arn in page["serviceArns"]]
        self.assertEqual([arn.split("/")[-1] for arn in arns], names)
        described = self.ecs.describe_services(cluster=own, services=arns[:10])
        self.assertEqual(len(described["services"]), 10)
        for index in range(3):
            self.register(family=f"{self.cluster}-{index}")
        for operation, member, arguments in [
            ("list_task_definitions", "taskDefinitionArns", {"familyPrefix": f"{self.cluster}-1"}),
            ("list_task_definition_families", "families", {"familyPrefix": self.cluster}),
            ("list_clusters", "clusterArns", {}),
            ("list_tasks", "taskArns", {"cluster": self.cluster}),
            ("list_account_settings", "settings", {"effectiveSettings": True}),
        ]:
            whole = self.ecs.get_paginator(operation).paginate(**arguments).build_full_result()[member]
            by_one = self.ecs.get_paginator(operation).paginate(
                PaginationConfig={"PageSize": 1}, **arguments).build_full_result()[member]
            self.assertEqual(whole, by_one, operation)
        with self.assertRaises(self.ecs.exceptions.InvalidParameterException):
            self.ecs.list_services(cluster=self.cluster, nextToken="foreign")

    def test_a_task_definition_reads_back_as_ecs_fills_it(self):
        arn = self.register()["taskDefinitionArn"]
        answer = self.ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
        definition = answer["taskDefinition"]
        container = definition["containerDefinitions"][0]
        self.assertEqual([e["name"] for e in container["environment"]], ["ST", "XAP_T", "SE", "XAP_E"])
        self.assertEqual(container["portMappings"], [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}])
        self.assertEqual((container["cpu"], container["essential"], container["mountPoints"]), (0, True, []))
        self.assertEqual(answer["tags"], [{"key": "commit", "value": "abc"}])
        self.ecs.deregister_task_definition(taskDefinition=arn)
        again = self.ecs.describe_task_definition(taskDefinition=arn)["taskDefinition"]
        self.assertEqual(again["status"], "INACTIVE")

    def test_tags_are_added_and_taken_away(self):
        self.register()
        arn = self.create("tagged", desired=0)["serviceArn"]
        self.ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "1"}, {"key": "é", "value": "ü"}])
        self.ecs.untag_resource(resourceArn=arn, tagKeys=["mooring:commit", "absent"])
        tags = self.ecs.list_tags_for_resource(resourceArn=arn)["tags"]
        self.assertEqual(tags, [{"key": "a", "value": "1"}, {"key": "é", "value": "ü"}])
        clusters = self.ecs.describe_clusters(clusters=[self.cluster, "none"], include=["TAGS", "SETTINGS"])
        self.assertEqual(clusters["clusters"][0]["tags"], [{"key": "team", "value": "a b"}])
        self.assertEqual(clusters["failures"][0]["reason"], "MISSING")

    def test_misses_and_refusals_are_typed(self):
        errors = self.ecs.exceptions
        with self.assertRaises(errors.ClusterNotFoundException):
            self.ecs.list_services(cluster="nowhere")
        with self.assertRaises(errors.ServiceNotFoundException):
            self.ecs.update_service(cluster=self.cluster, service="nobody")
        with self.assertRaisesRegex(errors.ClientException, "Unable to describe task definition."):
            self.ecs.describe_task_definition(taskDefinition="none:1")
        self.register()
        self.create("twice", desired=0)
        with self.assertRaisesRegex(errors.InvalidParameterException, "Creation of service was not idempotent."):
            self.create("twice", desired=0)
        with self.assertRaises(errors.InvalidParameterException):
            self.ecs.describe_services(cluster=self.cluster, services=[f"s{n}" for n in range(11)])
        missing = self.ecs.describe_services(cluster=self.cluster, services=["nobody"])
        self.assertEqual(missing["failures"][0]["reason"], "MISSING")
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            self.ecs.list_daemons()
        self.assertEqual(caught.exception.response["Error"]["Code"], "UnknownOperationException")
        self.assertIn("does not model the operation ListDaemons", caught.exception.response["Error"]["Message"])


if __name__ == "__main__":
    main()
