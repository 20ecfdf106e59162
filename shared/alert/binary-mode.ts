/** A CloudEvent as a Pub/Sub message: what consumers filter on and drop doubles by stands in attributes. */
export interface BinaryMessage {
  readonly json: unknown;
  readonly attributes: Record<string, string>;
}

/** The most that a value of an attribute may hold [Pub/Sub: quotas and limits, resource limits]. */
const MAX_VALUE_BYTES = 1_024;
const CUT = '…';

/** Attributes without a prefix, for the filters of subscriptions. */
const FILTERED_ON = ['policy', 'project', 'severity'];

/**
 * A CloudEvent in structured mode to one in binary mode: `ce-<name>` attributes, the data as the message's
 * own [CloudEvents: Google Cloud Pub/Sub protocol binding, 3.1]. Pub/Sub refuses a message for one attribute that is
 * too long, so such a one is cut; what it names stands whole in the data.
 */
export function toBinaryMode(event: Readonly<Record<string, unknown>>): BinaryMessage {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(event)) {
    if (typeof value === 'string') attributes[attributeOf(name)] = shortened(value);
  }
  return { json: event['data'], attributes };
}

function attributeOf(name: string): string {
  if (FILTERED_ON.includes(name)) return name;
  return name === 'datacontenttype' ? 'Content-Type' : `ce-${name}`;
}

function shortened(value: string): string {
  if (Buffer.byteLength(value) <= MAX_VALUE_BYTES) return value;
  const room = new Uint8Array(MAX_VALUE_BYTES - Buffer.byteLength(CUT));
  // Whole characters only.
  const { read } = new TextEncoder().encodeInto(value, room);
  return value.slice(0, read) + CUT;
}
