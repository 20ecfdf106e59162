import type { GoogleAuth } from 'google-auth-library';

/** What Google's own client asks for [Firestore: v1 client, scopes]. */
const SCOPE = 'https://www.googleapis.com/auth/datastore';
const DEFAULT_UNIVERSE = 'googleapis.com';

/**
 * Application Default Credentials for Google's Firestore client. Where there are none, that client leaves a
 * rejection behind that nobody can handle, and the process ends: so here it is told nothing, and `onMissing`
 * is. The client is of no use then, and a new one must be made.
 *
 * @param onMissing is handed what `google-auth-library` threw
 */
export async function firestoreCredentials(onMissing: (error: unknown) => void): Promise<GoogleAuth> {
  const { GoogleAuth } = await import('google-auth-library');
  class ToldOfMissing extends GoogleAuth {
    override async getClient(): ReturnType<GoogleAuth['getClient']> {
      try {
        return await super.getClient();
      } catch (error) {
        onMissing(error);
        return new Promise(() => undefined);
      }
    }

    /** That client asks this first, also where it then needs no credentials, as for an emulator. */
    override async getUniverseDomain(): Promise<string> {
      const client = await super.getClient().catch(() => undefined);
      return client?.universeDomain ?? DEFAULT_UNIVERSE;
    }
  }
  return new ToldOfMissing({ scopes: [SCOPE] });
}
