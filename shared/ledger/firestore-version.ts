import type { Timestamp } from '@google-cloud/firestore';
import type { OpenFirestore } from './firestore-client.ts';

/**
 * A document's version: the time of its last change, which Firestore's commits never give twice to one
 * document, also after a delete.
 */
export function versionOf({ seconds, nanoseconds }: Timestamp): string {
  return `${seconds}.${String(nanoseconds).padStart(9, '0')}`;
}

/** The time that a version stands for, or undefined for what is none of ours. */
export function timeOf(version: string, { sdk }: OpenFirestore): Timestamp | undefined {
  const [, seconds, nanoseconds] = /^(\d{1,12})\.(\d{9})$/.exec(version) ?? [];
  return seconds === undefined ? undefined : new sdk.Timestamp(Number(seconds), Number(nanoseconds));
}
