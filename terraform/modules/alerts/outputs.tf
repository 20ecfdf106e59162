output "topic" {
  description = "The topic, projects/P/topics/T."
  value       = "projects/${var.project_id}/topics/${google_pubsub_topic.alerts.name}"
}

output "table" {
  description = "The table, PROJECT.DATASET.TABLE."
  value       = "${var.project_id}.${google_bigquery_dataset.alerts.dataset_id}.${google_bigquery_table.alerts.table_id}"
}
