/** A CloudEvent as a Pub/Sub message: what consumers filter on and drop doubles by stands in attributes. */
export interface BinaryMessage {
  readonly json: unknown;
  readonly attributes: Record<string, string>;
}

/** Attributes without a prefix, for the filters of subscriptions. */
const FILTERED_ON = ['policy', 'project', 'severity'];

/**
 * A CloudEvent in structured mode to one in binary mode: `ce-<name>` attributes, the data as the message's
 * own [CloudEvents: Google Cloud Pub/Sub protocol binding, 3.1].
 */
export function toBinaryMode(event: Readonly<Record<string, unknown>>): BinaryMessage {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(event)) {
    if (typeof value === 'string') attributes[attributeOf(name)] = value;
  }
  return { json: event['data'], attributes };
}

function attributeOf(name: string): string {
  if (FILTERED_ON.includes(name)) return name;
  return name === 'datacontenttype' ? 'Content-Type' : `ce-${name}`;
}
