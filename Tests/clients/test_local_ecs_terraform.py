"""What Terraform's provider makes of the local ECS: apply, a plan without changes, and a destroy that leaves nothing."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from local_ecs import URL, Base, client, main

if not shutil.which("terraform"):
    print("skipped: no terraform", file=sys.stderr)


@unittest.skipUnless(shutil.which("terraform"), "no terraform")
class Terraform(Base):
    def terraform(self, folder, *arguments):
        environment = dict(
            os.environ, AWS_ENDPOINT_URL=URL, AWS_EC2_METADATA_DISABLED="true", TF_IN_AUTOMATION="1", TF_INPUT="0",
            TF_VAR_cluster=self.cluster + "-tf")
        return subprocess.run(
            ["terraform", f"-chdir={folder}", *arguments], env=environment, capture_output=True, text=True, timeout=600)

    def test_apply_plan_destroy(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(pathlib.Path(__file__).with_name("terraform") / "main.tf", folder)
            prepared = self.terraform(folder, "init")
            if prepared.returncode != 0:
                self.skipTest("terraform cannot get its provider here: " + prepared.stderr[-300:])
            for arguments in (["apply", "-auto-approve"], ["plan", "-detailed-exitcode"], ["destroy", "-auto-approve"]):
                result = self.terraform(folder, *arguments)
                # `plan` exits with 2 where anything would change.
                self.assertEqual(result.returncode, 0, result.stdout[-3000:] + result.stderr[-3000:])
                if arguments[0] == "plan":
                    described = self.ecs.list_services(cluster=self.cluster + "-tf", maxResults=100)["serviceArns"]
                    self.assertEqual(len(described), 10)
        cluster = self.ecs.describe_clusters(clusters=[self.cluster + "-tf"])["clusters"][0]
        self.assertEqual((cluster["status"], cluster["runningTasksCount"]), ("INACTIVE", 0))
        self.assertEqual(self.ecs.list_task_definitions(familyPrefix=self.cluster + "-tf-0")["taskDefinitionArns"], [])
        logs = client("logs").describe_log_groups(logGroupNamePrefix=f"/ecs/{self.cluster}")["logGroups"]
        self.assertEqual(logs, [])


if __name__ == "__main__":
    main()
