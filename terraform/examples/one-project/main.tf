# One project that watches itself, and only cancels.
module "watchdog" {
  source           = "../.."
  project_id       = "my-project"
  region           = "europe-west1"
  watched_projects = ["my-project"]
  policies_file    = "${path.module}/policies.yaml"
  source_archive   = "${path.module}/functions.zip"
}

output "watchdog" {
  description = "What was made."
  value       = module.watchdog
}
