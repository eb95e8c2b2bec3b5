// What the server says about itself. Everything has a default: the way out and the numbers work without it.

import { createStore } from "../store.ts";
import { read } from "./http.ts";
import type { Config } from "./wire.ts";

export const DEFAULT: Config = {
  demo: null,
  development: false,
  languages: ["fr", "en"],
  exit_url: "https://meteofrance.com/",
  numbers: [
    { number: "17", way: "call" },
    { number: "112", way: "call" },
    { number: "114", way: "sms" },
  ],
  read_at: 0,
};

export const config = createStore<Config>(DEFAULT);

let asked: Promise<void> | null = null;

export function loadConfig(): Promise<void> {
  asked ??= load();
  return asked;
}

async function load(): Promise<void> {
  try {
    const found = await read<Partial<Config> | null>("/api/config", 4_000);
    if (found === null) return;
    const exit_url = found.exit_url?.startsWith("https://") ? found.exit_url : DEFAULT.exit_url;
    const numbers = found.numbers && found.numbers.length > 0 ? found.numbers : DEFAULT.numbers;
    config.set({ ...DEFAULT, ...found, exit_url, numbers, read_at: Date.now() });
  } catch {
    asked = null;
  }
}
