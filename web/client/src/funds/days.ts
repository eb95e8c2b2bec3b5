// Days and months in words, whatever the browser's time zone.

import { locale } from "../words.ts";

const NOON = "T12:00:00Z";

export function dayInWords(day: string): string {
  return said(day, { day: "numeric", month: "long", year: "numeric" });
}

export function monthInWords(month: string): string {
  return said(`${month}-01`, { month: "long", year: "numeric" });
}

export function momentInWords(at: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "short", timeStyle: "short" }).format(new Date(at));
}

function said(day: string, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { ...how, timeZone: "UTC" }).format(new Date(`${day}${NOON}`));
}
