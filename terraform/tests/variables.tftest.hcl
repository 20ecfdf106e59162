mock_provider "google" {}

variables {
  project_id       = "my-watchdog"
  region           = "europe-west1"
  watched_projects = ["shop-prod"]
  policies_file    = "tests/policies.yaml"
  source_archive   = "tests/policies.yaml"
}

run "refuses_what_would_be_wrong" {
  command = plan
  variables {
    region              = "EU"
    verbs               = ["cancel", "delete"]
    watched_projects    = ["123456"]
    retry_accounts      = ["etl-*@shop-prod.iam.gserviceaccount.com"]
    alert_readers       = ["allUsers"]
    notification_emails = ["oncall"]
    max_instances       = 0
    timeout_seconds     = 600
    concurrency         = 1
    memory              = "512"
    ingress             = "ALLOW_ALL_AND_MORE"
    kms_key_name        = "a-key"
    folder_id           = "987654321098"
  }
  expect_failures = [
    var.region, var.verbs, var.watched_projects, var.retry_accounts, var.alert_readers, var.notification_emails, var.max_instances,
    var.timeout_seconds, var.concurrency, var.memory, var.ingress, var.kms_key_name,
    var.folder_id,
  ]
}

run "refuses_an_account_of_every_project" {
  command = plan
  variables {
    retry_accounts = ["*"]
  }
  expect_failures = [var.retry_accounts]
}

run "refuses_a_key_without_a_repository" {
  command = plan
  variables {
    kms_key_name = "projects/my-watchdog/locations/europe-west1/keyRings/watchdog/cryptoKeys/watchdog"
  }
  expect_failures = [var.docker_repository]
}
