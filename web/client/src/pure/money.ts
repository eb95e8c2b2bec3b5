// Amounts: whole cents, as people type and read them.

/** Cents of what somebody typed (`1 234,50`, `1234.5`, `12 €`); null: not an amount above nothing. */
export function centsOf(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(plain)) return null;
  const [whole = "", part = ""] = plain.split(".");
  const cents = Number(whole) * 100 + Number(part.padEnd(2, "0"));
  return cents > 0 ? cents : null;
}

export interface Share {
  from: number;
  width: number;
}

/** Where each part of a whole begins on a bar of 100, and how long it is: together 100, or less. */
export function shares(parts: readonly number[], whole: number): Share[] {
  let from = 0;
  return parts.map((part) => {
    const width = whole > 0 ? (Math.max(0, part) / whole) * 100 : 0;
    const share = { from, width };
    from += width;
    return share;
  });
}
