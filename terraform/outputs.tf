output "accounts" {
  description = "The service account of each function."
  value       = { for name, account in google_service_account.function : name => account.email }
}

output "topics" {
  description = "The topic of each function."
  value       = { for name, function in module.function : name => function.topic }
}

output "policies" {
  description = "Where the policy file is."
  value       = module.files.policies
}

output "ledger" {
  description = "The ledger, as WATCHDOG_LEDGER for bq-watchdog."
  value       = "firestore:${module.ledger.database}"
}

output "alerts_topic" {
  description = "The topic that alerts are published to."
  value       = module.alerts.topic
}

output "alerts_table" {
  description = "The table of alerts, PROJECT.DATASET.TABLE."
  value       = module.alerts.table
}

output "dead_letters" {
  description = "The subscription with what Pub/Sub sent again in vain."
  value       = module.dead_letters.subscription
}
