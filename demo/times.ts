const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `09:41`, in UTC. */
export function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

/** `Mon 09:41`, in UTC. */
export function dayTime(ms: number): string {
  return `${DAYS[new Date(ms).getUTCDay()]} ${clockTime(ms)}`;
}

/** How long a real second is there: `24 min`, `1.5 s`. */
export function secondAt(speed: number): string {
  const [amount, unit] = speed >= 60 ? [speed / 60, 'min'] : [speed, 's'];
  return `${Math.round(amount * 10) / 10} ${unit}`;
}
