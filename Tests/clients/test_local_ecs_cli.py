"""What the AWS CLI's waiters make of the local ECS. The clock should run fast: the CLI looks every 15 or 6 seconds."""

import json
import os
import shutil
import subprocess
import unittest

from local_ecs import REGION, URL, Base, control, main, scenario


@unittest.skipUnless(shutil.which("aws"), "the AWS CLI is not installed")
class CommandLine(Base):
    def aws(self, *arguments, models=None):
        environment = dict(
            os.environ, AWS_ACCESS_KEY_ID="AKIALOCAL", AWS_SECRET_ACCESS_KEY="secret", AWS_DEFAULT_REGION=REGION,
            AWS_ENDPOINT_URL=URL, AWS_PAGER="")
        if models:
            environment["AWS_DATA_PATH"] = models
        return subprocess.run(
            ["aws", "ecs", *arguments, "--cluster", self.cluster], env=environment, capture_output=True, text=True,
            timeout=120)

    def succeeds(self, *arguments):
        result = self.aws(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_waits_that_end(self):
        self.register("web:cli")
        self.create("cli", desired=1)
        self.succeeds("wait", "services-stable", "--services", "cli")
        described = json.loads(self.succeeds("describe-services", "--services", "cli"))["services"][0]
        self.assertEqual(described["runningCount"], 1)
        tasks = json.loads(self.succeeds("list-tasks", "--service-name", "cli"))["taskArns"]
        self.succeeds("update-service", "--service", "cli", "--desired-count", "0")
        self.succeeds("wait", "tasks-stopped", "--tasks", *tasks)
        self.succeeds("delete-service", "--service", "cli")
        self.succeeds("wait", "services-inactive", "--services", "cli")

    def test_a_service_that_never_gets_stable(self):
        """With forty tries at fifteen seconds this takes ten minutes; the waiter's own file makes the tries closer."""
        import botocore.session
        import tempfile

        scenario(images=[{"image": "*:bad", "cannotPull": True}])
        self.register("web:bad")
        self.create("never", desired=1, deploymentConfiguration={})
        waiters = botocore.session.get_session().get_waiter_model("ecs")
        config = {
            "version": 2,
            "waiters": {name: dict(waiters._waiter_config[name]) for name in waiters.waiter_names},
        }
        config["waiters"]["ServicesStable"]["delay"] = 0
        with tempfile.TemporaryDirectory() as folder:
            target = os.path.join(folder, "ecs", "2014-11-13")
            os.makedirs(target)
            # A folder with models replaces the whole service.
            session = botocore.session.get_session()
            for kind in ("service-2", "paginators-1", "endpoint-rule-set-1"):
                with open(os.path.join(target, kind + ".json"), "w") as file:
                    json.dump(session.get_component("data_loader").load_service_model("ecs", kind), file)
            with open(os.path.join(target, "waiters-2.json"), "w") as file:
                json.dump(config, file)
            result = self.aws("wait", "services-stable", "--services", "never", models=folder)
        self.assertEqual(result.returncode, 255)
        self.assertIn("Waiter ServicesStable failed: Max attempts exceeded", result.stderr)
        # It was asked as often as the model says, and is none the worse for it.
        self.assertGreaterEqual(control("GET", "calls")["counts"]["ecs:DescribeServices"], 40)

    def test_a_service_that_is_not_there(self):
        result = self.aws("wait", "services-stable", "--services", "nobody")
        self.assertEqual(result.returncode, 255)
        self.assertIn('matched expected path: "MISSING"', result.stderr)


if __name__ == "__main__":
    main()
