// Days, hours and durations in words.

import { locale, t } from "../words.ts";

export function dayOf(at: string): string {
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", year: "numeric" }).format(new Date(at));
}

export function momentOf(at: string): string {
  return new Intl.DateTimeFormat(locale(), {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(at));
}

/** `2026-11`. */
export function monthOf(month: string): string {
  return new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month}-15T12:00:00Z`));
}

export function hourOf(hour: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: "numeric", timeZone: "UTC" }).format(new Date(Date.UTC(2026, 0, 1, hour)));
}

export function secondsOf(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return t("studio.seconds", { n: whole });
  return t("studio.minutes", { n: Math.round(whole / 60) });
}
