variable "project_id" {
  description = "The project that the watchdog runs in."
  type        = string
}

variable "pubsub" {
  description = "Pub/Sub's own account, as a member."
  type        = string
}

variable "kms_key_name" {
  description = "A key of Cloud KMS, if Google's own is not to be used."
  type        = string
  default     = null
}

