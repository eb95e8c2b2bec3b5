// What else can be done for her from here. It is only prepared: she is asked in the room, and hers is the yes.
// Of what comes of it the team sees how it goes, never where.

import { useEffect, useId, useState } from "preact/hooks";
import type { Bridge, BridgeKind, Sheet } from "../net/listen.ts";
import { Act } from "../parts/Act.tsx";
import { ChildrenAges } from "../parts/ChildrenAges.tsx";
import { Stepper } from "../parts/Stepper.tsx";
import { newId } from "../pure/ids.ts";
import { useStore } from "../store.ts";
import { MOST_ADULTS, MOST_CHILDREN, MOST_NIGHTS, usual, withChildren } from "../pure/seeking.ts";
import { clock, language, t, told } from "../words.ts";
import type { Open, Post } from "./post.ts";

const KINDS = ["shelter", "help"] as const;
const WHY = ["afraid", "violence", "followed", "harassed", "other"] as const;

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
          ) : kind === "shelter" ? (
            <Room ask={(shelter) => ask("shelter", { shelter })} />
          ) : (
            <People ask={(help) => ask("help", { help })} />
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
              <Act key={sheet} act={() => ask("sheet", { sheet: { sheet, language: open.language } })} testid="bridge-sheet">
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

/** Whom the room is for: a shape, no name, no place. */
function Room({ ask }: { ask: (shelter: object) => Promise<void> }) {
  const [{ household, nights }, set] = useState(usual);
  return (
    <details>
      <summary data-testid="bridge-shelter-open">{t("listen.bridge.prepare")}</summary>
      <Stepper
        label={t("listen.bridge.adults")}
        value={household.adults}
        least={1}
        most={MOST_ADULTS}
        change={(adults) => set((wish) => ({ ...wish, household: { ...household, adults } }))}
      />
      <Stepper
        label={t("listen.bridge.children")}
        value={household.children.length}
        most={MOST_CHILDREN}
        change={(n) => set((wish) => ({ ...wish, household: withChildren(household, n) }))}
      />
      <ChildrenAges
        household={household}
        label={(at) => t("listen.bridge.age", { at })}
        change={(aged) => set((wish) => ({ ...wish, household: aged }))}
      />
      <Stepper label={t("listen.bridge.nights")} value={nights} least={1} most={MOST_NIGHTS} change={(n) => set((wish) => ({ ...wish, nights: n }))} />
      <Act act={() => ask({ household, nights })} testid="bridge-shelter">
        {t("listen.bridge.ask")}
        <span class="hidden"> {t("listen.bridge.shelter")}</span>
      </Act>
    </details>
  );
}

function People({ ask }: { ask: (help: object) => Promise<void> }) {
  const [kind, setKind] = useState<(typeof WHY)[number]>("afraid");
  const [mode, setMode] = useState<"home" | "public">("home");
  const id = useId();
  return (
    <details>
      <summary data-testid="bridge-help-open">{t("listen.bridge.prepare")}</summary>
      <div class="pair">
        <div class="field">
          <label for={`${id}-kind`}>{t("listen.bridge.why")}</label>
          <select id={`${id}-kind`} class="input" value={kind} onChange={(event) => setKind(event.currentTarget.value as "afraid")}>
            {WHY.map((one) => (
              <option key={one} value={one}>
                {t(`listen.why.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={`${id}-mode`}>{t("listen.bridge.where")}</label>
          <select id={`${id}-mode`} class="input" value={mode} onChange={(event) => setMode(event.currentTarget.value as "home")}>
            <option value="home">{t("listen.bridge.home")}</option>
            <option value="public">{t("listen.bridge.public")}</option>
          </select>
        </div>
      </div>
      <Act act={() => ask({ kind, mode })} testid="bridge-help">
        {t("listen.bridge.ask")}
        <span class="hidden"> {t("listen.bridge.help")}</span>
      </Act>
    </details>
  );
}
