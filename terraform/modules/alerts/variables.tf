variable "project_id" {
  description = "The project that the watchdog runs in."
  type        = string
}

variable "region" {
  description = "Where it is."
  type        = string
}

variable "publishers" {
  description = "Who may publish alerts, by verb."
  type        = map(string)
}

variable "readers" {
  description = "Who may read the table."
  type        = set(string)
}

variable "days" {
  description = "For how many days alerts are kept."
  type        = number
}

variable "pubsub" {
  description = "Pub/Sub's own account, as a member."
  type        = string
}

variable "dead_letter_topic" {
  description = "Where what cannot be written goes."
  type        = string
}

variable "kms_key_name" {
  description = "A key of Cloud KMS, if Google's own is not to be used."
  type        = string
  default     = null
}

