import type { AuditLog } from './audit-entry.schema.ts';

/** Subjects that are an e-mail with a word before it; others (`principal://…`) stay as they are. */
const EMAIL_SUBJECT = /^(?:user|serviceAccount):(?=.+@)/;

/**
 * Who runs a job, under one name whichever source tells it: an exemption written for `oncall@example.com`
 * must also hold where BigQuery says `user:oncall@example.com` and no e-mail.
 */
export function principalOf(email: string | undefined, subject: string | undefined): string | undefined {
  return email ?? subject?.replace(EMAIL_SUBJECT, '');
}

/** Who called, as an entry of either audit format tells it. */
export function principalOfEntry({ authenticationInfo }: AuditLog): string | undefined {
  return principalOf(authenticationInfo?.principalEmail, authenticationInfo?.principalSubject);
}
