variable "name" {
  description = "The sinks' name."
  type        = string
}

variable "filter" {
  description = "What they let through."
  type        = string
}

variable "topic" {
  description = "Where to, projects/P/topics/T."
  type        = string
}

variable "projects" {
  description = "The watched projects."
  type        = set(string)
}

variable "organization_id" {
  description = "The organisation's number, if one is for all."
  type        = string
  default     = null
}

variable "folder_id" {
  description = "The number of its folder, if it is to end there."
  type        = string
  default     = null
}

