/**
 * How far the sweeps of one verb have come in a project. What was created ten minutes before the watermark or
 * earlier has ended and was handed over, or is in the running set.
 */
export interface SweepMark {
  /** Google's time. */
  readonly watermarkMs: number;
  /** Locations that do not answer, and the watermark that stays for each until they do. */
  readonly behind: ReadonlyMap<string, number>;
  /** How much of the time of creation one sweep had better list at once, when all that is left was too much. */
  readonly windowMs?: number;
}

/** A mark with what each bucket of the running set held when it was written, and the version to move it under. */
export interface HeldMark {
  readonly mark: SweepMark;
  readonly digests: readonly string[];
  readonly version: string;
}

/** A part of the running set: names as `nameInProject` gives them. No version: it is not stored yet. */
export interface HeldBucket {
  readonly jobs: readonly string[];
  readonly version?: string;
}
