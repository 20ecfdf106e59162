import type { Log } from '../ports/log.ts';
import type { AlertPublisher } from './publisher.ts';

/** Without a topic each alert is one log line, with the event under `alert`. */
export function logPublisher(log: Log): AlertPublisher {
  return {
    async publish(event) {
      switch (event['severity']) {
        case 'CRITICAL':
          return log.critical('alert', { alert: event });
        case 'ERROR':
          return log.error('alert', { alert: event });
        case 'WARNING':
          return log.warning('alert', { alert: event });
        default:
          return log.notice('alert', { alert: event });
      }
    },
  };
}
