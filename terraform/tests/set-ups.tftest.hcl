mock_provider "google" {}

variables {
  project_id          = "my-watchdog"
  region              = "europe-west1"
  verbs               = ["cancel", "retry", "purge"]
  watched_projects    = ["shop-prod", "shop-reports"]
  policies_file       = "tests/policies.yaml"
  holds_file          = "tests/holds.yaml"
  source_archive      = "tests/policies.yaml"
  retry_accounts      = ["etl@shop-prod.iam.gserviceaccount.com"]
  notification_emails = ["oncall@example.com"]
  alert_readers       = ["group:data-platform@example.com"]
}

run "projects" {
}

run "organisation" {
  variables {
    organization_id      = "123456789012"
    redaction_key_secret = "watchdog-redaction-key"
    kms_key_name         = "projects/my-watchdog/locations/europe-west1/keyRings/watchdog/cryptoKeys/watchdog"
    docker_repository    = "projects/my-watchdog/locations/europe-west1/repositories/watchdog"
    timeout_seconds      = 540
    max_instances        = 10
  }
}

run "folder" {
  variables {
    organization_id = "123456789012"
    folder_id       = "987654321098"
  }
}

run "cancel_alone" {
  variables {
    verbs            = ["cancel"]
    watched_projects = ["my-watchdog"]
  }
}
