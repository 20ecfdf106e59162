output "database" {
  description = "The database's id."
  value       = google_firestore_database.ledger.name
}
