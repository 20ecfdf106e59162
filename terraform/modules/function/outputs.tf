output "topic" {
  description = "Its topic, projects/P/topics/T."
  value       = "projects/${var.project_id}/topics/${google_pubsub_topic.topic.name}"
}
