variable "project_id" {
  description = "The project that the watchdog runs in."
  type        = string
}

variable "region" {
  description = "Where it is."
  type        = string
}

variable "kms_key_name" {
  description = "A key of Cloud KMS, if Google's own is not to be used."
  type        = string
  default     = null
}

