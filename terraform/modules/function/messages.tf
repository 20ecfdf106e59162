resource "google_pubsub_topic" "topic" {
  project      = var.project_id
  name         = "watchdog-${var.name}"
  kms_key_name = var.kms_key_name
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = var.publishers
  project  = var.project_id
  topic    = google_pubsub_topic.topic.name
  role     = "roles/pubsub.publisher"
  member   = each.value
}

# A subscription of our own: the one of an event trigger has no dead letter.
resource "google_pubsub_subscription" "push" {
  project = var.project_id
  name    = "watchdog-${var.name}"
  topic   = google_pubsub_topic.topic.id
  # The longest that Pub/Sub waits, and longer than the function works: nothing is sent again while it is worked on.
  ack_deadline_seconds = 600
  # Messages hold the text of queries.
  message_retention_duration = "86400s"
  push_config {
    # The path is part of the function's address.
    push_endpoint = "${google_cloudfunctions2_function.function.service_config[0].uri}/projects/${var.project_id}/topics/${google_pubsub_topic.topic.name}"
    oidc_token {
      service_account_email = var.push_account
      audience              = google_cloudfunctions2_function.function.service_config[0].uri
    }
  }
  dead_letter_policy {
    dead_letter_topic     = var.dead_letter_topic
    max_delivery_attempts = 10
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription_iam_member" "pubsub" {
  project      = var.project_id
  subscription = google_pubsub_subscription.push.name
  role         = "roles/pubsub.subscriber"
  member       = var.pubsub
}
