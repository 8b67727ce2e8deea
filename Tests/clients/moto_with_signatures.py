"""moto as a server that checks every signature, token and permission. Prints one line of JSON when it listens."""

import json
import signal
import sys

import boto3
import moto.settings
from moto.server import ThreadedMotoServer

# Whatever becomes of the test, the server ends.
signal.alarm(300)

REGION = "us-east-1"
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()


def client(service, **credentials):
    credentials = credentials or {"aws_access_key_id": "setup", "aws_secret_access_key": "setup"}
    return boto3.client(service, region_name=REGION, endpoint_url=f"http://127.0.0.1:{port}", **credentials)


def allow(*actions):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})


def role(name, *actions):
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=allow(*actions))
    return arn


iam = client("iam")
# The default network, for services that want one.
ec2 = client("ec2")
subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"][:2]]
groups = [group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"][:1]]
for cluster in sys.argv[1:]:
    client("ecs").create_cluster(clusterName=cluster)

DEPLOY = ["ecs:*", "sts:GetCallerIdentity", "application-autoscaling:*"]
iam.create_user(UserName="deployer")
iam.put_user_policy(UserName="deployer", PolicyName="all", PolicyDocument=allow(*DEPLOY))
user = iam.create_access_key(UserName="deployer")["AccessKey"]
# What the container's credentials may do, directly and by assuming the other role only.
direct = role("task-role", *DEPLOY)
gateway = role("gateway-role", "sts:AssumeRole", "sts:GetCallerIdentity")
deployer = role("deployer-role", *DEPLOY)


def temporary(arn):
    credentials = client("sts").assume_role(RoleArn=arn, RoleSessionName="task")["Credentials"]
    credentials["Expiration"] = credentials["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")
    return credentials


line = {
    "port": port,
    "user": {"AccessKeyId": user["AccessKeyId"], "SecretAccessKey": user["SecretAccessKey"]},
    "task": temporary(direct),
    "gateway": temporary(gateway),
    "deployerRole": deployer,
    "subnets": subnets,
    "securityGroups": groups,
}
# From here on nobody gets in without a correct signature.
moto.settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
print(json.dumps(line), flush=True)
signal.pause()
