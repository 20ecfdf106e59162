/** `1,234.50 USD`: grouped in threes, to the cent, whatever the machine's language. */
export function dollars(usd: number): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `${usd.toLocaleString('en-US', digits)} USD`;
}

/** `1,235 USD`. */
export function wholeDollars(usd: number): string {
  return `${Math.round(usd).toLocaleString('en-US')} USD`;
}
