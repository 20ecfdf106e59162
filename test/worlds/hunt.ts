import { runWorld } from './run-world.ts';

/**
 * Lives worlds one after the other until one of them breaks, and prints as JSON which and how many it took.
 * `node test/worlds/hunt.ts MOST`
 */
const most = Number(process.argv[2]);

async function hunt(): Promise<object> {
  for (let seed = 1; seed <= most; seed++) {
    try {
      const [first] = (await runWorld(seed)).violations;
      if (first) return { worlds: seed, invariant: first.invariant, what: first.what };
    } catch (error) {
      return { worlds: seed, invariant: 'the world fell over', what: String(error) };
    }
  }
  return { worlds: most };
}

process.stdout.write(JSON.stringify(await hunt()));
