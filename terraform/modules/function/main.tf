resource "google_cloudfunctions2_function" "function" {
  project      = var.project_id
  location     = var.region
  name         = "watchdog-${var.name}"
  description  = "BigQuery Job Watchdog: ${var.name}"
  kms_key_name = var.kms_key_name

  build_config {
    runtime           = "nodejs24"
    entry_point       = var.name
    docker_repository = var.docker_repository
    source {
      storage_source {
        bucket = var.archive.bucket
        object = var.archive.object
      }
    }
  }

  service_config {
    available_memory                 = var.memory
    available_cpu                    = "1"
    max_instance_request_concurrency = var.concurrency
    min_instance_count               = 0
    max_instance_count               = var.max_instances
    timeout_seconds                  = var.timeout_seconds
    environment_variables            = var.environment
    service_account_email            = var.account
    ingress_settings                 = var.ingress
    vpc_connector                    = var.vpc_connector
    vpc_connector_egress_settings    = var.vpc_connector == null ? null : "ALL_TRAFFIC"
    all_traffic_on_latest_revision   = true
    dynamic "secret_environment_variables" {
      for_each = var.redaction_key_secret == null ? [] : [var.redaction_key_secret]
      content {
        key        = "WATCHDOG_REDACTION_KEY"
        project_id = var.project_id
        secret     = secret_environment_variables.value
        version    = "latest"
      }
    }
  }

  depends_on = [google_secret_manager_secret_iam_member.redaction_key]
}

resource "google_secret_manager_secret_iam_member" "redaction_key" {
  count     = var.redaction_key_secret == null ? 0 : 1
  project   = var.project_id
  secret_id = var.redaction_key_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${var.account}"
}

resource "google_cloud_run_v2_service_iam_member" "push" {
  project  = var.project_id
  location = var.region
  name     = google_cloudfunctions2_function.function.name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${var.push_account}"
}
