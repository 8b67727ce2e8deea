"""Registers one task definition and creates many services with boto3.

Usage: create_services.py ENDPOINT FILE, the file holding {"taskDefinition": input or null, "services": [input...]}.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

with open(sys.argv[2], encoding="utf-8") as file:
    wanted = json.load(file)
client = boto3.client("ecs", endpoint_url=sys.argv[1], config=Config(max_pool_connections=4))
if wanted.get("taskDefinition"):
    client.register_task_definition(**wanted["taskDefinition"])
with ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda service: client.create_service(**service), wanted["services"]))
print(len(wanted["services"]))
