import type { Request, Response } from '@google-cloud/functions-framework';
import type { Log, LogFields } from '../shared/ports/log.ts';
import type { Soon } from '../shared/ports/soon.ts';
import type { Outcome } from './outcome.ts';

const PUSH_PATH = /^\/projects\/[^/]+\/topics\/[^/]+\/?$/;

/** Does the work of one message, given the body of its push request. Never throws. */
export type HandleBody = (body: unknown, log: Log) => Soon<Outcome>;

/** The handler of a function that is fed by Pub/Sub push: answers when the message's work is done. */
export function pushEndpoint(
  log: Log,
  ownProject: string | undefined,
  handle: HandleBody,
): (request: Request, response: Response) => Soon<void> {
  return (request, response) => {
    if (request.method !== 'POST' || !PUSH_PATH.test(request.path)) {
      response
        .status(404)
        .type('text')
        .send('expected POST /projects/PROJECT/topics/TOPIC, as Pub/Sub pushes\n');
      return;
    }
    const trace = traceOf(request, ownProject);
    const answer = ({ status }: Outcome): void => void response.status(status).end();
    const outcome = handle(request.body, trace ? log.with(trace) : log);
    return outcome instanceof Promise ? outcome.then(answer) : answer(outcome);
  };
}

/** Ties a line to its request, where the platform names one. */
function traceOf(request: Request, project: string | undefined): LogFields | undefined {
  const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(request.get('traceparent') ?? '')?.[1];
  if (trace === undefined || project === undefined) return undefined;
  return { 'logging.googleapis.com/trace': `projects/${project}/traces/${trace}` };
}
