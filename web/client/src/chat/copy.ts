// A copy of what was said, as a file, only because she asked for it.

import { t } from "../words.ts";
import type { Chat } from "./chat.ts";
import { whoIs } from "./Messages.tsx";
import { hourWords } from "./when.ts";

/** Nothing in its name tells what it is. */
const NAME = "notes.txt";

export async function save(chat: Chat): Promise<void> {
  const { lines: said } = await chat.transcript();
  const lines = said.map(({ seat, at, text }) => `${whoIs(seat)}, ${hourWords(at)}\n${text || t("chat.photo_one")}\n`);
  const address = URL.createObjectURL(new Blob([lines.join("\n")], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = NAME;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
