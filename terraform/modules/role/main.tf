resource "google_project_iam_custom_role" "project" {
  for_each    = var.watched.level == "project" ? var.watched.projects : []
  project     = each.key
  role_id     = var.name
  title       = var.title
  permissions = var.permissions
}

resource "google_project_iam_member" "project" {
  for_each = google_project_iam_custom_role.project
  project  = each.key
  role     = each.value.name
  member   = var.member
}

resource "google_organization_iam_custom_role" "organization" {
  count       = var.watched.level == "project" ? 0 : 1
  org_id      = var.watched.organization_id
  role_id     = var.name
  title       = var.title
  permissions = var.permissions
}

resource "google_organization_iam_member" "organization" {
  count  = var.watched.level == "organization" ? 1 : 0
  org_id = var.watched.organization_id
  role   = google_organization_iam_custom_role.organization[0].name
  member = var.member
}

resource "google_folder_iam_member" "folder" {
  count  = var.watched.level == "folder" ? 1 : 0
  folder = "folders/${var.watched.folder_id}"
  role   = google_organization_iam_custom_role.organization[0].name
  member = var.member
}
