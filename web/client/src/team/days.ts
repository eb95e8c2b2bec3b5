// A day and an hour, in the language of the page.

import { language } from "../words.ts";

export function day(at: string): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}
