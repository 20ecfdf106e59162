locals {
  destination = "pubsub.googleapis.com/${var.topic}"
  writers = merge(
    { for project, sink in google_logging_project_sink.project : project => sink.writer_identity },
    { for sink in google_logging_folder_sink.folder : "folder" => sink.writer_identity },
    { for sink in google_logging_organization_sink.organization : "organization" => sink.writer_identity },
  )
}

resource "google_logging_project_sink" "project" {
  for_each               = var.watched.level == "project" ? var.watched.projects : []
  project                = each.key
  name                   = var.name
  destination            = local.destination
  filter                 = var.filter
  unique_writer_identity = true
}

resource "google_logging_folder_sink" "folder" {
  count            = var.watched.level == "folder" ? 1 : 0
  folder           = "folders/${var.watched.folder_id}"
  name             = var.name
  destination      = local.destination
  filter           = "${var.filter} AND ${local.of_watched}"
  include_children = true
}

resource "google_logging_organization_sink" "organization" {
  count            = var.watched.level == "organization" ? 1 : 0
  org_id           = var.watched.organization_id
  name             = var.name
  destination      = local.destination
  filter           = "${var.filter} AND ${local.of_watched}"
  include_children = true
}

# An entry of a project that is not watched would only be a dead letter.
locals {
  of_watched = "resource.labels.project_id=(${join(" OR ", [for project in var.watched.projects : "\"${project}\""])})"
}

resource "google_pubsub_topic_iam_member" "writer" {
  for_each = local.writers
  topic    = var.topic
  role     = "roles/pubsub.publisher"
  member   = each.value
}
