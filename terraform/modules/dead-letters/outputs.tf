output "topic" {
  description = "The topic, projects/P/topics/T."
  value       = google_pubsub_topic.dead_letters.id
}

output "subscription" {
  description = "The subscription that keeps them."
  value       = google_pubsub_subscription.dead_letters.id
}
