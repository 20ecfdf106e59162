locals {
  # The clean-up of history is purge's alone. A walk goes on by itself until its budget is used up.
  ticks = merge(
    { for verb in var.verbs : verb => { schedule = "* * * * *", message = { tick = "sweep", verb = verb } } },
    contains(var.verbs, "purge") ? { history = { schedule = "17 * * * *", message = { tick = "history", verb = "purge" } } } : {},
  )
}

resource "google_cloud_scheduler_job" "tick" {
  for_each    = local.ticks
  project     = var.project_id
  region      = var.region
  name        = "watchdog-tick-${each.key}"
  description = "BigQuery Job Watchdog: asks for a ${each.value.message.tick} of ${each.value.message.verb}"
  schedule    = each.value.schedule
  time_zone   = "Etc/UTC"
  pubsub_target {
    topic_name = var.topic
    data       = base64encode(jsonencode(each.value.message))
  }
}
