// The form after a conversation: a few taps, no name, no free text. What is not known is left empty.

import { useEffect, useRef, useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { Stepper } from "../parts/Stepper.tsx";
import { newId } from "../pure/ids.ts";
import { t } from "../words.ts";
import type { Open, Post } from "./post.ts";

export const VIOLENCES = [
  ...(["physical", "psychological", "sexual", "economic", "administrative", "cyber"] as const),
  ...(["forced_marriage", "fgm", "stalking", "other"] as const),
] as const;
export const OUTCOMES = ["listened", "informed", "referred", "bridged", "emergency", "left", "not_concerned"] as const;

export function WrapUp({ post, open }: { post: Post; open: Open }) {
  const [kinds, setKinds] = useState<readonly string[]>([]);
  const [outcome, setOutcome] = useState<readonly string[]>([]);
  const [children, setChildren] = useState(0);
  const [area, setArea] = useState(open.area ?? "");
  const [id] = useState(newId);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);

  function done(): Promise<void> {
    return post.wrap(id, open.chat, { kinds, children, area: area.trim() || null, outcome });
  }

  return (
    <div class="wrap-up" data-testid="wrap-up">
      <h3 ref={head} tabIndex={-1}>
        {t("listen.wrap")}
      </h3>
      <p class="hint">{t("listen.wrap_text")}</p>
      <Several legend={t("listen.wrap_kinds")} names={VIOLENCES} section="violence" chosen={kinds} change={setKinds} />
      <Stepper label={t("listen.wrap_children")} value={children} most={12} change={setChildren} testid="wrap-children" />
      <div class="field">
        <label for={`wrap-area-${open.chat}`}>{t("listen.wrap_area")}</label>
        <input
          id={`wrap-area-${open.chat}`}
          class="input short"
          autocomplete="off"
          maxLength={3}
          data-testid="wrap-area"
          value={area}
          onInput={(event) => setArea(event.currentTarget.value)}
        />
      </div>
      <Several legend={t("listen.wrap_outcome")} names={OUTCOMES} section="outcome" chosen={outcome} change={setOutcome} />
      <div class="row">
        <Act kind="primary" act={done} testid="wrap-go">
          {t("listen.wrap_go")}
        </Act>
        <span class="hint">{t("listen.wrap_breathe")}</span>
      </div>
    </div>
  );
}

interface SeveralProps<N extends string> {
  legend: string;
  names: readonly N[];
  section: "violence" | "outcome";
  chosen: readonly string[];
  change: (chosen: readonly string[]) => void;
}

function Several({ legend, names, section, chosen, change }: SeveralProps<string>) {
  return (
    <fieldset class="chips">
      <legend>{legend}</legend>
      {names.map((name) => (
        <label key={name} class="chip">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            data-testid={`wrap-${name}`}
            onChange={(event) => change(event.currentTarget.checked ? [...chosen, name] : chosen.filter((one) => one !== name))}
          />
          <span>{t(`listen.${section}.${name}` as "listen.violence.other")}</span>
        </label>
      ))}
    </fieldset>
  );
}
