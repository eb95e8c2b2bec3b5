// The line, for who answers for it: how it goes beside what emergency lines ask of themselves, its door, its
// conversations, and who is there.

import { useState } from "preact/hooks";
import type { Colleague, Figures, Waiting } from "../net/listen.ts";
import { Act } from "../parts/Act.tsx";
import { useNow, useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Post } from "./post.ts";
import { lasting, reasonWords, tongue, waited } from "./words.ts";

/** NENA 020.1: nine in ten within fifteen seconds. */
const NENA = 90;

export function Supervising({ post, back }: { post: Post; back: () => void }) {
  const { line } = useStore(post.picture);
  if (line === null) return null;
  return (
    <div class="lead-line" data-testid="lead">
      <Going figures={line.figures} />
      <Door post={post} open={line.open} />
      <Talking post={post} queue={line.queue} back={back} />
      <Staff post={post} colleagues={line.colleagues} />
    </div>
  );
}

function Going({ figures }: { figures: Figures }) {
  const { waiting, answered, abandoned, p50_s, p95_s, chats_per_hour, within_15_s } = figures;
  const within = within_15_s === null ? null : Math.round(within_15_s * 100);
  const asked = answered + abandoned;
  return (
    <section class="panel" aria-labelledby="going" data-testid="figures">
      <h2 id="going">{t("listen.figures")}</h2>
      <dl class="figures">
        <Figure name={t("listen.figure.waiting")} value={String(waiting)} />
        <Figure name={t("listen.figure.p50")} value={lasting(p50_s)} more={t("listen.figure.p95", { value: lasting(p95_s) })} />
        <Figure
          name={t("listen.figure.answered")}
          value={asked === 0 ? t("listen.figure.none") : t("listen.figure.share", { n: Math.round((answered / asked) * 100) })}
          more={t("listen.figure.abandoned", { n: abandoned })}
        />
        <Figure name={t("listen.figure.per_hour")} value={chats_per_hour.toFixed(1)} />
      </dl>
      <div class="nena">
        <p>
          {within === null ? t("listen.nena_none") : t("listen.nena", { n: within })} <span class="quiet">{t("listen.nena_goal", { n: NENA })}</span>
        </p>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={t("listen.nena_bar", { n: within ?? 0, goal: NENA })}>
          <rect class="whole" width="100" height="6" />
          <rect class={within !== null && within >= NENA ? "part reached" : "part"} width={within ?? 0} height="6" />
          <rect class="goal" x={NENA - 0.2} width="0.6" height="6" />
        </svg>
      </div>
    </section>
  );
}

function Figure({ name, value, more }: { name: string; value: string; more?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {more && <small>{more}</small>}
      </dd>
    </div>
  );
}

function Door({ post, open }: { post: Post; open: boolean }) {
  const [reason, setReason] = useState("");
  return (
    <section class="panel" aria-labelledby="door" data-testid="door">
      <h2 id="door">{t(open ? "listen.door_open" : "listen.door_closed")}</h2>
      <p class="hint">{t(open ? "listen.door_open_text" : "listen.door_closed_text")}</p>
      <div class="field">
        <label for="door-reason">{t("listen.door_reason")}</label>
        <input
          id="door-reason"
          class="input"
          autocomplete="off"
          maxLength={200}
          data-testid="door-reason"
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      <Act
        act={async () => {
          await post.setLine(!open, reason.trim(), null);
          setReason("");
        }}
        question={t(open ? "listen.door_close_ask" : "listen.door_open_ask")}
        testid="door-go"
      >
        {t(open ? "listen.door_close" : "listen.door_reopen")}
      </Act>
    </section>
  );
}

function Talking({ post, queue, back }: { post: Post; queue: readonly Waiting[]; back: () => void }) {
  const now = useNow(10_000);
  const talking = queue.filter(({ state }) => state !== "closed");
  return (
    <section class="panel" aria-labelledby="talking">
      <h2 id="talking">{t("listen.talking", { n: talking.length })}</h2>
      {talking.length === 0 && <p class="quiet">{t("listen.no_talking")}</p>}
      <ol class="queue">
        {talking.map((one) => (
          <li key={one.chat} class={`waiting level-${one.level}`} data-testid="talking">
            <p class="waiting-why">
              <strong>{t(`listen.state.${one.state}`)}</strong> {(one.by ?? []).join(", ")}
            </p>
            <p class="quiet">
              {[...reasonWords(one.reasons), t("listen.waiting", { wait: waited(one.since, now) }), tongue(one.language)].join(" · ")}
            </p>
            {(one.state === "active" || one.state === "held") && (
              <Act
                act={async () => {
                  await post.watch(one.chat);
                  back();
                }}
                testid="watch"
              >
                {t("listen.watch")}
              </Act>
            )}
          </li>
        ))}
      </ol>
      <p class="hint">{t("listen.watch_text")}</p>
    </section>
  );
}

function Staff({ post, colleagues }: { post: Post; colleagues: readonly Colleague[] }) {
  return (
    <section class="panel" aria-labelledby="staff">
      <h2 id="staff">{t("listen.staff")}</h2>
      <ul class="plain-list">
        {colleagues.map((one) => (
          <li key={one.person}>
            <Member post={post} one={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Member({ post, one }: { post: Post; one: Colleague }) {
  const [trainee, setTrainee] = useState(one.trainee);
  const [languages, setLanguages] = useState(one.languages.join(" "));
  const [skills, setSkills] = useState(one.skills.join(" "));
  const [said, setSaid] = useState(false);
  const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
  const id = `member-${one.person}`;
  return (
    <details data-testid="member">
      <summary>
        {t(one.on ? "listen.load" : "listen.member_off", { name: one.name, load: one.load, capacity: one.capacity })}
      </summary>
      <label class="check">
        <input type="checkbox" checked={trainee} onChange={(event) => setTrainee(event.currentTarget.checked)} />
        {t("listen.member_trainee")}
      </label>
      <div class="pair">
        <div class="field">
          <label for={`${id}-languages`}>{t("listen.member_languages")}</label>
          <input id={`${id}-languages`} class="input" value={languages} onInput={(event) => setLanguages(event.currentTarget.value)} />
        </div>
        <div class="field">
          <label for={`${id}-skills`}>{t("listen.member_skills")}</label>
          <input id={`${id}-skills`} class="input" value={skills} onInput={(event) => setSkills(event.currentTarget.value)} />
        </div>
      </div>
      <Act
        act={async () => {
          await post.setOperator(one.person, trainee, words(languages), words(skills));
          setSaid(true);
        }}
      >
        {t("listen.member_go")}
      </Act>
      <span role="status">{said && t("listen.member_said")}</span>
    </details>
  );
}
