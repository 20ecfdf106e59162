resource "google_pubsub_topic" "dead_letters" {
  project      = var.project_id
  name         = "watchdog-dead-letters"
  kms_key_name = var.kms_key_name
}

# A dead letter holds an audit entry, with the text of its query: it is kept for a day, and no longer.
resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project_id
  name                       = "watchdog-dead-letters"
  topic                      = google_pubsub_topic.dead_letters.id
  message_retention_duration = "86400s"
  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "pubsub" {
  project = var.project_id
  topic   = google_pubsub_topic.dead_letters.name
  role    = "roles/pubsub.publisher"
  member  = var.pubsub
}
