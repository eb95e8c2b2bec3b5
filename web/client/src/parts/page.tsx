// A page begins once it has words to speak.

import type { ComponentChildren } from "preact";
import { render } from "preact";
import { speakAsTheBrowser, type Catalogues } from "../words.ts";

export async function showPage(words: Catalogues, page: ComponentChildren): Promise<void> {
  const root = document.getElementById("app");
  if (root === null) return;
  await speakAsTheBrowser(words);
  root.replaceChildren();
  render(page, root);
}
