// Nights begin at six in the morning in Paris and are named after their evening; the desk is asked at 18:00 and 22:00.

export const ROLLOVER_HOUR = 6;
export const PROMPTS = [18, 22];

const DAY_MS = 86_400_000;
const wall = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Paris",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

interface Wall {
  day: string;
  minutes: number;
}

/** What a clock on a wall in Paris says. */
function inParis(moment: number): Wall {
  const parts = Object.fromEntries(wall.formatToParts(moment).map((part) => [part.type, part.value]));
  return {
    day: `${parts["year"]}-${parts["month"]}-${parts["day"]}`,
    minutes: Number(parts["hour"]) * 60 + Number(parts["minute"]),
  };
}

export function nightOf(moment: number): string {
  const { day, minutes } = inParis(moment);
  return minutes < ROLLOVER_HOUR * 60 ? later(day, -1) : day;
}

/** "2026-11-30", 1 → "2026-12-01". */
export function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** "du 25 au 26 novembre", "du 25 novembre au 4 décembre": the first evening's day, and the last morning's. */
export function nightDays(night: string, locale: string, nights = 1): { from: string; to: string } {
  const morning = later(night, nights);
  const named = (day: string, month?: "long"): string =>
    new Intl.DateTimeFormat(locale, { day: "numeric", month, timeZone: "UTC" })
      .format(Date.parse(day))
      .replace(/^1(?!\d)/, locale === "fr" ? "1er" : "1");
  const sameMonth = night.slice(0, 7) === morning.slice(0, 7);
  return { from: named(night, sameMonth ? undefined : "long"), to: named(morning, "long") };
}

/** Minutes since the midnight before the evening of its night: 26:00 is two in the morning. */
function minutesOfNight(moment: number): number {
  const { minutes } = inParis(moment);
  return minutes < ROLLOVER_HOUR * 60 ? minutes + 24 * 60 : minutes;
}

/** Whether the desk is to be asked if its rooms are still free: an hour has struck since it last spoke. */
export function asksNow(now: number, saidAt: number | null): boolean {
  const struck = PROMPTS.findLast((hour) => hour * 60 <= minutesOfNight(now));
  if (struck === undefined) return false;
  if (saidAt === null || nightOf(saidAt) !== nightOf(now)) return true;
  return minutesOfNight(saidAt) < struck * 60;
}

/** Between eight in the evening and seven the screen is dark by itself. */
export function isDark(now: number): boolean {
  const { minutes } = inParis(now);
  return minutes >= 20 * 60 || minutes < 7 * 60;
}
