import { OwnerFileTooLarge, OwnerFileUnreadable } from './errors.ts';

/**
 * Gathers chunks to a text, and stops at the bound rather than after it.
 *
 * @throws OwnerFileTooLarge, OwnerFileUnreadable when the bytes are no UTF-8, and what the chunks throw
 */
export async function boundedText(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  maxBytes: number,
): Promise<string> {
  const held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new OwnerFileTooLarge(file, maxBytes);
    held.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(held));
  } catch (error) {
    throw new OwnerFileUnreadable(file, 'it is no UTF-8 text', { cause: error });
  }
}
