variable "project_id" {
  description = "The project that the watchdog runs in."
  type        = string
}

variable "region" {
  description = "Where it is."
  type        = string
}

variable "verbs" {
  description = "Which of cancel, retry and purge are asked to sweep."
  type        = set(string)
}

variable "topic" {
  description = "The topic of tick, projects/P/topics/T."
  type        = string
}

