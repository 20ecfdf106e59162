import type { Measure, Part } from './part.ts';
import { type PlayedSweeps, playSweeps, type SweepScene } from './played-sweeps.ts';
import { floorMs, pagesOf } from './sweep-floor.ts';
import { HEAP_FLAGS, peakMebibytes } from './swept-memory.ts';

const CALL_MS = 25;
const LEDGER_MS = 10;

/** What a function that sweeps 100,000 jobs is to get by with. */
const MEMORY_MEBIBYTES = 256;

const PROJECTS = [
  { projects: 1, jobsPerProject: 1_000 },
  { projects: 1, jobsPerProject: 10_000 },
  { projects: 1, jobsPerProject: 100_000 },
  { projects: 2_000, jobsPerProject: 50 },
] as const;

const SCENES: readonly SweepScene[] = [
  ...PROJECTS.flatMap((size) =>
    (['runtime', 'slotTime'] as const).map((limit) => ({ ...size, limit, callMs: CALL_MS, ledgerMs: 0 })),
  ),
  { projects: 1, jobsPerProject: 10_000, limit: 'runtime', callMs: CALL_MS, ledgerMs: LEDGER_MS },
];

const QUICK_SCENES: readonly SweepScene[] = SCENES.map((scene) => ({
  ...scene,
  projects: Math.min(scene.projects, 4),
  jobsPerProject: Math.min(scene.jobsPerProject, 600),
}));

/** Part (b): what a sweep costs, and how long it takes. */
export const sweepPart: Part = {
  letter: 'b',
  title: 'Sweeps, at 25 ms a call',
  async measure({ quick, progress }) {
    const played: Played[] = [];
    for (const scene of quick ? QUICK_SCENES : SCENES) {
      progress(nameOf(scene));
      played.push({ scene, ...(await playSweeps(scene)) });
    }
    const jobs = quick ? 1_000 : 100_000;
    progress(`memory of a sweep over ${jobs} jobs`);
    const empty = await peakMebibytes(0);
    const full = await peakMebibytes(jobs);
    return [...played.map(timeOf), ...callsOf(played), ...memoryOf(jobs, empty, full)];
  },
};

interface Played extends PlayedSweeps {
  readonly scene: SweepScene;
}

function nameOf({ projects, jobsPerProject, limit, ledgerMs }: SweepScene): string {
  const where = projects === 1 ? '1 project' : `${projects.toLocaleString('en')} projects`;
  const ledger = ledgerMs === 0 ? '' : `, the ledger at ${ledgerMs} ms a call`;
  return `${where} with ${jobsPerProject.toLocaleString('en')} jobs, ${limit}${ledger}`;
}

/** The floor knows of no ledger: where that takes time, there is nothing to aim at. */
function timeOf({ scene, offenders, lastCancelMs }: Played): Measure {
  return {
    what: `time to the last cancel against the floor: ${nameOf(scene)}`,
    unit: 'x',
    values: [lastCancelMs / floorMs({ ...scene, offenders })],
    ...(scene.ledgerMs === 0 && { target: { of: 'most', side: 'at most', bound: 1.3 } }),
  };
}

function callsOf(played: readonly Played[]): readonly Measure[] {
  const count = (calls: PlayedSweeps['calls'], method: 'list' | 'get' | 'cancel'): number =>
    calls.get(method) ?? 0;
  return [
    {
      what: 'calls for each offender, in each of these',
      unit: 'calls',
      values: played.map(
        ({ calls, offenders }) => (count(calls, 'get') + count(calls, 'cancel')) / offenders,
      ),
      target: { of: 'most', side: 'at most', bound: 3 },
    },
    {
      what: 'calls of list against pages that there are',
      unit: 'x',
      values: played.map(
        ({ calls, offenders, scene }) => count(calls, 'list') / pagesOf({ ...scene, offenders }),
      ),
      target: { of: 'most', side: 'at most', bound: 1 },
    },
  ];
}

function memoryOf(jobs: number, empty: number, full: number): readonly Measure[] {
  const sweep = `a sweep over ${jobs.toLocaleString('en')} jobs`;
  const note = `Node.js with ${HEAP_FLAGS}`;
  return [
    {
      what: `peak memory of ${sweep} against ${MEMORY_MEBIBYTES} MiB`,
      unit: 'x',
      values: [full / MEMORY_MEBIBYTES],
      target: { of: 'most', side: 'at most', bound: 1 },
      note,
    },
    {
      what: `peak memory of ${sweep} against one of an empty project`,
      unit: 'x',
      values: [full / empty],
      note,
    },
  ];
}
