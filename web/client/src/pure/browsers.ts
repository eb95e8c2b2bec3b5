// What a browser is called in the list of sessions: enough to know one's own, and no more.

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Firefox\//, "Firefox"],
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, "Android"],
  [/iPhone|iPad|iPod/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux|CrOS/, "Linux"],
];

export function called(agent: string): string {
  const found = [BROWSERS, SYSTEMS].map((table) => table.find(([sign]) => sign.test(agent))?.[1]);
  return found.filter((name) => name !== undefined).join(", ");
}

/** Passkeys are bound to a name: a page opened by an address of numbers has none. */
export function isNumbers(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.startsWith("[");
}
