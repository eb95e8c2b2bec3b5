// The language of the page. A page fetches one catalogue at a time, holding its own sentences only.

import { useEffect, useState } from "preact/hooks";
import type french from "./locales/fr.json";
import { preferred, sentence, type Catalogue, type Values } from "./pure/words.ts";
import { createStore } from "./store.ts";

type Stem<K extends string> = K extends `${infer S}_one` | `${infer S}_other` ? S : never;
export type Key = keyof typeof french | Stem<keyof typeof french>;
type Load = () => Promise<{ default: Catalogue }>;
export type Language = "fr" | "en" | "ar" | "uk" | "es";
/** A page is in two languages; a part of it may be in more, and then holds what is around it too. */
export type Catalogues = Record<"fr" | "en", Load> & Partial<Record<Language, Load>>;

export const LANGUAGES = ["fr", "en"] as const;
const FIRST = "fr";
const AGAIN_MS = 1_000;

const spoken = createStore<{ language: Language; catalogue: Catalogue }>({ language: FIRST, catalogue: {} });
/** The page's own, and those of its parts that came later. */
const catalogues: Catalogues[] = [];

export async function speak(language: Language): Promise<void> {
  const found = await Promise.all(catalogues.map((one) => (one[language] ?? one[FIRST])()));
  spoken.set({ language, catalogue: Object.assign({}, ...found.map((one) => one.default)) as Catalogue });
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
}

/** A part of the page that is fetched late brings its own sentences. */
export async function speakAlso(known: Catalogues): Promise<void> {
  if (!catalogues.includes(known)) catalogues.push(known);
  await speak(spoken.get().language);
}

/** French, or the browser's language when we have it. Until then the page is what its HTML says. */
export async function speakAsTheBrowser(known: Catalogues): Promise<void> {
  catalogues.push(known);
  const wanted = preferred(navigator.languages, LANGUAGES, FIRST) as Language;
  for (;;) {
    try {
      return await speak(wanted);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

export function t(key: Key, values?: Values): string {
  const { catalogue, language } = spoken.get();
  return sentence(catalogue, language, key, values);
}

/** The sentence of an error's stable name; a name we do not know yet gets the general one. */
export function sorry(name: string): string {
  const { catalogue } = spoken.get();
  return catalogue[`error.${name}`] ?? catalogue["error.internal"] ?? name;
}

/** A sentence that the server chose; null when this page does not know it yet. */
export function told({ key, values }: { key: string; values: Values }): string | null {
  const { catalogue, language } = spoken.get();
  const text = sentence(catalogue, language, key, values);
  return text === key ? null : text;
}

export function language(): Language {
  return spoken.get().language;
}

/** How dates and hours are written: English as it is in Europe, the day before the month. */
export function locale(): string {
  return language() === "en" ? "en-GB" : "fr";
}

export function clock(at: Date | string | number): string {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

/** Draw again when the language changes. */
export function useWords(): void {
  const [, redraw] = useState(0);
  useEffect(() => spoken.subscribe(() => redraw((n) => n + 1)), []);
}
