variable "project_id" {
  description = "The project that the watchdog runs in."
  type        = string
}

variable "verbs" {
  description = "Which of cancel, retry and purge sweep."
  type        = set(string)
}

variable "emails" {
  description = "The e-mail addresses of who is told."
  type        = set(string)
}
