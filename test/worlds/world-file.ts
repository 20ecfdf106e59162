import type { Verb } from '../../shared/ledger/ledger.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import type { FileVersion } from './plan.ts';
import type { FileDescription } from './policy-description.ts';
import type { SharedStore } from './shared-store.ts';

/** The owner's policy file of a world, as it changes with time. */
export class WorldFile {
  readonly #versions: readonly FileVersion[];
  readonly #clock: { now(): number };
  #mended: FileVersion | undefined;

  constructor(versions: readonly FileVersion[], clock: { now(): number }) {
    this.#versions = versions;
    this.#clock = clock;
  }

  now(): FileVersion {
    const nowMs = this.#clock.now();
    const [first] = this.#versions;
    const now = this.#mended ?? this.#versions.findLast(({ fromMs }) => fromMs <= nowMs) ?? first;
    if (!now) throw new Error('a world has a policy file');
    return now;
  }

  /** What is in force: where a broken file stands, the last good one. */
  good(): FileDescription {
    const good =
      this.now().description ?? this.#versions.findLast(({ description }) => description)?.description;
    if (!good) throw new Error('a world begins with a good policy file');
    return good;
  }

  /**
   * The owner mends a broken file, unless it is beyond doubt which the last good one is: the only one there
   * ever was, and the ledger holds it for each verb. Resolves to whether it stays broken.
   */
  async mend(store: SharedStore, verbs: readonly Verb[]): Promise<boolean> {
    if (this.now().description) return false;
    const good = this.#versions.filter(({ description }) => description);
    const ledger = openLedger(store.as({ id: 'owner', now: () => this.#clock.now() }), this.#clock);
    const stored = await Promise.all(verbs.map((verb) => ledger.lastGoodPolicy(verb)));
    if (good.every(({ text }) => stored.every((one) => one?.text === text))) return true;
    this.#mended = good.at(-1);
    return false;
  }
}
