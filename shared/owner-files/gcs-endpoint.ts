const ENDPOINT = 'https://storage.googleapis.com';

/** The headers that authorise a request to this address. */
export type Authorise = (url: string) => Promise<Headers>;

export interface GcsAccess {
  /** Another Cloud Storage than Google's, called without credentials: `http://127.0.0.1:P` or `127.0.0.1:P`. */
  readonly emulatorHost?: string;
  /** By default Google's own credentials. */
  readonly authorise?: Authorise;
}

/** Where Cloud Storage is, without a slash at its end. */
export function gcsEndpoint({ emulatorHost }: GcsAccess): string {
  if (emulatorHost === undefined) return ENDPOINT;
  return (/^https?:\/\//.test(emulatorHost) ? emulatorHost : `http://${emulatorHost}`).replace(/\/+$/, '');
}

/** @param scope what the credentials are asked to permit, such as `devstorage.read_only` */
export function gcsAuthorise({ emulatorHost, authorise }: GcsAccess, scope: string): Authorise {
  return authorise ?? (emulatorHost === undefined ? googleCredentials(scope) : async () => new Headers());
}

/** Of all answers 4xx, only those to a slow or hasty caller pass [doc: storage/docs/retry-strategy]. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** Loaded when first needed: an owner with local files never pays for it. */
function googleCredentials(scope: string): Authorise {
  const scopes = [`https://www.googleapis.com/auth/${scope}`];
  let auth: Promise<{ getRequestHeaders(url: string): Promise<Headers> }> | undefined;
  return async (url) => {
    auth ??= import('google-auth-library').then(({ GoogleAuth }) => new GoogleAuth({ scopes }));
    return (await auth).getRequestHeaders(url);
  };
}
