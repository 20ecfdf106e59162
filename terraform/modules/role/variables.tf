variable "name" {
  description = "The role's id."
  type        = string
}

variable "title" {
  description = "The role's title."
  type        = string
}

variable "permissions" {
  description = "What it holds, and no more."
  type        = set(string)
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

variable "member" {
  description = "Whom it is granted to."
  type        = string
}
