// Passing a conversation on: how, to whom, and what the other must know. Whoever cannot be asked says why.

import { useState } from "preact/hooks";
import type { Way } from "../net/listen.ts";
import { Act } from "../parts/Act.tsx";
import { newId } from "../pure/ids.ts";
import { refusal } from "../pure/listening.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Open, Post } from "./post.ts";
import { nameOf, tongue } from "./words.ts";

const WAYS: readonly Way[] = ["warm", "cold", "consult"];
const QUEUE = "queue";

export function Transfer({ post, open }: { post: Post; open: Open }) {
  const { line } = useStore(post.picture);
  const [way, setWay] = useState<Way>("warm");
  const [to, setTo] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const others = (line?.colleagues ?? []).filter(({ person }) => person !== post.me);
  const skills = [...new Set(others.flatMap((one) => (one.on ? one.skills : [])))].sort();
  // Nobody presents her to a queue, nor asks it for advice.
  const wholeQueue = way === "cold";

  function pass(): Promise<void> {
    const [kind, ...rest] = (to ?? "").split(":");
    const name = rest.join(":");
    return post.transfer(newId(), open.chat, way, kind === "person" ? { person: name } : kind === "skill" ? { skill: name } : {}, note.trim());
  }

  return (
    <div class="transfer">
      <fieldset class="choice-set">
        <legend>{t("listen.way")}</legend>
        {WAYS.map((one) => (
          <label key={one} class="check">
            <input type="radio" name={`way-${open.chat}`} checked={way === one} data-testid={`way-${one}`} onChange={() => setWay(one)} />
            <span>
              {t(`listen.way.${one}`)} <small>{t(`listen.way.${one}_text`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="choice-set">
        <legend>{t("listen.to")}</legend>
        {others.map((one) => {
          const why = refusal(one);
          return (
            <label key={one.person} class={why === null ? "check" : "check off"}>
              <input
                type="radio"
                name={`to-${open.chat}`}
                disabled={why !== null}
                checked={to === `person:${one.person}`}
                data-testid="to"
                onChange={() => setTo(`person:${one.person}`)}
              />
              <span>
                {nameOf(one)}{" "}
                <small>
                  {why !== null ? t(why) : [t("listen.to.load", { load: one.load, capacity: one.capacity }), ...one.languages.map(tongue)].join(" · ")}
                </small>
              </span>
            </label>
          );
        })}
        {skills.map((skill) => (
          <label key={skill} class="check">
            <input type="radio" name={`to-${open.chat}`} checked={to === `skill:${skill}`} onChange={() => setTo(`skill:${skill}`)} />
            <span>{t("listen.to.skill", { skill })}</span>
          </label>
        ))}
        {wholeQueue && (
          <label class="check">
            <input type="radio" name={`to-${open.chat}`} checked={to === QUEUE} data-testid="to-queue" onChange={() => setTo(QUEUE)} />
            <span>
              {t("listen.to.queue")} <small>{t("listen.to.queue_text")}</small>
            </span>
          </label>
        )}
        {others.length === 0 && !wholeQueue && <p class="quiet">{t("listen.to.nobody")}</p>}
      </fieldset>
      <div class="field team-words">
        <label for={`hand-${open.chat}`}>{t("listen.handover")}</label>
        <p class="hint">{t("listen.handover_text")}</p>
        <textarea
          id={`hand-${open.chat}`}
          class="input"
          rows={3}
          maxLength={2_000}
          data-testid="handover"
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </div>
      {to === null ? (
        <p class="quiet">{t("listen.to.choose")}</p>
      ) : (
        <Act kind="primary" act={pass} testid="pass-on">
          {t(`listen.way.${way}_go`)}
        </Act>
      )}
    </div>
  );
}

/** What is under way, for both of them, above everything else of the conversation. */
export function Transferring({ post, open }: { post: Post; open: Open }) {
  const { line } = useStore(post.picture);
  const { chat, transfer, role } = open;
  if (!transfer) return null;
  const { way, to, by, joined } = transfer;
  const hers = role === "operator";
  const other = nameOf(line?.colleagues.find(({ person }) => person === (hers ? to : by)));
  return (
    <section class="passing" aria-label={t("listen.passing")} role="status" data-testid="passing">
      <p>
        <strong>{t(joined ? "listen.passing.both" : "listen.passing.waiting", { who: other })}</strong>{" "}
        {joined && t(hers ? `listen.passing.${way}` : `listen.passing.to.${way}`)}
      </p>
      {joined && hers && (
        <Act kind="primary" act={() => post.finishTransfer(chat)} testid="passing-finish">
          {t(way === "consult" ? "listen.passing.thank" : "listen.passing.finish", { who: other })}
        </Act>
      )}
      {joined && !hers && way === "consult" && (
        <Act act={() => post.finishTransfer(chat)} testid="passing-finish">
          {t("listen.passing.advised")}
        </Act>
      )}
    </section>
  );
}
