locals {
  # One function a verb, and tick, which only publishes.
  functions   = setunion(var.verbs, ["tick"])
  topic_ids   = { for verb in var.verbs : verb => "projects/${var.project_id}/topics/watchdog-${verb}" }
  sweeps      = join(",", [for verb, id in local.topic_ids : "${verb}=${id}"])
  pubsub      = "serviceAccount:service-${data.google_project.own.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  permissions = jsondecode(file("${path.module}/permissions.json"))
  watched = {
    level           = var.folder_id != null ? "folder" : var.organization_id != null ? "organization" : "project"
    projects        = var.watched_projects
    organization_id = var.organization_id
    folder_id       = var.folder_id
  }

  tick_environment = {
    WATCHDOG_PROJECTS     = join(",", var.watched_projects)
    WATCHDOG_SWEEP_TOPICS = local.sweeps
    GOOGLE_CLOUD_PROJECT  = var.project_id
  }
  watch_environment = merge(local.tick_environment, {
    WATCHDOG_POLICIES         = module.files.policies
    WATCHDOG_LEDGER           = "firestore:${module.ledger.database}"
    WATCHDOG_ALERTS_TOPIC     = module.alerts.topic
    WATCHDOG_MAX_INSTANCES    = tostring(var.max_instances)
    CLOUD_RUN_TIMEOUT_SECONDS = tostring(var.timeout_seconds)
  })
  own_environment = {
    cancel = {}
    retry  = {}
    purge  = module.files.holds == null ? {} : { WATCHDOG_HOLDS = module.files.holds }
  }
}

data "google_project" "own" {
  project_id = var.project_id
}

resource "google_project_service" "used" {
  for_each = toset(concat([
    "artifactregistry.googleapis.com", "bigquery.googleapis.com", "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com", "cloudscheduler.googleapis.com", "firestore.googleapis.com",
    "iam.googleapis.com", "logging.googleapis.com", "monitoring.googleapis.com", "pubsub.googleapis.com",
    "run.googleapis.com",
  ], contains(var.verbs, "retry") ? ["iamcredentials.googleapis.com"] : []))
  project            = var.project_id
  service            = each.key
  disable_on_destroy = false
}

resource "google_service_account" "function" {
  for_each     = local.functions
  project      = var.project_id
  account_id   = "watchdog-${each.key}"
  display_name = "BigQuery Job Watchdog: ${each.key}"
}

resource "google_service_account" "push" {
  project      = var.project_id
  account_id   = "watchdog-push"
  display_name = "BigQuery Job Watchdog: pushes messages to its functions"
}

module "files" {
  source         = "./modules/files"
  project_id     = var.project_id
  region         = var.region
  policies_file  = var.policies_file
  holds_file     = contains(var.verbs, "purge") ? var.holds_file : null
  source_archive = var.source_archive
  readers        = { for verb in var.verbs : verb => google_service_account.function[verb].member }
  kms_key_name   = var.kms_key_name
}

module "ledger" {
  source       = "./modules/ledger"
  project_id   = var.project_id
  region       = var.region
  kms_key_name = var.kms_key_name
  depends_on   = [google_project_service.used]
}

# The role is of the whole project: Firestore has no narrower one for one database but by a condition.
resource "google_project_iam_member" "ledger" {
  for_each = var.verbs
  project  = var.project_id
  role     = "roles/datastore.user"
  member   = google_service_account.function[each.key].member
  condition {
    title      = "the watchdog's ledger"
    expression = "resource.name == \"projects/${var.project_id}/databases/${module.ledger.database}\""
  }
}

module "dead_letters" {
  source       = "./modules/dead-letters"
  project_id   = var.project_id
  pubsub       = local.pubsub
  kms_key_name = var.kms_key_name
  depends_on   = [google_project_service.used]
}

module "alerts" {
  source            = "./modules/alerts"
  project_id        = var.project_id
  region            = var.region
  publishers        = { for verb in var.verbs : verb => google_service_account.function[verb].member }
  readers           = var.alert_readers
  days              = var.alert_days
  pubsub            = local.pubsub
  dead_letter_topic = module.dead_letters.topic
  kms_key_name      = var.kms_key_name
  depends_on        = [google_project_service.used]
}

module "role" {
  for_each    = var.verbs
  source      = "./modules/role"
  name        = "watchdog${title(each.key)}"
  title       = "BigQuery Job Watchdog: ${each.key}"
  permissions = local.permissions[each.key]
  watched     = local.watched
  member      = google_service_account.function[each.key].member
}

module "function" {
  for_each             = local.functions
  source               = "./modules/function"
  project_id           = var.project_id
  region               = var.region
  name                 = each.key
  archive              = module.files.archive
  environment          = each.key == "tick" ? local.tick_environment : merge(local.watch_environment, local.own_environment[each.key])
  redaction_key_secret = each.key == "tick" ? null : var.redaction_key_secret
  account              = google_service_account.function[each.key].email
  push_account         = google_service_account.push.email
  publishers           = each.key == "tick" ? {} : { for name in ["tick", each.key] : name => google_service_account.function[name].member }
  pubsub               = local.pubsub
  dead_letter_topic    = module.dead_letters.topic
  memory               = var.memory
  concurrency          = var.concurrency
  max_instances        = var.max_instances
  timeout_seconds      = var.timeout_seconds
  ingress              = var.ingress
  vpc_connector        = var.vpc_connector
  kms_key_name         = var.kms_key_name
  docker_repository    = var.docker_repository
  depends_on           = [google_project_service.used, google_project_iam_member.ledger]
}

module "sink" {
  for_each = var.verbs
  source   = "./modules/sink"
  name     = "watchdog-${each.key}"
  filter   = trimspace(file("${path.module}/filters/${each.key}.txt"))
  topic    = module.function[each.key].topic
  watched  = local.watched
}

module "schedule" {
  source     = "./modules/schedule"
  project_id = var.project_id
  region     = var.region
  verbs      = var.verbs
  topic      = module.function["tick"].topic
}

module "monitoring" {
  source     = "./modules/monitoring"
  project_id = var.project_id
  verbs      = var.verbs
  emails     = var.notification_emails
  depends_on = [google_project_service.used]
}

# To act as an account is granted at that account, and nowhere wider.
resource "google_service_account_iam_member" "retry" {
  for_each           = contains(var.verbs, "retry") ? var.retry_accounts : []
  service_account_id = "projects/-/serviceAccounts/${each.key}"
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.function["retry"].member
}
