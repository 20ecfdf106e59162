import { seeded } from '../../worlds/random.ts';

/** Made-up keys and numbers, the same in every run. No scanner of repositories finds them: none stands here whole. */
export class MadeUp {
  readonly #random: ReturnType<typeof seeded>;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** So many characters of an alphabet, with at least one digit and one capital where it has them. */
  of(alphabet: string, length: number): string {
    for (;;) {
      const text = Array.from({ length }, () =>
        alphabet.charAt(this.#random.int(0, alphabet.length - 1)),
      ).join('');
      const lacks = [/\d/, /[A-Z]/, /[a-z]/].some((kind) => kind.test(alphabet) && !kind.test(text));
      if (!lacks || length < 4) return text;
    }
  }

  alnum(length: number): string {
    return this.of(`${UPPER}${LOWER}${DIGITS}`, length);
  }

  hex(length: number): string {
    return this.of('0123456789abcdef', length);
  }

  digits(length: number): string {
    return this.of(DIGITS, length);
  }

  upper(length: number): string {
    return this.of(`${UPPER}234567`, length);
  }

  base64(length: number): string {
    return this.of(`${UPPER}${LOWER}${DIGITS}+/`, length);
  }

  uuid(): string {
    const h = this.hex(32);
    return [h.slice(0, 8), h.slice(8, 12), `4${h.slice(13, 16)}`, `a${h.slice(17, 20)}`, h.slice(20)].join(
      '-',
    );
  }

  /** A number with Luhn's check digit, or, with another `off`, without it. */
  luhn(prefix: string, length: number, off = 0): string {
    const body = prefix + this.digits(length - prefix.length - 1);
    const sum = [...body].toReversed().reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return body + String((10 - (sum % 10) + off) % 10);
  }
}

const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const LOWER = 'abcdefghijkmnpqrstuvwxyz';
const DIGITS = '0123456789';
