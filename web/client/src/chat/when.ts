// Days and hours in the language of the conversation; figures as they are on the buttons.

import { language } from "../words.ts";

function tag(): string {
  const spoken = language();
  return spoken === "ar" ? "ar-u-nu-latn" : spoken === "en" ? "en-GB" : spoken;
}

export function hourWords(at: string): string {
  return new Intl.DateTimeFormat(tag(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

export function whenWords(at: string): string {
  return new Intl.DateTimeFormat(tag(), { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}
