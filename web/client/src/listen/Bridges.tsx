// What else can be done for her from here. It is only prepared: she is asked in the room, and hers is the yes.

import { useState } from "preact/hooks";
import type { BridgeKind } from "../net/listen.ts";
import { Act } from "../parts/Act.tsx";
import type { Happened } from "../pure/conversation.ts";
import { newId } from "../pure/ids.ts";
import { useStore } from "../store.ts";
import { clock, t, told } from "../words.ts";
import type { Open, Post } from "./post.ts";

const KINDS: readonly BridgeKind[] = ["shelter", "help"];

export function Bridges({ post, open }: { post: Post; open: Open }) {
  const { entries } = useStore(open.aside.talk.state);
  const happened = entries.filter((one): one is Happened => one.type === "event" && one.what.startsWith("bridge"));
  return (
    <div class="bridges" data-testid="bridges">
      <p class="hint">{t("listen.bridge.text")}</p>
      {KINDS.map((kind) => (
        <Bridge key={kind} post={post} open={open} kind={kind} />
      ))}
      <p class="hint">{t("listen.bridge.sheet")}</p>
      {happened.length > 0 && (
        <ol class="plain-list" aria-label={t("listen.bridge.so_far")}>
          {happened.map((one) => (
            <li key={one.offset}>
              <time dateTime={one.at}>{clock(one.at)}</time> {bridgeWords(one)}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Bridge({ post, open, kind }: { post: Post; open: Open; kind: BridgeKind }) {
  const [asked, setAsked] = useState(false);
  const [id, renew] = useState(newId);
  return (
    <div class="bridge">
      <p>
        <strong>{t(`listen.bridge.${kind}`)}</strong>
      </p>
      <p class="hint">{t(`listen.bridge.${kind}_text`)}</p>
      {asked ? (
        <p class="quiet" role="status">
          {t("listen.bridge.asked")}
        </p>
      ) : (
        <Act
          act={async () => {
            await post.bridge(id, open.chat, kind);
            setAsked(true);
            renew(newId());
          }}
          testid={`bridge-${kind}`}
        >
          {t("listen.bridge.ask")}
        </Act>
      )}
    </div>
  );
}

/** "Une chambre : elle a dit oui." */
export function bridgeWords({ what, facts }: Happened): string {
  const kind = kindWords(String(facts["kind"]));
  if (what === "bridge") return t("listen.bridge.is_asked", { what: kind });
  return t(facts["yes"] === true ? "listen.bridge.yes" : "listen.bridge.no", { what: kind });
}

function kindWords(kind: string): string {
  return kind === "sheet" ? t("listen.bridge.sheet_name") : (told({ key: `listen.bridge.${kind}`, values: {} }) ?? "");
}
