/**
 * What is asked of a server once for all who want it at the same moment: they get the same answer, or the same
 * failure, and nothing is kept of either. Once somebody has given it up nobody joins it any more, for it may never be
 * answered; it is given up itself when nobody is left who waits.
 */
export class SharedExchange<T> {
  readonly #underWay = new Map<string, Asked<T>>();

  /** What `ask` gives, by the first of those who want it under this key. */
  share(key: string, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const asked = this.#underWay.get(key) ?? this.#ask(key, ask);
    this.#waitFor(asked, key, signal);
    return asked.answer;
  }

  #ask(key: string, ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
    const nobodyWaits = new AbortController();
    const asked: Asked<T> = { answer: ask(nobodyWaits.signal), nobodyWaits, waiting: 0 };
    this.#underWay.set(key, asked);
    const close = (): void => this.#close(key, asked);
    asked.answer.then(close, close);
    return asked;
  }

  #waitFor(asked: Asked<T>, key: string, signal: AbortSignal): void {
    const giveUp = (): void => {
      this.#close(key, asked);
      asked.waiting -= 1;
      if (asked.waiting === 0) asked.nobodyWaits.abort();
    };
    asked.waiting += 1;
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    const settled = (): void => signal.removeEventListener('abort', giveUp);
    asked.answer.then(settled, settled);
  }

  #close(key: string, asked: Asked<T>): void {
    if (this.#underWay.get(key) === asked) this.#underWay.delete(key);
  }
}

interface Asked<T> {
  readonly answer: Promise<T>;
  readonly nobodyWaits: AbortController;
  waiting: number;
}
