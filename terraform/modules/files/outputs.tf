output "policies" {
  description = "The address of the policy file, which can be read once it is told."
  value       = "gs://${google_storage_bucket_object.policies.bucket}/${google_storage_bucket_object.policies.name}"
  # A function that cannot read it does not start.
  depends_on = [google_storage_bucket_iam_member.reader]
}

output "holds" {
  description = "The address of the file of holds, or null."
  value       = one([for object in google_storage_bucket_object.holds : "gs://${object.bucket}/${object.name}"])
}

output "archive" {
  description = "Where the functions are built from."
  value       = { bucket = google_storage_bucket_object.source.bucket, object = google_storage_bucket_object.source.name }
}
