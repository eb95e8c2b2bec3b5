// The form after a conversation: a few taps, no name, no free text. What is not known is left empty.

import { useEffect, useRef, useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { Stepper } from "../parts/Stepper.tsx";
import { newId } from "../pure/ids.ts";
import { t } from "../words.ts";
import type { Open, Post } from "./post.ts";
import { Points } from "./Practice.tsx";

const VIOLENCES = [
  ...(["physical", "psychological", "sexual", "economic", "administrative", "cyber"] as const),
  ...(["forced_marriage", "fgm", "stalking", "other"] as const),
] as const;
const OUTCOMES = [
  ...(["listened", "informed", "directed", "shelter", "help", "emergency"] as const),
  ...(["police", "health", "law", "stopped", "other"] as const),
] as const;
/** 01 to 95, 2A and 2B for 20, overseas three figures. */
const AREA = /^(0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-8]|98[678])$/;
const UNSAID = -1;

export function WrapUp({ post, open }: { post: Post; open: Open }) {
  const [kinds, setKinds] = useState<readonly string[]>([]);
  const [outcome, setOutcome] = useState<readonly string[]>([]);
  const [children, setChildren] = useState(UNSAID);
  const [area, setArea] = useState(open.area ?? "");
  const [id] = useState(newId);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);

  const place = area.trim().toUpperCase();
  const wrong = place !== "" && !AREA.test(place);

  async function done(): Promise<void> {
    if (wrong) return document.getElementById(`wrap-area-${open.chat}`)?.focus();
    const form = {
      ...{ kinds, outcome },
      ...(children !== UNSAID && { children }),
      ...(place !== "" && { area: place }),
      ...lasted(open),
    };
    await post.wrap(id, open.chat, form);
    document.getElementById("now")?.focus();
  }

  return (
    <div class="wrap-up" data-testid="wrap-up">
      <h3 ref={head} tabIndex={-1}>
        {t("listen.wrap")}
      </h3>
      <p class="hint">{t(open.practice ? "listen.wrap_practice" : "listen.wrap_text")}</p>
      <Points post={post} chat={open.chat} />
      <Several legend={t("listen.wrap_kinds")} names={VIOLENCES} section="violence" chosen={kinds} change={setKinds} />
      <div class="pair">
        <Stepper label={t("listen.wrap_children")} {...unsaid(children)} value={children} least={UNSAID} most={12} change={setChildren} testid="wrap-children" />
        <div class="field">
          <label for={`wrap-area-${open.chat}`}>{t("listen.wrap_area")}</label>
          <input
            id={`wrap-area-${open.chat}`}
            class="input brief"
            autocomplete="off"
            maxLength={3}
            aria-invalid={wrong}
            aria-describedby={`wrap-area-${open.chat}-wrong`}
            data-testid="wrap-area"
            value={area}
            onInput={(event) => setArea(event.currentTarget.value)}
          />
          <p id={`wrap-area-${open.chat}-wrong`} class="hint">
            {wrong && t("listen.wrap_area_wrong")}
          </p>
        </div>
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

function unsaid(children: number): { words?: string } {
  return children === UNSAID ? { words: t("listen.wrap_unsaid") } : {};
}

/** From her first word to the last, in whole minutes. */
function lasted({ aside }: Open): { minutes?: number } {
  const said = aside.talk.state.get().entries;
  const [first, last] = [said[0], said.at(-1)];
  if (first === undefined || last === undefined) return {};
  const minutes = Math.round((Date.parse(last.at) - Date.parse(first.at)) / 60_000);
  return minutes <= 600 ? { minutes } : {};
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
