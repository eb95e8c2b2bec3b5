// A part of a page that is fetched late, with its sentences; a line that is bad is tried again when asked.

import { useEffect, useState } from "preact/hooks";
import { speakAlso, type Catalogues } from "../words.ts";

export interface Late<T> {
  found: T | null;
  failed: boolean;
  again: () => void;
}

export function useLate<T extends { words: Catalogues }>(load: () => Promise<T>): Late<T> {
  const [found, setFound] = useState<{ part: T } | null>(null);
  const [failed, setFailed] = useState(false);
  async function fetchIt(): Promise<void> {
    setFailed(false);
    try {
      const part = await load();
      await speakAlso(part.words);
      setFound({ part });
    } catch {
      setFailed(true);
    }
  }
  useEffect(() => void fetchIt(), []);
  return { found: found?.part ?? null, failed, again: () => void fetchIt() };
}
