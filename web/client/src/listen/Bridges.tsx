// What else can be done for her from here. It is only prepared: she is asked in the room, and hers is the yes.
// Of what comes of it the team sees how it goes, never where.

import { useEffect, useState } from "preact/hooks";
import type { Bridge, BridgeKind, Sheet } from "../net/listen.ts";
import { Act } from "../parts/Act.tsx";
import { newId } from "../pure/ids.ts";
import { useStore } from "../store.ts";
import { clock, language, t, told } from "../words.ts";
import type { Open, Post } from "./post.ts";

const KINDS: readonly BridgeKind[] = ["shelter", "help"];

export function Bridges({ post, open }: { post: Post; open: Open }) {
  const { entries } = useStore(open.aside.talk.state);
  const [asked, setAsked] = useState<readonly Bridge[]>([]);
  const [sheets, setSheets] = useState<readonly Sheet[]>([]);
  const happened = entries.filter((one) => one.type === "event" && one.what.startsWith("bridge")).length;
  const look = (): Promise<void> => post.bridges(open.chat).then(setAsked, () => undefined);
  useEffect(() => void look(), [happened]);
  useEffect(() => void post.sheets().then(setSheets, () => undefined), [post]);
  const ask = async (kind: BridgeKind, more?: object): Promise<void> => {
    await post.bridge(newId(), open.chat, kind, more);
    await look();
  };
  const waits = (kind: BridgeKind): boolean => asked.some((one) => one.kind === kind && one.state === "asked");
  return (
    <div class="bridges" data-testid="bridges">
      <p class="hint">{t("listen.bridge.text")}</p>
      {KINDS.map((kind) => (
        <div key={kind} class="bridge">
          <p>
            <strong>{t(`listen.bridge.${kind}`)}</strong>
          </p>
          <p class="hint">{t(`listen.bridge.${kind}_text`)}</p>
          {waits(kind) ? (
            <p class="quiet" role="status">
              {t("listen.bridge.asked")}
            </p>
          ) : (
            <Act act={() => ask(kind)} testid={`bridge-${kind}`}>
              {t("listen.bridge.ask")}
              <span class="hidden"> {t(`listen.bridge.${kind}`)}</span>
            </Act>
          )}
        </div>
      ))}
      <div class="bridge">
        <p>
          <strong>{t("listen.bridge.sheet")}</strong>
        </p>
        <p class="hint">{t("listen.bridge.sheet_text")}</p>
        {waits("sheet") ? (
          <p class="quiet" role="status">
            {t("listen.bridge.asked")}
          </p>
        ) : (
          <div class="row">
            {sheets.map(({ sheet, titles }) => (
              <Act key={sheet} act={() => ask("sheet", { sheet })} testid="bridge-sheet">
                {titles[language()] ?? titles["fr"] ?? sheet}
              </Act>
            ))}
          </div>
        )}
      </div>
      {asked.length > 0 && (
        <ol class="rows" aria-label={t("listen.bridge.so_far")}>
          {asked.map((one) => (
            <li key={one.bridge} data-testid="bridge-line">
              <time dateTime={one.at}>{clock(one.at)}</time> {t(`listen.bridge.${one.kind}`)} :{" "}
              {t(`listen.bridge.is.${one.state}`)}
              {one.outcome && ` · ${told({ key: `listen.bridge.outcome.${one.outcome}`, values: {} }) ?? one.outcome}`}
              {one.alias && ` · ${one.alias}`}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
