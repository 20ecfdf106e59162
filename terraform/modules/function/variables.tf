variable "project_id" {
  description = "The project that the watchdog runs in."
  type        = string
}

variable "region" {
  description = "Where it is."
  type        = string
}

variable "name" {
  description = "The function: cancel, retry, purge or tick."
  type        = string
}

variable "archive" {
  description = "Where it is built from."
  type        = object({ bucket = string, object = string })
}

variable "environment" {
  description = "Its settings."
  type        = map(string)
}

variable "redaction_key_secret" {
  description = "The secret with WATCHDOG_REDACTION_KEY."
  type        = string
  default     = null
}

variable "account" {
  description = "The e-mail address of the account that it runs as."
  type        = string
}

variable "push_account" {
  description = "The e-mail address of the account that calls it."
  type        = string
}

variable "publishers" {
  description = "Who may publish to its topic, besides the sinks."
  type        = map(string)
}

variable "pubsub" {
  description = "Pub/Sub's own account, as a member."
  type        = string
}

variable "dead_letter_topic" {
  description = "Where messages go that were sent in vain."
  type        = string
}

variable "memory" {
  description = "The memory of an instance."
  type        = string
}

variable "concurrency" {
  description = "How many messages an instance works on at once."
  type        = number
}

variable "max_instances" {
  description = "The largest number of instances."
  type        = number
}

variable "timeout_seconds" {
  description = "How long it may work on one message."
  type        = number
}

variable "ingress" {
  description = "Who reaches it."
  type        = string
}

variable "vpc_connector" {
  description = "What its requests leave through."
  type        = string
  default     = null
}

variable "kms_key_name" {
  description = "A key of Cloud KMS, if Google's own is not to be used."
  type        = string
  default     = null
}

variable "docker_repository" {
  description = "Where its image is."
  type        = string
  default     = null
}

