// One screen to ask: hold; and, only if she wishes, what it is about and whom not to tell.

import { where } from "../net/where.ts";
import type { Kind } from "../net/wire.ts";
import { Title } from "../parts/Frame.tsx";
import { typed } from "../pure/phone.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import { HoldButton } from "./Hold.tsx";
import type { Journey } from "./journey.ts";

export const KINDS: readonly Kind[] = ["followed", "harassed", "violence", "afraid", "other"];
const LONGEST_NOTE = 500;

export function Ask({ journey }: { journey: Journey }) {
  const { wish } = useStore(journey.picture);
  const phone = typed(wish.without);
  return (
    <>
      <Title>{t("ask.title")}</Title>
      <p class="mode-line">
        {t(wish.mode === "home" ? "ask.home" : "ask.public")}{" "}
        <button type="button" class="link" onClick={() => journey.back()}>
          {t("ask.change")}
        </button>
      </p>
      <HoldButton onStart={() => journey.holdStarted()} onDone={() => journey.held()} />
      <WhereWords />
      <fieldset class="chips">
        <legend>
          {t("ask.kind")} <small>{t("ask.optional")}</small>
        </legend>
        {KINDS.map((kind) => (
          <label key={kind} class="chip">
            <input type="radio" name="kind" checked={wish.kind === kind} onChange={() => journey.wish({ kind })} />
            <span>{t(`kind.${kind}`)}</span>
          </label>
        ))}
        <label class="chip">
          <input type="radio" name="kind" checked={wish.kind === null} onChange={() => journey.wish({ kind: null })} />
          <span>{t("kind.unsaid")}</span>
        </label>
      </fieldset>
      <div class="field">
        <label for="note">
          {t("ask.note")} <small>{t("ask.optional")}</small>
        </label>
        <p class="hint" id="note-hint">
          {t("ask.note_hint")}
        </p>
        <textarea
          id="note"
          class="input"
          rows={2}
          maxLength={LONGEST_NOTE}
          autocomplete="off"
          aria-describedby="note-hint"
          value={wish.note}
          onInput={(event) => journey.wish({ note: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for="without">
          {t("ask.without")} <small>{t("ask.optional")}</small>
        </label>
        <p class="hint" id="without-hint">
          {t("ask.without_hint")}
        </p>
        <input
          id="without"
          class="input"
          type="tel"
          autocomplete="off"
          aria-describedby="without-hint without-said"
          value={wish.without}
          onInput={(event) => journey.wish({ without: event.currentTarget.value })}
        />
        <p class="hint" id="without-said" role="status">
          {phone === "incomplete" && t("ask.without_incomplete")}
          {phone === "plausible" && t("ask.without_kept")}
        </p>
      </div>
    </>
  );
}

function WhereWords() {
  const { status, place, pretended } = useStore(where);
  return (
    <p class="where" role="status" data-testid="where">
      {status === "asking" && t("where.asking")}
      {status === "refused" && t("where.refused")}
      {pretended && t("where.pretended")}
      {status === "known" && !pretended && place && t("where.known", { metres: Math.round(place.accuracy_m) })}
    </p>
  );
}
