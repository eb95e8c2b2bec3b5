// Words as they are looked for.

/** Without accents nor capitals, nor the printer's apostrophe. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
}
