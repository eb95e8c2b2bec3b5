// Sentences from the catalogues: `{name}` is replaced, and `n` chooses between `key_one` and `key_other`.

export type Catalogue = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, string | number>>;

export function sentence(catalogue: Catalogue, language: string, key: string, values: Values = {}): string {
  const n = values["n"];
  const plural = typeof n === "number" ? `${key}_${new Intl.PluralRules(language).select(n)}` : key;
  const text = catalogue[plural] ?? catalogue[`${key}_other`] ?? catalogue[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function preferred(wanted: readonly string[], known: readonly string[], first: string): string {
  const short = wanted.map((tag) => tag.toLowerCase().slice(0, 2));
  return short.find((tag) => known.includes(tag)) ?? first;
}
