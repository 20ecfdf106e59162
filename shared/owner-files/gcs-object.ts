import type { Clock } from '../ports/clock.ts';
import { boundedText } from './bounded-text.ts';
import {
  OwnerFileError,
  OwnerFileForbidden,
  OwnerFileMissing,
  OwnerFileUnavailable,
  OwnerFileUnreadable,
} from './errors.ts';
import { type Authorise, type GcsAccess, gcsAuthorise, gcsEndpoint, isRefusal } from './gcs-endpoint.ts';
import type { OwnerFile, OwnerText } from './owner-file.ts';
import { within } from './within.ts';

export interface GcsOptions extends GcsAccess {
  readonly maxBytes: number;
  readonly clock: Pick<Clock, 'sleep'>;
  /** How long one read may take. */
  readonly timeoutMs: number;
}

/**
 * An object of Cloud Storage, read through the JSON API with `alt=media`; the answer's header
 * `x-goog-generation` is its generation [doc: storage/docs/json_api/v1/objects/get].
 */
export class GcsObject implements OwnerFile {
  readonly #address: string;
  readonly #url: string;
  readonly #options: GcsOptions;
  readonly #authorise: Authorise;

  constructor(bucket: string, object: string, options: GcsOptions) {
    this.#address = `gs://${bucket}/${object}`;
    this.#options = options;
    this.#url = `${gcsEndpoint(options)}/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(object)}?alt=media`;
    this.#authorise = gcsAuthorise(options, 'devstorage.read_only');
  }

  describe(): string {
    return this.#address;
  }

  async read(): Promise<OwnerText> {
    const headers = await this.#headers();
    const { clock, timeoutMs } = this.#options;
    const late = () => this.#unavailable(`no answer within ${timeoutMs} ms`);
    try {
      return await within(clock, timeoutMs, (signal) => this.#fetched(headers, signal), late);
    } catch (error) {
      if (error instanceof OwnerFileError) throw error;
      throw this.#unavailable('Cloud Storage was not reached', error);
    }
  }

  async #fetched(headers: Headers, signal: AbortSignal): Promise<OwnerText> {
    const response = await fetch(this.#url, { headers, signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw this.#refused(response.status);
    }
    const text = await boundedText(response.body, this.#address, this.#options.maxBytes);
    const generation = response.headers.get('x-goog-generation');
    if (generation === null) throw this.#unavailable('the answer does not tell its generation');
    return { text, generation };
  }

  async #headers(): Promise<Headers> {
    try {
      return await this.#authorise(this.#url);
    } catch (error) {
      throw this.#unavailable('no credentials for Cloud Storage were found', error);
    }
  }

  #refused(status: number): Error {
    if (status === 404) return new OwnerFileMissing(this.#address);
    if (status === 401 || status === 403) {
      const remedy = 'grant storage.objects.get on it, for example roles/storage.objectViewer on its bucket';
      return new OwnerFileForbidden(this.#address, remedy);
    }
    const answered = `Cloud Storage answered ${status}`;
    return isRefusal(status) ? new OwnerFileUnreadable(this.#address, answered) : this.#unavailable(answered);
  }

  #unavailable(why: string, cause?: unknown): OwnerFileUnavailable {
    return new OwnerFileUnavailable(this.#address, why, cause === undefined ? undefined : { cause });
  }
}
