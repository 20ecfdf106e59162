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

variable "watched" {
  description = "The watched projects, and at which level one role and one sink serve them: project, organization or folder."
  type = object({
    level           = string
    projects        = set(string)
    organization_id = optional(string)
    folder_id       = optional(string)
  })
}
