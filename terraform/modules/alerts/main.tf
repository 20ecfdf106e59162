resource "google_pubsub_topic" "alerts" {
  project      = var.project_id
  name         = "watchdog-alerts"
  kms_key_name = var.kms_key_name
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = var.publishers
  project  = var.project_id
  topic    = google_pubsub_topic.alerts.name
  role     = "roles/pubsub.publisher"
  member   = each.value
}

resource "google_bigquery_dataset" "alerts" {
  project     = var.project_id
  dataset_id  = "watchdog"
  location    = var.region
  description = "Alerts of the BigQuery Job Watchdog"
  dynamic "default_encryption_configuration" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
    content {
      kms_key_name = default_encryption_configuration.value
    }
  }
}

resource "google_bigquery_table" "alerts" {
  project             = var.project_id
  dataset_id          = google_bigquery_dataset.alerts.dataset_id
  table_id            = "alerts"
  description         = "One row for each time that an alert was told"
  schema              = file("${path.module}/columns.json")
  deletion_protection = true
  time_partitioning {
    type          = "DAY"
    field         = "publish_time"
    expiration_ms = var.days * 24 * 60 * 60 * 1000
  }
}

resource "google_bigquery_table_iam_member" "pubsub" {
  project    = var.project_id
  dataset_id = google_bigquery_table.alerts.dataset_id
  table_id   = google_bigquery_table.alerts.table_id
  role       = "roles/bigquery.dataEditor"
  member     = var.pubsub
}

resource "google_bigquery_table_iam_member" "reader" {
  for_each   = var.readers
  project    = var.project_id
  dataset_id = google_bigquery_table.alerts.dataset_id
  table_id   = google_bigquery_table.alerts.table_id
  role       = "roles/bigquery.dataViewer"
  member     = each.key
}

resource "google_pubsub_subscription" "table" {
  project                    = var.project_id
  name                       = "watchdog-alerts-table"
  topic                      = google_pubsub_topic.alerts.id
  ack_deadline_seconds       = 600
  message_retention_duration = "86400s"
  bigquery_config {
    table          = "${google_bigquery_table.alerts.project}.${google_bigquery_table.alerts.dataset_id}.${google_bigquery_table.alerts.table_id}"
    write_metadata = true
  }
  dead_letter_policy {
    dead_letter_topic     = var.dead_letter_topic
    max_delivery_attempts = 100
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  expiration_policy {
    ttl = ""
  }
  depends_on = [google_bigquery_table_iam_member.pubsub]
}

resource "google_pubsub_subscription_iam_member" "pubsub" {
  project      = var.project_id
  subscription = google_pubsub_subscription.table.name
  role         = "roles/pubsub.subscriber"
  member       = var.pubsub
}
