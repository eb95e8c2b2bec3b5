// Why a room stands where it does in the list.

import type { Option } from "../net/rooms.ts";
import { told } from "../words.ts";

/** Distance and age are beside them already. */
const SAID_BESIDE: readonly string[] = ["why.near", "why.far", "why.fresh"];

/** A sentence each. */
export function whyWords(why: Option["why"]): string[] {
  return why.flatMap((reason) => (SAID_BESIDE.includes(reason.key) ? [] : (told(reason) ?? [])));
}
