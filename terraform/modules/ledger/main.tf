locals {
  # The one list of what the ledger's queries need, which a test holds to the code.
  needed = jsondecode(file("${path.module}/../../../firestore.indexes.json"))
}

resource "google_firestore_database" "ledger" {
  project                 = var.project_id
  name                    = "watchdog"
  location_id             = var.region
  type                    = "FIRESTORE_NATIVE"
  delete_protection_state = "DELETE_PROTECTION_ENABLED"
  # Without it what was done, and stops and open breakers with it, would be gone.
  deletion_policy = "ABANDON"
  dynamic "cmek_config" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]
    content {
      kms_key_name = cmek_config.value
    }
  }
}

resource "google_firestore_index" "composite" {
  for_each    = { for index in local.needed.indexes : join(".", concat([index.collectionGroup], index.fields[*].fieldPath)) => index }
  project     = var.project_id
  database    = google_firestore_database.ledger.name
  collection  = each.value.collectionGroup
  query_scope = each.value.queryScope
  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = fields.value.fieldPath
      order      = fields.value.order
    }
  }
}

# An index_config without indexes: nobody asks for these fields alone.
resource "google_firestore_field" "override" {
  for_each   = { for field in local.needed.fieldOverrides : "${field.collectionGroup}.${field.fieldPath}" => field }
  project    = var.project_id
  database   = google_firestore_database.ledger.name
  collection = each.value.collectionGroup
  field      = each.value.fieldPath
  index_config {}
  dynamic "ttl_config" {
    for_each = lookup(each.value, "ttl", false) ? [true] : []
    content {}
  }
}
