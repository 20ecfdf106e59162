resource "google_project_iam_custom_role" "project" {
  for_each    = var.organization_id == null ? var.projects : []
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
  count       = var.organization_id == null ? 0 : 1
  org_id      = var.organization_id
  role_id     = var.name
  title       = var.title
  permissions = var.permissions
}

resource "google_organization_iam_member" "organization" {
  count  = var.organization_id != null && var.folder_id == null ? 1 : 0
  org_id = var.organization_id
  role   = google_organization_iam_custom_role.organization[0].name
  member = var.member
}

resource "google_folder_iam_member" "folder" {
  count  = var.folder_id == null ? 0 : 1
  folder = "folders/${var.folder_id}"
  role   = google_organization_iam_custom_role.organization[0].name
  member = var.member
}
