locals {
  # Log lines that a person should know of, by the message that they bear.
  told = {
    breaker-tripped = { message = "breaker tripped", means = "a policy would do more than its breaker allows, and does nothing any more" }
    policy-refused  = { message = "policy file refused", means = "a new policy file is broken; the last good one stays in force" }
    dead-letter     = { message = "dead-letter", means = "a message could never be of use, and was dropped" }
  }
  functions = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(${join(" OR ", [for name in setunion(var.verbs, ["tick"]) : "\"watchdog-${name}\""])})"
  filters = merge(
    { for name, line in local.told : name => "${local.functions} AND jsonPayload.message=\"${line.message}\"" },
    {
      errors = "${local.functions} AND severity>=\"ERROR\""
      sweeps = "${local.functions} AND jsonPayload.message=(\"sweep done\" OR \"sweep continued by another message\")"
    },
  )
  series = { for name, metric in google_logging_metric.lines : name => "metric.type=\"logging.googleapis.com/user/${metric.name}\" AND resource.type=\"cloud_run_revision\"" }
  above_zero = merge(
    { for name, line in local.told : name => { filter = local.series[name], aligner = "ALIGN_DELTA", means = line.means } },
    {
      errors         = { filter = local.series["errors"], aligner = "ALIGN_DELTA", means = "a function logs errors" }
      sent-in-vain   = { filter = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=\"watchdog-dead-letters\"", aligner = "ALIGN_MAX", means = "Pub/Sub sent messages ten times in vain" }
      alerts-waiting = { filter = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=\"watchdog-alerts-table\"", aligner = "ALIGN_MIN", means = "alerts have waited for five minutes to be written to their table" }
    },
  )
}

resource "google_logging_metric" "lines" {
  for_each = local.filters
  project  = var.project_id
  name     = "watchdog/${each.key}"
  filter   = each.value
  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    labels {
      key        = "function"
      value_type = "STRING"
    }
  }
  label_extractors = { function = "EXTRACT(resource.labels.service_name)" }
}

resource "google_monitoring_notification_channel" "email" {
  for_each     = var.emails
  project      = var.project_id
  display_name = "BigQuery Job Watchdog: ${each.key}"
  type         = "email"
  labels       = { email_address = each.key }
}

resource "google_monitoring_alert_policy" "above_zero" {
  for_each              = local.above_zero
  project               = var.project_id
  display_name          = "watchdog: ${each.key}"
  combiner              = "OR"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  conditions {
    display_name = each.value.means
    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.key == "alerts-waiting" ? 300 : 0
      duration        = "0s"
      aggregations {
        alignment_period   = "300s"
        per_series_aligner = each.value.aligner
      }
    }
  }
  documentation {
    content   = "The watchdog says: ${each.value.means}. docs/alerts.md, \"When something happens\", says what to do."
    mime_type = "text/markdown"
  }
}

# The level is the truth: a verb that sweeps no more misses what no event told of.
resource "google_monitoring_alert_policy" "not_ticking" {
  for_each              = var.verbs
  project               = var.project_id
  display_name          = "watchdog: not-ticking ${each.key}"
  combiner              = "OR"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  conditions {
    display_name = "no sweep of ${each.key} was done for ten minutes"
    condition_threshold {
      filter                  = "${local.series["sweeps"]} AND metric.labels.function=\"watchdog-${each.key}\""
      comparison              = "COMPARISON_LT"
      threshold_value         = 1
      duration                = "600s"
      evaluation_missing_data = "EVALUATION_MISSING_DATA_ACTIVE"
      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
  documentation {
    content   = "No sweep of ${each.key} was done for ten minutes. See that its scheduler job watchdog-tick-${each.key} runs, then read the logs of watchdog-tick and watchdog-${each.key}."
    mime_type = "text/markdown"
  }
}

resource "google_monitoring_dashboard" "watchdog" {
  project = var.project_id
  dashboard_json = jsonencode({
    displayName = "BigQuery Job Watchdog"
    mosaicLayout = {
      columns = 12
      tiles = [for place, name in sort(keys(local.series)) : {
        width  = 6
        height = 4
        xPos   = place % 2 * 6
        yPos   = floor(place / 2) * 4
        widget = {
          title = name
          xyChart = {
            dataSets = [{
              plotType = "STACKED_BAR"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter      = local.series[name]
                  aggregation = { alignmentPeriod = "300s", perSeriesAligner = "ALIGN_DELTA", crossSeriesReducer = "REDUCE_SUM", groupByFields = ["metric.label.function"] }
                }
              }
            }]
          }
        }
      }]
    }
  })
}
