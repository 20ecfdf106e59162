variable "project_id" {
  description = "The project that the watchdog runs in."
  type        = string
}

variable "region" {
  description = "Where it is."
  type        = string
}

variable "policies_file" {
  description = "The path of the policy file."
  type        = string
}

variable "holds_file" {
  description = "The path of the file of holds."
  type        = string
  default     = null
}

variable "source_archive" {
  description = "The path of the zip with the functions."
  type        = string
}

variable "readers" {
  description = "Who may read the files, by verb."
  type        = map(string)
}

variable "kms_key_name" {
  description = "A key of Cloud KMS, if Google's own is not to be used."
  type        = string
  default     = null
}

