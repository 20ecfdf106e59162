import type { Clock } from '../ports/clock.ts';
import {
  OwnerFileChanged,
  OwnerFileError,
  OwnerFileForbidden,
  OwnerFileNotWritten,
  OwnerFileWriteUnknown,
} from './errors.ts';
import { type Authorise, type GcsAccess, gcsAuthorise, gcsEndpoint, isRefusal } from './gcs-endpoint.ts';
import type { OwnerFileWriter } from './owner-file-writer.ts';
import { within } from './within.ts';

export interface GcsWriterOptions extends GcsAccess {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly timeoutMs: number;
}

/** `ifGenerationMatch=0`: only if there is no such object [doc: storage/docs/request-preconditions]. */
const NONE = '0';
const REMEDY =
  'grant storage.objects.create and storage.objects.delete on its bucket, for example roles/storage.objectUser';

/** An object of Cloud Storage, written in one request [doc: storage/docs/json_api/v1/objects/insert]. */
export class GcsWriter implements OwnerFileWriter {
  readonly #address: string;
  readonly #url: string;
  readonly #options: GcsWriterOptions;
  readonly #authorise: Authorise;

  constructor(bucket: string, object: string, options: GcsWriterOptions) {
    this.#address = `gs://${bucket}/${object}`;
    this.#options = options;
    const name = encodeURIComponent(object);
    this.#url = `${gcsEndpoint(options)}/upload/storage/v1/b/${encodeURIComponent(bucket)}/o?uploadType=media&name=${name}`;
    this.#authorise = gcsAuthorise(options, 'devstorage.read_write');
  }

  async write(text: string, replacing: string | undefined): Promise<void> {
    const url = `${this.#url}&ifGenerationMatch=${encodeURIComponent(replacing ?? NONE)}`;
    const headers = await this.#headers(url);
    const { clock, timeoutMs } = this.#options;
    const late = () => this.#unknown(`no answer within ${timeoutMs} ms`);
    const body = new TextEncoder().encode(text);
    const send = async (signal: AbortSignal) => {
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      await response.body?.cancel();
      return response.status;
    };
    let status: number;
    try {
      status = await within(clock, timeoutMs, send, late);
    } catch (error) {
      throw error instanceof OwnerFileError ? error : this.#unknown('Cloud Storage was not reached', error);
    }
    if (status < 200 || status > 299) throw this.#refused(status);
  }

  async #headers(url: string): Promise<Headers> {
    try {
      const headers = new Headers(await this.#authorise(url));
      headers.set('content-type', 'application/yaml');
      return headers;
    } catch (error) {
      const why = 'no credentials for Cloud Storage were found';
      throw new OwnerFileNotWritten(this.#address, why, { cause: error });
    }
  }

  #refused(status: number): Error {
    if (status === 412) return new OwnerFileChanged(this.#address);
    if (status === 401 || status === 403) return new OwnerFileForbidden(this.#address, REMEDY, 'written');
    if (status === 404) return new OwnerFileNotWritten(this.#address, 'there is no such bucket');
    const answered = `Cloud Storage answered ${status}`;
    return isRefusal(status) ? new OwnerFileNotWritten(this.#address, answered) : this.#unknown(answered);
  }

  #unknown(why: string, cause?: unknown): OwnerFileWriteUnknown {
    return new OwnerFileWriteUnknown(this.#address, why, cause === undefined ? undefined : { cause });
  }
}
