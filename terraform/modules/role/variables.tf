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

variable "member" {
  description = "Whom it is granted to."
  type        = string
}

