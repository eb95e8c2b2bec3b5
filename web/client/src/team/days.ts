// A day and an hour, in the locale of the page.

import { locale } from "../words.ts";

export function day(at: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}
