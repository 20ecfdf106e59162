import { assignments, type LabelledText, tokens } from './credential-texts.ts';
import { MadeUp } from './made-up.ts';
import { harmlessQueries, harmlessTexts } from './near-misses.ts';
import { cards, emails, ibans, ssns } from './number-texts.ts';
import { IN_SQL, PLACEMENTS, type Placement } from './placements.ts';

/** A job and what must be found in it: nothing else may be. */
export interface LabelledJob {
  readonly name: string;
  readonly resource: Record<string, unknown>;
  readonly findings: readonly { readonly detector: string; readonly field: string }[];
}

/** Each text comes into so many jobs, each time in another way. */
const PLACES_EACH = 4;

const made = new MadeUp(20_261_124);

/** The same in every run. */
export const CORPUS: readonly LabelledJob[] = [
  ...spread(tokens(made), 'credentials'),
  ...assignments(made).map((text) => labelled(text, IN_SQL, 'credentials')),
  ...spread(cards(made), 'creditCard'),
  ...spread(ibans(), 'iban'),
  ...spread(ssns(made), 'usSsn'),
  ...spread(emails(), 'email'),
  ...namedValues(made),
  ...spread(harmlessTexts(made)),
  ...harmlessQueries().map((text) => labelled(text, IN_SQL)),
];

function spread(texts: readonly LabelledText[], detector?: string): readonly LabelledJob[] {
  return texts.flatMap((text, at) => {
    const possible = PLACEMENTS.filter(({ takes }) => takes(text.text));
    const chosen = Array.from({ length: Math.min(PLACES_EACH, possible.length) }, (_, n) => {
      // The last ways take few texts, so they are counted from the end.
      return n === 0 ? possible.at(-1 - (at % 2)) : possible[(at * (PLACES_EACH - 1) + n) % possible.length];
    });
    return [...new Set(chosen)].flatMap((place) =>
      place === undefined ? [] : [labelled(text, place, detector)],
    );
  });
}

function labelled({ what, text }: LabelledText, place: Placement, detector?: string): LabelledJob {
  return {
    name: `${detector ?? 'nothing'}: ${what}, in ${place.where}`,
    resource: place.job(text),
    findings: detector === undefined ? [] : [{ detector, field: place.field }],
  };
}

/** What a secret is called stands beside it, and not in the text itself. */
function namedValues(random: MadeUp): readonly LabelledJob[] {
  const QUERY = 'configuration.query';
  const parameter = (name: string, value: string) => ({
    configuration: { query: { queryParameters: [{ name, parameterValue: { value } }] } },
  });
  const at = (detector: string, field: string) => [{ detector, field }];
  const ofParameter = `${QUERY}.queryParameters[].parameterValue`;
  return [
    {
      name: 'credentials: a parameter called password',
      resource: parameter('password', 'sunflower'),
      findings: at('credentials', ofParameter),
    },
    {
      name: 'credentials: a parameter called api_key',
      resource: parameter('api_key', random.alnum(20)),
      findings: at('credentials', ofParameter),
    },
    {
      name: 'usSsn: a parameter called ssn',
      resource: parameter('customer_ssn', '212345678'),
      findings: at('usSsn', ofParameter),
    },
    {
      name: 'credentials: a field of a struct called pwd',
      resource: {
        configuration: {
          query: {
            queryParameters: [
              { name: 'login', parameterValue: { structValues: { pwd: { value: 'sunflower' } } } },
            ],
          },
        },
      },
      findings: at('credentials', ofParameter),
    },
    {
      name: 'credentials: a connection property',
      resource: {
        configuration: { query: { connectionProperties: [{ key: 'password', value: 'sunflower' }] } },
      },
      findings: at('credentials', `${QUERY}.connectionProperties[]`),
    },
    {
      name: 'credentials: a label',
      resource: { configuration: { labels: { api_key: 'k3y-9f8e7d6c' } } },
      findings: at('credentials', 'configuration.labels'),
    },
    {
      name: 'creditCard: a list without spaces',
      resource: {
        configuration: {
          query: { query: `WHERE n IN (${random.luhn('4539', 16)},${random.luhn('5412', 16)})` },
        },
      },
      findings: at('creditCard', `${QUERY}.query`),
    },
    { name: 'nothing: a parameter that is empty', resource: parameter('password', ''), findings: [] },
    {
      name: 'nothing: a parameter of ten digits',
      resource: parameter('order_id', '2123456789'),
      findings: [],
    },
    {
      name: 'nothing: a parameter of nine digits',
      resource: parameter('order_id', '212345678'),
      findings: [],
    },
    {
      name: 'nothing: a label that says what it is about',
      resource: { configuration: { labels: { secret: 'false', team: 'payments-2026', token: 'none' } } },
      findings: [],
    },
  ];
}
