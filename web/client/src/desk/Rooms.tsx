// Rooms that are free: one large number a kind, minus and plus, and five seconds to think again.

import { useEffect } from "preact/hooks";
import type { DeskKind, DeskState } from "../net/rooms.ts";
import { Act } from "../parts/Act.tsx";
import { fittingWords, roomWords, Said } from "../parts/House.tsx";
import { freshness } from "../pure/ago.ts";
import { asksNow } from "../pure/night.ts";
import { waiting } from "../pure/taps.ts";
import { useNow, useStore } from "../store.ts";
import { sorry, t } from "../words.ts";
import type { Desk } from "./desk.ts";

interface RoomsProps {
  desk: Desk;
  known: DeskState;
}

export function Rooms({ desk, known }: RoomsProps) {
  const { taps, refusal } = useStore(desk.picture);
  const now = useNow(30_000);
  const free = known.kinds.reduce((sum, one) => sum + Math.max(0, one.free + waiting(taps, one.kind)), 0);
  const said = known.said_at ? Date.parse(known.said_at) : null;
  const fresh = freshness(said, now);
  const asks = known.ask_now || asksNow(now, said);
  const of = (kind: string): string => {
    const found = known.kinds.find((one) => one.kind === kind);
    return found ? t("house.people", { n: found.people }) : "";
  };
  return (
    <section class="desk-rooms" aria-labelledby="rooms">
      <h2 id="rooms">{t("bureau.rooms")}</h2>
      {asks && (
        <div class="prompt" data-testid="prompt">
          <div>
            <p class="prompt-words">{free === 0 ? t("bureau.full_still") : t("bureau.still", { n: free })}</p>
            <p class="hint">{t("bureau.still_else")}</p>
          </div>
          <div>
            <Act kind="primary" act={() => desk.fresh()} testid="still">
              {free === 0 ? t("bureau.full_yes") : t("bureau.still_yes", { n: free })}
            </Act>
          </div>
        </div>
      )}
      <ul class="kinds">
        {known.kinds.map((one) => (
          <Kind key={one.kind} desk={desk} one={one} by={waiting(taps, one.kind)} />
        ))}
      </ul>
      <div role="alert">
        {refusal !== null && (
          <p class="error">
            <strong>{of(refusal.kind)}</strong> · {sorry(refusal.name)}
          </p>
        )}
      </div>
      <p class={`freshness ${fresh}`} data-testid="freshness">
        <Said at={known.said_at} /> {fresh !== "fresh" && t(`bureau.${fresh}`)}
      </p>
      {taps.undo !== null && <Undo desk={desk} by={taps.undo.by} what={of(taps.undo.kind)} />}
    </section>
  );
}

function Kind({ desk, one, by }: { desk: Desk; one: DeskKind; by: number }) {
  const free = one.free + by;
  const what = roomWords(one);
  const more = fittingWords(one);
  const taken = [
    ...(one.held > 0 ? [t("bureau.kept", { n: one.held })] : []),
    ...(one.occupied > 0 ? [t("bureau.occupied", { n: one.occupied })] : []),
  ];
  return (
    <li class="kind" data-testid="kind">
      <div class="kind-words">
        <h3>{t("house.people", { n: one.people })}</h3>
        {more.length > 0 && <p class="hint">{more.join(" · ")}</p>}
        {taken.length > 0 && <p class="hint">{taken.join(" · ")}</p>}
      </div>
      <div class="kind-count" role="group" aria-label={what}>
        <button
          type="button"
          class="step large"
          data-testid="minus"
          aria-label={t("house.less", { what })}
          aria-disabled={free <= 0}
          onClick={() => free > 0 && desk.tap(one.kind, -1)}
        >
          <span aria-hidden="true">−</span>
        </button>
        <output class={by === 0 ? "free" : "free unsaid"} data-testid="free">
          <strong>{free}</strong>
          <span>{t("bureau.free", { n: free })}</span>
        </output>
        <button
          type="button"
          class="step large"
          data-testid="plus"
          aria-label={t("house.more", { what })}
          onClick={() => desk.tap(one.kind, 1)}
        >
          <span aria-hidden="true">+</span>
        </button>
      </div>
    </li>
  );
}

function Undo({ desk, by, what }: { desk: Desk; by: number; what: string }) {
  useEffect(() => {
    const undo = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) desk.undo();
    };
    addEventListener("keydown", undo);
    return () => removeEventListener("keydown", undo);
  }, [desk]);
  return (
    <div class="undo" role="status" data-testid="undo">
      <p>
        {what} : {t(by > 0 ? "bureau.more" : "bureau.fewer", { n: Math.abs(by) })}
      </p>
      <button type="button" class="button secondary" onClick={() => desk.undo()}>
        {t("bureau.undo")}
      </button>
    </div>
  );
}
