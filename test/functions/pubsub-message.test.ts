import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RefusedMessageError, readContent } from '../../functions/pubsub-message.ts';

/** What base64 means: the same text comes out when the bytes are written again, but for the padding. */
function isBase64(data: string): boolean {
  const bare = (text: string): string => text.replace(/={1,2}$/, '');
  return bare(Buffer.from(data, 'base64').toString('base64')) === bare(data);
}

function faultOf(data: string): string | undefined {
  try {
    readContent({ message: { data } });
    return undefined;
  } catch (error) {
    if (!(error instanceof RefusedMessageError)) throw error;
    return error.fault;
  }
}

// Also what Node takes for base64: the URL's alphabet, white space, and `ő`, of whose two bytes the low one is `Q`.
const odd = fc.constantFrom('-', '_', '=', ' ', '\n', 'ő', 'Á', '!', 'R');
const short = fc.string({ unit: fc.oneof(odd, fc.constantFrom('A', 'Q', '+', '/', '=')), minLength: 1 });
const oneOddCharacter = fc
  .record({
    bytes: fc.uint8Array({ minLength: 1 }),
    at: fc.nat(),
    odd,
    padding: fc.constantFrom('', '=', '=='),
  })
  .map(({ bytes, at, odd: character, padding }) => {
    const text = Buffer.from(bytes).toString('base64').replaceAll('=', '');
    const place = at % (text.length + 1);
    return text.slice(0, place) + character + text.slice(place + (at % 2)) + padding;
  });

test('data is refused as no base64 exactly when its bytes would be written otherwise', () => {
  fc.assert(
    fc.property(fc.oneof(short, oneOddCharacter, fc.base64String({ minLength: 1 })), (data) => {
      expect(faultOf(data) !== 'its data is not base64').toBe(isBase64(data));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['with its padding', 'eyJhIjoxfQ=='],
  ['without it', 'eyJhIjoxfQ'],
  ['with half of it', 'eyJhIjoxfQ='],
])('data may come %s', (_, data) => {
  expect(readContent({ message: { data } }).content).toEqual({ a: 1 });
});
