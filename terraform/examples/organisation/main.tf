# All verbs, with one role and one sink each for the whole organisation, and keys of one's own.
module "watchdog" {
  source               = "../.."
  project_id           = "my-watchdog"
  region               = "europe-west1"
  verbs                = ["cancel", "retry", "purge"]
  organization_id      = "123456789012"
  watched_projects     = ["shop-prod", "shop-reports", "shop-lab"]
  policies_file        = "${path.module}/policies.yaml"
  holds_file           = "${path.module}/holds.yaml"
  source_archive       = "${path.module}/functions.zip"
  retry_accounts       = ["etl@shop-prod.iam.gserviceaccount.com", "reports@shop-reports.iam.gserviceaccount.com"]
  notification_emails  = ["oncall@example.com"]
  alert_readers        = ["group:data-platform@example.com"]
  max_instances        = 10
  redaction_key_secret = "watchdog-redaction-key"
  kms_key_name         = "projects/my-watchdog/locations/europe-west1/keyRings/watchdog/cryptoKeys/watchdog"
  docker_repository    = "projects/my-watchdog/locations/europe-west1/repositories/watchdog"
}

output "watchdog" {
  description = "What was made."
  value       = module.watchdog
}
