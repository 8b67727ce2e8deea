# A cluster, a role, a log group, ten task definitions and ten services, for Terraform's own provider.
# The address of the local ECS comes from AWS_ENDPOINT_URL.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "AKIALOCAL"
  secret_key                  = "secret"
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_credentials_validation = true
}

variable "cluster" { type = string }

resource "aws_ecs_cluster" "main" {
  name = var.cluster
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
  tags = { team = "walk" }
}

resource "aws_cloudwatch_log_group" "main" {
  name              = "/ecs/${var.cluster}"
  retention_in_days = 7
}

resource "aws_iam_role" "execution" {
  name = "${var.cluster}-execution"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }]
  })
}

resource "aws_ecs_task_definition" "web" {
  count                    = 10
  family                   = "${var.cluster}-${count.index}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn
  container_definitions = jsonencode([{
    name         = "app"
    image        = "web:${count.index}"
    essential    = true
    portMappings = [{ containerPort = 80 }]
    environment  = [{ name = "XAP_T", value = "1" }, { name = "SE", value = "2" }, { name = "ST", value = "3" }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.main.name
        awslogs-region        = "eu-central-1"
        awslogs-stream-prefix = "web"
      }
    }
  }])
}

resource "aws_ecs_service" "web" {
  count           = 10
  name            = "web-${count.index}"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web[count.index].arn
  desired_count   = 1
  launch_type     = "FARGATE"
  network_configuration {
    subnets         = ["subnet-1", "subnet-2"]
    security_groups = ["sg-1"]
  }
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  wait_for_steady_state = true
}
