# The owner's files, each version kept, apart from what is deployed: who may read the one need not read the other.
resource "google_storage_bucket" "files" {
  project                     = var.project_id
  name                        = "${replace(var.project_id, "/[.:]/", "-")}-watchdog"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
  dynamic "encryption" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
    content {
      default_kms_key_name = encryption.value
    }
  }
}

resource "google_storage_bucket_object" "policies" {
  bucket  = google_storage_bucket.files.name
  name    = "policies.yaml"
  content = file(var.policies_file)
}

resource "google_storage_bucket_object" "holds" {
  count   = var.holds_file == null ? 0 : 1
  bucket  = google_storage_bucket.files.name
  name    = "holds.yaml"
  content = file(var.holds_file)
}

resource "google_storage_bucket_iam_member" "reader" {
  for_each = var.readers
  bucket   = google_storage_bucket.files.name
  role     = "roles/storage.objectViewer"
  member   = each.value
}

resource "google_storage_bucket" "source" {
  project                     = var.project_id
  name                        = "${replace(var.project_id, "/[.:]/", "-")}-watchdog-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  dynamic "encryption" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
    content {
      default_kms_key_name = encryption.value
    }
  }
}

# A new content is a new name, and only that makes the functions build anew.
resource "google_storage_bucket_object" "source" {
  bucket = google_storage_bucket.source.name
  name   = "functions-${filesha256(var.source_archive)}.zip"
  source = var.source_archive
}
