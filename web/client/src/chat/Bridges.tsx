// What an operator proposes (a room, people who come, a sheet to read): shown whole, done only when she says yes.

import { useState } from "preact/hooks";
import type { Journey } from "../help/journey.ts";
import type { Bridge, Bridged } from "../net/chats.ts";
import { where } from "../net/where.ts";
import { Act } from "../parts/Act.tsx";
import type { Happened } from "../pure/conversation.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Chat } from "./chat.ts";

export function Proposal({ chat, bridge }: { chat: Chat; bridge: Bridge }) {
  // Where she is is asked of the phone only once she has said yes.
  const [placing, setPlacing] = useState(false);
  const { status } = useStore(where);
  const needsPlace = bridge.kind !== "sheet";
  const whole = wholeOf(bridge);
  async function answer(yes: boolean): Promise<void> {
    await chat.answer(bridge, yes);
    // The question goes away: whoever was on it goes on with the conversation.
    document.getElementById("messages")?.focus({ preventScroll: true });
  }
  return (
    <section class="card proposal" aria-labelledby="proposal" data-testid="proposal">
      <div role="status">
        <h2 id="proposal">{t(`chat.bridge.${bridge.kind}`)}</h2>
        <p>{t(`chat.bridge_more.${bridge.kind}`)}</p>
        {whole.length > 0 && (
          <ul class="plain-list">
            {whole.map((line) => (
              <li key={line} dir="auto">
                {line}
              </li>
            ))}
          </ul>
        )}
        {placing && status === "asking" && <p>{t("where.asking")}</p>}
        {placing && status === "refused" && <p class="error">{t("chat.bridge_no_place")}</p>}
      </div>
      <div class="answers">
        {needsPlace && (!placing || status === "refused") && (
          <button
            type="button"
            class="button primary"
            data-testid="bridge-yes"
            onClick={() => {
              setPlacing(true);
              chat.locate();
            }}
          >
            {t(placing ? "chat.retry" : "chat.bridge_yes")}
          </button>
        )}
        {(!needsPlace || (placing && status === "known")) && (
          <Act kind="primary" act={() => answer(true)} testid={needsPlace ? "bridge-go" : "bridge-yes"}>
            {t(needsPlace ? "chat.bridge_go" : "chat.bridge_yes")}
          </Act>
        )}
        <Act act={() => answer(false)} testid="bridge-no">
          {t("chat.bridge_no")}
        </Act>
      </div>
    </section>
  );
}

/** All that would be asked for, a line each. */
function wholeOf({ shelter, help, title }: Bridge): string[] {
  if (shelter) {
    const { adults, children, pets, wheelchair } = shelter.household;
    return [
      t("chat.for.adults", { at: adults }),
      ...(children.length > 0 ? [t("chat.for.children", { ages: children.join(", ") })] : []),
      ...(pets > 0 ? [t("chat.for.pets", { at: pets })] : []),
      ...(wheelchair ? [t("chat.for.wheelchair")] : []),
      shelter.days_ahead === 0 ? t("chat.for.tonight") : t("chat.for.in_days", { at: shelter.days_ahead }),
      t("chat.for.nights", { at: shelter.nights }),
    ];
  }
  if (help) return [t(`kind.${help.kind}`), t(help.mode === "home" ? "chat.for.home" : "chat.for.public")];
  return title ? [title] : [];
}

/** What came of it, and the way there. */
export function Done({ one, journey }: { one: Happened; journey: Journey }) {
  const { state, kind, title, text } = one.facts as Partial<Bridged>;
  if (state !== "yes" || kind === undefined) {
    return <p class="happened">{t(state === "no" ? "chat.bridged.no" : "chat.bridged.over")}</p>;
  }
  if (kind === "sheet") {
    return (
      <section class="sheet" dir="auto" data-testid="sheet">
        <p>
          <strong>{title}</strong>
        </p>
        <p class="said">{text}</p>
      </section>
    );
  }
  return (
    <div class="happened">
      <p>{t(`chat.bridged.${kind}`)}</p>
      <Act act={() => journey.beside()} testid="bridge-see">
        {t(`chat.bridge_see.${kind}`)}
      </Act>
    </div>
  );
}
