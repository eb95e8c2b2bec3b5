// 17, 112, 114: one tap away on every screen, with or without the server.

import { config } from "../net/config.ts";
import { useStore } from "../store.ts";
import { t, type Key } from "../words.ts";

const MEANING: Record<string, Key> = { "17": "number.17", "112": "number.112", "114": "number.114" };

function address({ number, way }: { number: string; way: "call" | "sms" }): string {
  return `${way === "sms" ? "sms" : "tel"}:${number}`;
}

export function NumbersBar() {
  const { numbers } = useStore(config);
  return (
    <nav class="numbers" aria-label={t("number.label")}>
      {numbers.map((one) => {
        const meaning = MEANING[one.number];
        return (
          <a key={one.number} class="number" href={address(one)} data-testid={`number-${one.number}`}>
            <strong>{one.number}</strong> <span>{meaning ? t(meaning) : t(`number.${one.way}`)}</span>
          </a>
        );
      })}
    </nav>
  );
}

/** The same numbers, large, when the network of people cannot be reached. */
export function NumbersLarge() {
  const { numbers } = useStore(config);
  return (
    <ul class="large-numbers">
      {numbers.map((one) => {
        const meaning = MEANING[one.number];
        return (
          <li key={one.number}>
            <a class="button primary" href={address(one)}>
              {t(one.way === "sms" ? "number.text_to" : "number.call_to", { number: one.number })}
              {meaning && <small>{t(meaning)}</small>}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
