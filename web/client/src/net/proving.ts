// Showing a key or a code once more, on a session that is open already.

import { showKey, type KeyAsked } from "../team/keys.ts";
import type { Line } from "./link.ts";

export async function stepUpByKey(line: Line): Promise<void> {
  const key = await showKey(await line.command<KeyAsked>("stepup.ask", {}));
  await line.command("stepup.finish", { key });
}

export async function stepUpByCode(line: Line, code: string): Promise<void> {
  await line.command("stepup.finish", { code });
}
