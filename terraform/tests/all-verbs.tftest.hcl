mock_provider "google" {}

variables {
  project_id       = "my-watchdog"
  region           = "europe-west1"
  verbs            = ["cancel", "retry", "purge"]
  watched_projects = ["shop-prod", "shop-reports"]
  policies_file    = "tests/policies.yaml"
  holds_file       = "tests/holds.yaml"
  source_archive   = "tests/policies.yaml"
  retry_accounts   = ["etl@shop-prod.iam.gserviceaccount.com"]
  alert_readers    = ["group:data-platform@example.com"]
}

run "projects" {
}
