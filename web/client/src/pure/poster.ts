// A poster in a tram or at a stop leads to the page with its code behind the hash, which no server is sent.

/** Behind the hash of a poster's address, read once; null when there is none. */
export function codeIn(hash: string): string | null {
  return /^#t=([A-Za-z0-9]{4,16})$/.exec(hash)?.[1] ?? null;
}
