// Where the keyboard is. Whoever writes or is about to press something is never led away from it.

const BUSY = "input, textarea, select, button, a, summary";

export function areHandsFree(): boolean {
  return document.activeElement?.matches(BUSY) !== true;
}
