import type { Withheld } from '../../simulator/access.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { Ungranted, WithheldPermissions } from './plan.ts';

/** What the watchdog may not do: for good, or until the storm is over. */
export class Grants {
  readonly #simulator: Simulator;
  #withheld: { readonly rule: Withheld; readonly forGood: boolean }[] = [];
  #missing: { readonly account: string; readonly forGood: boolean }[] = [];

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  withhold({ projectId, permissions, forGood }: WithheldPermissions): void {
    this.#withheld.push({ rule: { projectId, permissions }, forGood });
    this.#apply();
  }

  ungrant(ungranted: Ungranted, forGood: boolean): void {
    if ('missingAccount' in ungranted) this.#missing.push({ account: ungranted.missingAccount, forGood });
    else this.#withheld.push({ rule: ungranted, forGood });
    this.#apply();
  }

  calm(): void {
    this.#withheld = this.#withheld.filter(({ forGood }) => forGood);
    this.#missing = this.#missing.filter(({ forGood }) => forGood);
    this.#apply();
  }

  #apply(): void {
    this.#simulator.setWithheld(this.#withheld.map(({ rule }) => rule));
    this.#simulator.setMissingAccounts(this.#missing.map(({ account }) => account));
  }
}
