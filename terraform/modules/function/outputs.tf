output "topic" {
  description = "Its topic, projects/P/topics/T."
  value       = "projects/${var.project_id}/topics/${google_pubsub_topic.topic.name}"
}

output "name" {
  description = "The function's name, and its Cloud Run service's."
  value       = google_cloudfunctions2_function.function.name
}
