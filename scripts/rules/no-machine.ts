import { isIn, PRODUCT } from '../source-files.ts';
import { codeOf } from '../tokens.ts';
import { type Rule, sequences } from './rule.ts';

/** Composition roots: what they take from the machine they hand on as a port. */
const ROOTS = [
  'functions/index.ts',
  'functions/machine.ts',
  'cli/main.ts',
  'demo/main.ts',
  // The demo's day is paced by real time.
  'demo/run.ts',
  'demo/stopwatch.ts',
  'simulator/main.ts',
  'simulator/wall-clock.ts',
];

/** The scheduler of virtual time lets everything ready run before it moves on. */
const TURNS = ['simulator/virtual-clock.ts'];

/** Worlds must replay byte for byte; their programs may read the machine to choose a seed. */
const WORLDS = 'test/worlds';
const WORLD_PROGRAMS = ['test/worlds/main.ts', 'test/worlds/breaks.ts'];

const CALLS = [
  { words: ['Date', '.', 'now'], instead: 'take a Clock' },
  { words: ['new', 'Date', '(', ')'], instead: 'take a Clock, and new Date(ms)' },
  { words: ['performance', '.', 'now'], instead: 'take a Clock' },
  { words: ['Math', '.', 'random'], instead: 'take a Random' },
  { words: ['process', '.', 'env'], instead: 'take the environment as an argument' },
  { words: ['randomUUID'], instead: 'take a Random' },
  { words: ['randomBytes'], instead: 'take a Random' },
  { words: ['setTimeout'], instead: 'take a Clock and its sleep' },
  { words: ['setInterval'], instead: 'take a Clock and its sleep' },
  { words: ['setImmediate'], instead: 'take a Clock and its sleep' },
];

/** Tests may look at the machine they run on, but what they draw must be drawn again when they fail. */
const IN_TESTS = CALLS.filter(({ words }) => words[0] === 'Math');

export const noMachine: Rule = {
  name: 'no-machine',
  check({ path, tokens }) {
    const strict = isIn(path, PRODUCT) || (isIn(path, [WORLDS]) && !path.endsWith('.test.ts'));
    if (isIn(path, [...ROOTS, ...WORLD_PROGRAMS]) || (!strict && !isIn(path, ['test']))) return [];
    const forbidden = (strict ? CALLS : IN_TESTS).filter(
      ({ words }) => words[0] !== 'setImmediate' || !isIn(path, TURNS),
    );
    return forbidden.flatMap(({ words, instead }) =>
      sequences(codeOf(tokens), words).map(({ line }) => ({
        line,
        message: `uses ${words.join('').replace('newDate', 'new Date')}, which only composition roots may; ${instead}`,
      })),
    );
  },
};
