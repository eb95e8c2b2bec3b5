// Client-made ids: 128 random bits, so that a repeated command is recognised and never a stranger's.

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
