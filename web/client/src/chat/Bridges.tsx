// What an operator proposes (a room, people who come, a sheet to read): done only when she says yes.

import { useEffect, useState } from "preact/hooks";
import type { Journey } from "../help/journey.ts";
import type { Bridge } from "../net/chats.ts";
import { where } from "../net/where.ts";
import { Act } from "../parts/Act.tsx";
import type { Happened } from "../pure/conversation.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Chat } from "./chat.ts";

export function Proposal({ chat, bridge }: { chat: Chat; bridge: Bridge }) {
  const [placing, setPlacing] = useState(false);
  const { status } = useStore(where);
  // A place is asked of the phone only once she has said yes.
  const [wanted, setWanted] = useState(false);
  const needsPlace = bridge.kind !== "sheet";
  useEffect(() => {
    if (wanted) {
      setPlacing(true);
      chat.locate();
    }
  }, [wanted]);
  return (
    <section class="card proposal" aria-labelledby="proposal" data-testid="proposal">
      <div role="status">
        <h2 id="proposal">{t(`chat.bridge.${bridge.kind}`)}</h2>
        <p>{t(`chat.bridge_more.${bridge.kind}`)}</p>
        {bridge.title && (
          <p dir="auto">
            <strong>{bridge.title}</strong>
          </p>
        )}
      </div>
      {placing && status === "asking" && <p role="status">{t("where.asking")}</p>}
      {placing && status === "refused" && <p class="error">{t("chat.bridge_no_place")}</p>}
      <div class="answers">
        {needsPlace && !placing ? (
          <button type="button" class="button primary" data-testid="bridge-yes" onClick={() => setWanted(true)}>
            {t("chat.bridge_yes")}
          </button>
        ) : needsPlace && status !== "known" ? null : (
          <Act kind="primary" act={() => chat.answer(bridge, true)} testid={needsPlace ? "bridge-go" : "bridge-yes"}>
            {t(needsPlace ? "chat.bridge_go" : "chat.bridge_yes")}
          </Act>
        )}
        <Act act={() => chat.answer(bridge, false)} testid="bridge-no">
          {t("chat.bridge_no")}
        </Act>
      </div>
    </section>
  );
}

/** What came of it, and the way there. */
export function Done({ one, journey }: { one: Happened; journey: Journey }) {
  const { yes, kind } = one.facts as { yes?: boolean; kind?: Bridge["kind"] };
  if (!yes || kind === undefined) return <p class="happened">{t("chat.bridged.no")}</p>;
  return (
    <div class="happened">
      <p>{t(`chat.bridged.${kind}`)}</p>
      {kind !== "sheet" && (
        <Act act={() => journey.beside()} testid="bridge-see">
          {t(`chat.bridge_see.${kind}`)}
        </Act>
      )}
    </div>
  );
}
