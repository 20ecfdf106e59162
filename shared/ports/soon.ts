/**
 * A value, or the promise of one where something must be waited for: for what is done for every event. Under
 * the functions framework each request runs in a Node.js domain, which makes a promise dear (docs/bench.md).
 * Whoever is async anyway awaits it; the others ask `instanceof Promise`.
 */
export type Soon<T> = T | Promise<T>;
