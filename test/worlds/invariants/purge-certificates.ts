import { JobAlert } from '../../../shared/alert/alert.schema.ts';
import type { Ending, Invariant } from '../invariant.ts';
import { jobOf, type Past } from '../past.ts';

/** A certificate says what is so: the job was there and DONE, we asked, and it is gone. */
export const certified: Invariant = {
  name: 'a certificate is written of what is gone, after a 200 was seen and a delete asked for',
  rule: 'rule 6: certificates',
  *onCertificate({ job, by, policy, children, standing }, past) {
    if (standing) yield `${job} is certified to be gone, and is ${standing.state}`;
    if (past.purges.certificates.some((other) => other.job === job) && past.lossesMs.length === 0)
      yield `${job} has two certificates`;
    const deletion = past.purges.gone.get(job);
    const claim = past.purges.claimOf(job);
    if (!past.purges.deletions.some((one) => one.job === job) && !past.purges.byPerson.has(job))
      yield `${job} is certified, and nobody asked for it to be deleted`;
    if (claim?.asked.length === 0)
      yield `${job} is certified by ${by}, and its claim never said that BigQuery is asked`;
    if (!past.looks.has(job)) yield `${job} is certified by ${by}, and nobody ever saw it`;
    if (deletion?.claim && deletion.claim.policy !== policy && past.lossesMs.length === 0)
      yield `${job} was deleted for ${deletion.claim.policy}, and is certified for ${policy}`;
    const missing = deletion?.family?.children.find(({ jobId }) => !children.includes(jobId));
    if (missing) yield `${jobOf(missing)} went with ${job}, and its certificate does not say so`;
  },
};

/** Whatever crashed: what was deleted is certified, once, and people are told. */
export const accounted: Invariant = {
  name: 'each job that was purged has one certificate, and people know',
  rule: 'rule 6: certificates',
  *onSettled(_: Ending, past) {
    if (past.lossesMs.length > 0) return;
    const told = stepsOf(past, 'purged');
    for (const [job, { atMs, family }] of past.purges.gone) {
      if (past.plan.dryRun || past.isOutOfReach(family?.root.projectId ?? '')) continue;
      const own = past.purges.certificates.filter((one) => one.job === job);
      if (own.length !== 1) yield `${job} was deleted at ${atMs}, and has ${own.length} certificates`;
      if (!told.has(job)) yield `${job} was deleted, and nobody was told`;
    }
    for (const { job } of past.purges.certificates)
      if (!told.has(job)) yield `${job} has a certificate, and nobody was told that it is purged`;
  },
};

/** What is told of a purge is so. */
export const trueNews: Invariant = {
  name: 'purged is told of jobs that are gone and certified, not-found of jobs that are not there',
  rule: 'rule 6, section 2: finding',
  *onPublished({ event }, past) {
    const { data, success } = JobAlert.safeParse(event);
    if (!success) return;
    const { subject, data: news } = data;
    const isGone = past.purges.gone.has(subject) || past.purges.byPerson.has(subject);
    if (news.step === 'purged') {
      if (!isGone) yield `${subject} is told to be purged, and is there`;
      const isCertified = past.purges.certificates.some(({ job }) => job === subject);
      if (!isCertified && past.lossesMs.length === 0)
        yield `${subject} is told to be purged without a certificate`;
    }
    if (news.step === 'not-found' && !isGone) yield `${subject} is told not to be found, and is there`;
    if (news.step === 'purging' && !past.purges.deletions.some(({ job }) => job === subject))
      yield `${subject} is told to be on its way out, and nobody asked`;
  },
};

function stepsOf({ published }: Past, step: JobAlert['data']['step']): Set<string> {
  const alerts = published.flatMap(({ event }) => JobAlert.safeParse(event).data ?? []);
  return new Set(alerts.filter(({ data }) => data.step === step).map(({ subject }) => subject));
}
