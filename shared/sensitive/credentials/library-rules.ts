import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { NoPlacesError } from '../errors.ts';
import { isPlaceholderToken } from './placeholders.ts';

/** A rule of the library, as we run it. */
export interface LibraryRule {
  readonly id: string;
  /** What every text has that the rule finds something in; absent: nobody knows, and it always runs. */
  readonly clue: RegExp | undefined;
  /** Whether it needs to be shown no more than the long words of a text. */
  readonly isOfWords: boolean;
  finds(text: string): boolean;
}

const OWN_PACKAGE = '@secretlint/secretlint-rule-';

/**
 * Left out: `filter-comments` finds nothing, and lets whoever writes a query silence the other rules. What the others
 * look for our own patterns find: keys of Google's in any text and not in files alone, passwords in addresses of any
 * scheme, without those of samples, and private keys that are cut.
 */
export const UNUSED_RULES: readonly string[] = [
  'filter-comments',
  'gcp',
  'basicauth',
  'database-connection-string',
  'privatekey',
];

/** What the rules' patterns cannot match without. A test compares them with the library's own. */
export const CLUES: Readonly<Record<string, RegExp>> = {
  '1password': /ops_ey/,
  anthropic: /sk-ant-api0/,
  aws: /A3T|A(?:KI|GP|ID|RO|IP|NP|NV|SI)A|(?:ACCESS|access|Access)_?[Kk]/,
  cloudflare: /cf(?:k|ut|at)_/,
  databricks: /dapi[A-Fa-f0-9]/,
  docker: /dckr_pat_/,
  figma: /figd_/,
  github: /gh[pousr]_|github_pat_/,
  gitlab: /glpat-/,
  grafana: /glc_|glsa_/,
  groq: /gsk_/,
  'hashicorp-vault': /hv[sbr]\./,
  huggingface: /hf_[A-Za-z]/,
  linear: /lin_api_/,
  notion: /ntn_\d/,
  npm: /npm_|x-oauth-basic/,
  openai: /T3BlbkFJ/,
  sendgrid: /SG\.\w/,
  shopify: /shp(?:pa|ca|at|ss)_/,
  slack: /xox[bpaor]-|xapp-|[hH][oO][oO][kK][sS]\.[sS]lack/,
  stripe: /[sr]k_(?:live|test)_/,
  tailscale: /tskey-/,
  vercel: /vc[piark]_/,
};

/** Those whose patterns have spaces or quotes in them. */
const OF_WHOLE_TEXT: readonly string[] = ['aws'];

/** What a rule reports that opens nothing: the number of an account. */
const NO_SECRETS: readonly string[] = ['AWSAccountID'];

/**
 * The library's rules, called by themselves: its engine is asynchronous, reads the environment, and keeps messages that
 * quote the secret. The rules are neither, and what they report stays in here.
 */
export const LIBRARY_RULES: readonly LibraryRule[] = rules
  .filter(({ meta }) => !UNUSED_RULES.includes(shortId(meta.id)))
  .map((rule): LibraryRule => {
    const id = shortId(rule.meta.id);
    const clue = CLUES[id];
    // A rule that we do not know yet is shown everything.
    const isOfWords = clue !== undefined && !OF_WHOLE_TEXT.includes(id);
    return { id, clue, isOfWords, finds: (text) => reports(rule, text) };
  });

type Rule = (typeof rules)[number];

function reports(rule: Rule, text: string): boolean {
  let found = false;
  const handlers = rule.create(
    {
      sharedOptions: {},
      createTranslator: () => (messageId, props) => ({
        message: '',
        messageId: String(messageId),
        data: props,
      }),
      report({ message: { messageId, data } }) {
        found ||= !NO_SECRETS.includes(messageId) && !quoted(data).some(isPlaceholderToken);
      },
      ignore: () => undefined,
    },
    { enableIDScanRule: true },
  );
  handlers.file?.(sourceOf(text));
  return found;
}

/** What a message would quote: more surely the secret than the range that is told with it, which may lie beside it. */
function quoted(data: unknown): readonly string[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).filter((value) => typeof value === 'string');
}

function shortId(id: string): string {
  return id.slice(OWN_PACKAGE.length);
}

type Source = Parameters<NonNullable<ReturnType<Rule['create']>['file']>>[0];

/** A text that is no file, and in which nothing has a place that could be told. */
function sourceOf(content: string): Source {
  const noPlace = (): never => {
    throw new NoPlacesError();
  };
  return {
    content,
    contentType: 'text',
    hasBOM: false,
    ext: '',
    filePath: undefined,
    physicalFilePath: undefined,
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: noPlace,
    rangeToLocation: noPlace,
    positionToIndex: noPlace,
    indexToPosition: noPlace,
  };
}
