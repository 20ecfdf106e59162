/** Sends alerts to people. Resolves once the alert is surely delivered to the transport; throws otherwise. */
export interface AlertPublisher {
  /** A CloudEvent in structured mode. */
  publish(event: Readonly<Record<string, unknown>>): Promise<void>;
}
