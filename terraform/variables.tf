variable "project_id" {
  description = "The project that the watchdog runs in."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be a project's id, such as my-watchdog; its number does not do."
  }
}

variable "region" {
  description = "Where functions, ledger, bucket and alert table are, such as europe-west1."
  type        = string
  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as europe-west1; a multi-region does not do."
  }
}

variable "verbs" {
  description = "What the watchdog does: any of cancel, retry and purge. Each is a function of its own, with rights of its own."
  type        = set(string)
  default     = ["cancel"]
  validation {
    condition     = length(var.verbs) > 0 && length(setsubtract(var.verbs, ["cancel", "retry", "purge"])) == 0
    error_message = "verbs must name at least one of cancel, retry and purge, and nothing else."
  }
}

variable "watched_projects" {
  description = "The ids of the projects whose jobs are watched. All are named, also under an organisation."
  type        = set(string)
  validation {
    condition     = length(var.watched_projects) > 0 && alltrue([for id in var.watched_projects : can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", id))])
    error_message = "watched_projects must hold at least one project's id, such as my-project; numbers do not do."
  }
}

variable "organization_id" {
  description = "The number of the organisation, if one role and one sink for it are to serve all watched projects. Unset: a role and a sink in each."
  type        = string
  default     = null
  validation {
    condition     = var.organization_id == null || can(regex("^[0-9]+$", var.organization_id))
    error_message = "organization_id must be the organisation's number, such as 123456789012, without organizations/."
  }
}

variable "folder_id" {
  description = "The number of a folder of that organisation, if rights and sinks are to end at it."
  type        = string
  default     = null
  validation {
    condition     = var.folder_id == null || (can(regex("^[0-9]+$", var.folder_id)) && var.organization_id != null)
    error_message = "folder_id must be the folder's number, and needs organization_id: a folder cannot hold a role."
  }
}

variable "policies_file" {
  description = "The path of the policy file here. Check it with bq-watchdog check first: a function without a good one does not start."
  type        = string
}

variable "holds_file" {
  description = "The path of the file of legal holds here, for purge. Unset: nothing is on hold."
  type        = string
  default     = null
}

variable "source_archive" {
  description = "The path of the zip with the functions."
  type        = string
}

variable "retry_accounts" {
  description = "The e-mail addresses of the service accounts that retry may act as, one by one."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for email in var.retry_accounts : can(regex("^[a-z0-9-]+@[a-z0-9.-]+\\.gserviceaccount\\.com$", email))])
    error_message = "retry_accounts must hold whole e-mail addresses of service accounts, such as etl@my-project.iam.gserviceaccount.com; a pattern does not do."
  }
}

variable "alert_readers" {
  description = "Who may read the table of alerts, such as group:data-platform@example.com."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for member in var.alert_readers : can(regex("^(user|group|serviceAccount|domain):.+$", member))])
    error_message = "alert_readers must hold members such as group:data-platform@example.com; allUsers and allAuthenticatedUsers do not do."
  }
}

variable "alert_days" {
  description = "For how many days alerts stay in their table."
  type        = number
  default     = 400
  validation {
    condition     = var.alert_days >= 1 && floor(var.alert_days) == var.alert_days
    error_message = "alert_days must be a whole number of days, at least 1."
  }
}

variable "notification_emails" {
  description = "The e-mail addresses of who is told when a verb sweeps no more, a breaker trips, and the like."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for email in var.notification_emails : can(regex("^[^@\\s]+@[^@\\s]+$", email))])
    error_message = "notification_emails must hold e-mail addresses, such as oncall@example.com."
  }
}

variable "max_instances" {
  description = "The largest number of instances of each function. They share Google's quota for one account."
  type        = number
  default     = 3
  validation {
    condition     = var.max_instances >= 1 && var.max_instances <= 100 && floor(var.max_instances) == var.max_instances
    error_message = "max_instances must be a whole number from 1 to 100: more would leave each less than a request a second."
  }
}

variable "timeout_seconds" {
  description = "How long a function may work on one message."
  type        = number
  default     = 300
  validation {
    condition     = var.timeout_seconds >= 120 && var.timeout_seconds <= 540
    error_message = "timeout_seconds must be from 120 to 540: a sweep waits for a minute, and Pub/Sub waits 600 s for its answer."
  }
}

variable "memory" {
  description = "The memory of an instance."
  type        = string
  default     = "512Mi"
  validation {
    condition     = can(regex("^[0-9]+(Mi|Gi)$", var.memory))
    error_message = "memory must be a number with Mi or Gi, such as 512Mi."
  }
}

variable "concurrency" {
  description = "How many messages an instance works on at once."
  type        = number
  default     = 80
  validation {
    condition     = var.concurrency >= 2 && var.concurrency <= 1000
    error_message = "concurrency must be from 2 to 1000: a sweep holds its request for up to a minute, and events must not wait for it."
  }
}

variable "redaction_key_secret" {
  description = "The id of a secret of Secret Manager in project_id, by whose newest version text of jobs is shown as a keyed hash. Unset: [redacted]."
  type        = string
  default     = null
}

variable "kms_key_name" {
  description = "A key of Cloud KMS, projects/P/locations/REGION/keyRings/R/cryptoKeys/K, for all that is stored. Google's service agents must be able to use it before."
  type        = string
  default     = null
  validation {
    condition     = var.kms_key_name == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key_name))
    error_message = "kms_key_name must be projects/P/locations/REGION/keyRings/R/cryptoKeys/K."
  }
}

variable "docker_repository" {
  description = "A repository of Artifact Registry for the functions' images, projects/P/locations/REGION/repositories/R. With kms_key_name it is needed, and must use that key."
  type        = string
  default     = null
  validation {
    condition     = var.docker_repository != null || var.kms_key_name == null
    error_message = "docker_repository is needed with kms_key_name: Google encrypts functions only with a repository of your own."
  }
}

variable "ingress" {
  description = "Who reaches the functions at all: ALLOW_INTERNAL_ONLY (Pub/Sub of this project, also inside a VPC Service Controls perimeter) or ALLOW_ALL. Either way only the push account may call them."
  type        = string
  default     = "ALLOW_INTERNAL_ONLY"
  validation {
    condition     = contains(["ALLOW_INTERNAL_ONLY", "ALLOW_ALL"], var.ingress)
    error_message = "ingress must be ALLOW_INTERNAL_ONLY or ALLOW_ALL."
  }
}

variable "vpc_connector" {
  description = "A Serverless VPC Access connector that all requests of the functions leave through, for a VPC Service Controls perimeter."
  type        = string
  default     = null
}
