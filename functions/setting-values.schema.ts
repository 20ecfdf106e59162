import * as z from 'zod';
import { isProjectId } from '../shared/job/job-name.ts';

const TOPIC = /^projects\/[^/]+\/topics\/[^/]+$/;

/** The verbs that have, or will have, a function of their own. */
export const VERBS = ['cancel', 'retry', 'purge'] as const;

/** `projects/P/topics/T` */
export const Topic = z.string().regex(TOPIC, 'expected projects/P/topics/T');
export type Topic = z.infer<typeof Topic>;

/** A list of project ids; spaces around the commas are dropped. */
export const Projects = z
  .string('is required: the ids of the projects to watch, separated by commas')
  .transform((text, context): readonly string[] => {
    const ids = splitList(text);
    const wrong = new Set(ids.filter((id) => !isProjectId(id)));
    if (wrong.size === 0) return ids;
    const named = [...wrong].map((id) => JSON.stringify(id)).join(', ');
    context.addIssue({
      code: 'custom',
      message: `expected project ids, separated by commas, and not ${named}`,
    });
    return z.NEVER;
  });
export type Projects = z.infer<typeof Projects>;

/** `cancel=projects/P/topics/T,retry=…`: a topic for each verb, as a map. */
export const SweepTopics = z
  .string('is required: the topic of each verb, such as cancel=projects/P/topics/T')
  .transform((text, context): ReadonlyMap<string, string> => {
    const topics = new Map(splitList(text).map(toPair));
    const isGood = [...topics].every(([verb, topic]) => isVerb(verb) && TOPIC.test(topic));
    if (isGood && topics.size === splitList(text).length) return topics;
    context.addIssue({
      code: 'custom',
      message: `expected VERB=projects/P/topics/T, separated by commas, each verb once; verbs are ${VERBS.join(', ')}`,
    });
    return z.NEVER;
  });
export type SweepTopics = z.infer<typeof SweepTopics>;

/** A whole number of something, above 0. */
export const wholeNumber = (of: string, usual: number, most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, `expected a whole number of ${of}`)
    .transform(Number)
    .refine((value) => value <= most, `expected at most ${most} ${of}`)
    .default(usual);

function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function toPair(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function isVerb(word: string): boolean {
  return VERBS.some((verb) => verb === word);
}
