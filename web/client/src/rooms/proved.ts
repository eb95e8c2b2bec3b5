// What asks for a key once more: refused at first, tried again once it was shown.

import { useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";

const PROVE: readonly string[] = ["prove_first", "step_up_needed"];

export function useProved(ask: () => Promise<void>): { proving: boolean; open: () => Promise<void> } {
  const [proving, setProving] = useState(false);
  async function open(): Promise<void> {
    try {
      await ask();
      setProving(false);
    } catch (error) {
      if (!PROVE.includes(refusalOf(error).message)) throw error;
      setProving(true);
    }
  }
  return { proving, open };
}
