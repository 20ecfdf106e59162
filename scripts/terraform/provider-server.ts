import { join } from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protocolSchema } from './protocol-schema.ts';
import type { ProviderSchema } from './provider-schema.schema.ts';

/** A provider that runs. */
export interface ServedProvider {
  /** What Terraform wants in `TF_REATTACH_PROVIDERS`. */
  readonly reattach: string;
  close(): void;
}

const NAME = 'registry.terraform.io/hashicorp/google';

/**
 * Serves a provider that knows its schema and nothing else: enough for `validate`, and for `test` where all
 * that exists is mocked. It has no credentials, and calls nobody.
 */
export async function serveProvider(schema: ProviderSchema): Promise<ServedProvider> {
  const server = new Server();
  const answer = protocolSchema(schema);
  const methods = Object.keys(providerService());
  server.addService(
    providerService(),
    Object.fromEntries(
      methods.map((method) => [
        method,
        (_: unknown, done: (error: null, value: object) => void) =>
          done(null, method === 'GetProviderSchema' ? answer : {}),
      ]),
    ),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const reattach = {
    [NAME]: {
      Protocol: 'grpc',
      ProtocolVersion: 6,
      Pid: process.pid,
      Test: true,
      Addr: { Network: 'tcp', String: `127.0.0.1:${port}` },
    },
  };
  return { reattach: JSON.stringify(reattach), close: () => server.forceShutdown() };
}

function providerService(): ServiceDefinition {
  const definition = loadSync(join(import.meta.dirname, 'provider.proto'), { keepCase: true, longs: String });
  const { tfplugin6 } = loadPackageDefinition(definition);
  const provider = tfplugin6 && 'Provider' in tfplugin6 ? tfplugin6.Provider : undefined;
  if (typeof provider !== 'function' || !('service' in provider))
    throw new Error('provider.proto has no service tfplugin6.Provider; expected it there');
  return provider.service;
}
