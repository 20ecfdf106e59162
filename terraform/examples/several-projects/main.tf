# A project of its own that watches others, cancels, and runs failed jobs of one service account again.
module "watchdog" {
  source              = "../.."
  project_id          = "my-watchdog"
  region              = "europe-west1"
  verbs               = ["cancel", "retry"]
  watched_projects    = ["shop-prod", "shop-reports"]
  policies_file       = "${path.module}/policies.yaml"
  source_archive      = "${path.module}/functions.zip"
  retry_accounts      = ["etl@shop-prod.iam.gserviceaccount.com"]
  notification_emails = ["oncall@example.com"]
  alert_readers       = ["group:data-platform@example.com"]
}

output "watchdog" {
  description = "What was made."
  value       = module.watchdog
}
