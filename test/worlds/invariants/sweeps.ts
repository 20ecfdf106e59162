import type { Invariant } from '../invariant.ts';

/** What a sweep had no time for is not left to chance: it is asked for again, or its message comes again. */
export const goneOnWith: Invariant = {
  name: 'an unfinished sweep is continued, or sent again',
  rule: 'section 1: the tick is the truth',
  *onEnd(_, { unfinished, continued }) {
    for (const { id, status } of unfinished) {
      if (status === 204 && !continued.has(id))
        yield `the sweep of delivery ${id} did not come to its last page, and was acked`;
    }
  },
};

/** Else a project with a long list never has its oldest jobs looked at. */
export const goneOnWhere: Invariant = {
  name: 'a sweep goes on where the one before stopped',
  rule: 'section 1: continuation',
  *onEnd(_, { astray }) {
    yield* astray;
  },
};

/** A list that lacks locations is not the whole truth, and whoever reads the logs learns so. */
export const saidIncomplete: Invariant = {
  name: 'a sweep that could not reach a location says so',
  rule: 'section 1: unreachable',
  *onEnd(_, { sweptTo, unreachable, saidUnreachable }) {
    for (const id of unreachable) {
      if (sweptTo.has(id) && !saidUnreachable.has(id))
        yield `delivery ${id} was shown a list without some locations, and said nothing`;
    }
  },
};
