import { http } from '@google-cloud/functions-framework';

/** What a function costs that does nothing: the framework alone, which also reads the request's body. */
http('empty', (_request, response) => {
  response.status(204).end();
});
