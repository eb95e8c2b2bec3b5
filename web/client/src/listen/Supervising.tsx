// The line, for who answers for it: how it goes beside what emergency lines ask of themselves, its door, its
// conversations, and who is there.

import { useState } from "preact/hooks";
import type { Colleague, Figures, TalkLine } from "../net/listen.ts";
import { Act } from "../parts/Act.tsx";
import { useNow, useStore } from "../store.ts";
import { locale, t } from "../words.ts";
import type { Post } from "./post.ts";
import { Blocks, Month } from "./Reckoning.tsx";
import { lasting, nameOf, tongue, waited } from "./words.ts";

/** NENA 020.1: nine in ten within fifteen seconds. */
const NENA = 0.9;

export function Supervising({ post, back }: { post: Post; back: () => void }) {
  const { line } = useStore(post.picture);
  if (line === null) return null;
  return (
    <div class="lead-line" data-testid="lead">
      <Going figures={line.figures} />
      <Door post={post} open={line.open} />
      <Talking post={post} talks={line.talks ?? []} back={back} />
      <Staff post={post} colleagues={line.colleagues} />
      <Month post={post} />
      <Blocks post={post} />
    </div>
  );
}

function Going({ figures }: { figures: Figures }) {
  const { answer_rate, abandoned, wait_p50_s, wait_p95_s, per_hour, longest_s, within_s = 15, within_aim = NENA } = figures;
  const within = figures.within === null ? null : Math.round(figures.within * 100);
  const goal = Math.round(within_aim * 100);
  return (
    <section class="panel" aria-labelledby="going" data-testid="figures">
      <h2 id="going">{t("listen.figures", { n: figures.hours })}</h2>
      <dl class="figures">
        <Figure
          name={t("listen.figure.waiting")}
          value={String(figures.waiting)}
          {...(longest_s !== null && { more: t("listen.figure.longest", { value: lasting(longest_s) }) })}
        />
        <Figure name={t("listen.figure.p50")} value={lasting(wait_p50_s)} {...(wait_p95_s !== null && { more: t("listen.figure.p95", { value: lasting(wait_p95_s) }) })} />
        <Figure
          name={t("listen.figure.answered")}
          value={answer_rate === null ? t("listen.figure.none") : t("listen.figure.share", { n: Math.round(answer_rate * 100) })}
          more={t("listen.figure.abandoned", { n: abandoned })}
        />
        <Figure
          name={t("listen.figure.per_hour")}
          value={new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(per_hour)}
          more={t("listen.figure.on_duty", { n: figures.on_duty })}
        />
      </dl>
      <div class="nena">
        <p>
          {within === null ? t("listen.nena_none") : t("listen.nena", { n: within, s: within_s })}{" "}
          <span class="quiet">{t("listen.nena_goal", { n: goal, s: within_s })}</span>
        </p>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={t("listen.nena_bar", { n: within ?? 0, goal })}>
          <rect class="whole" width="100" height="6" />
          <rect class={within !== null && within >= goal ? "part reached" : "part"} width={within ?? 0} height="6" />
          <rect class="goal" x={goal - 0.2} width="0.6" height="6" />
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
  const set = async (to: boolean | null): Promise<void> => {
    await post.setLine(to, reason.trim());
    setReason("");
  };
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
      <div class="row">
        <Act act={() => set(!open)} question={t(open ? "listen.door_close_ask" : "listen.door_open_ask")} testid="door-go">
          {t(open ? "listen.door_close" : "listen.door_reopen")}
        </Act>
        <Act kind="plain" act={() => set(null)} testid="door-hours">
          {t("listen.door_hours")}
        </Act>
      </div>
    </section>
  );
}

function Talking({ post, talks, back }: { post: Post; talks: readonly TalkLine[]; back: () => void }) {
  const { line } = useStore(post.picture);
  const now = useNow(10_000);
  const named = (person: string): string => nameOf(line?.colleagues.find((one) => one.person === person));
  return (
    <section class="panel" aria-labelledby="talking">
      <h2 id="talking">{t("listen.talking", { n: talks.length })}</h2>
      {talks.length === 0 && <p class="quiet">{t("listen.no_talking")}</p>}
      <ol class="queue">
        {talks.map((one) => (
          <li key={one.chat} class={`queue-row level-${one.level}`} data-testid="talking">
            <p class="queue-why">
              {named(one.operator)} <span class="tag">{t(`listen.state.${one.state}`)}</span>
              {one.level === 3 && <span class="tag strong">{t("listen.orange")}</span>}
              {one.exited && <span class="tag strong">{t("listen.exited")}</span>}
            </p>
            <p class="quiet">{[t("listen.since", { wait: waited(one.since, now) }), tongue(one.language)].join(" · ")}</p>
            {one.operator !== post.me && (
              <Act
                act={async () => {
                  await post.watch(one.chat);
                  back();
                }}
                testid="watch"
              >
                {t("listen.watch")}
                <span class="hidden"> {named(one.operator)}</span>
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
      {colleagues.length === 0 && <p class="quiet">{t("listen.no_staff")}</p>}
      <ul class="rows">
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
        {t(one.on ? "listen.load" : "listen.member_off", { name: nameOf(one), load: one.load, capacity: one.capacity })}
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
