// Who waits and why in that order, whom she is with, and which colleagues are there.

import { useNow, useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Open, Post } from "./post.ts";
import { Practice } from "./Practice.tsx";
import { loadWords, reasonWords, tongue, waited } from "./words.ts";

export function Rail({ post }: { post: Post }) {
  const { line, open } = useStore(post.picture);
  if (line === null) return null;
  const on = line.colleagues.filter((one) => one.on && one.person !== post.me);
  return (
    <>
      {open.length > 0 && <Hers post={post} open={open} />}
      <Queue post={post} n={line.queue.length} />
      <section class="panel" aria-labelledby="colleagues">
        <h2 id="colleagues">{t("listen.colleagues", { n: on.length })}</h2>
        {on.length === 0 && <p class="quiet">{t("listen.alone")}</p>}
        {on.length > 0 && (
          <ul class="rows">
            {on.map((one) => (
              <li key={one.person} data-testid="colleague">
                {loadWords(one)} {one.trainee && <span class="tag">{t("listen.trainee")}</span>}
              </li>
            ))}
          </ul>
        )}
      </section>
      <Practice post={post} />
    </>
  );
}

function Hers({ post, open }: { post: Post; open: readonly Open[] }) {
  const { at } = useStore(post.picture);
  const waits = useStore(post.waits);
  const now = useNow(10_000);
  return (
    <nav class="panel" aria-labelledby="hers">
      <h2 id="hers">{t("listen.mine")}</h2>
      <ul class="rows">
        {open.map((one, n) => {
          const since = one.exited ? null : waits[one.chat];
          return (
            <li key={one.chat}>
              <button
                type="button"
                class={since ? "mine-line waits" : "mine-line"}
                aria-pressed={at === one.chat}
                data-testid="mine"
                onClick={() => {
                  post.show({ at: one.chat });
                  document.getElementById(`reply-${one.chat}`)?.focus();
                }}
              >
                <span class="badge" aria-hidden="true">
                  {n + 1}
                </span>
                <span>
                  <span class="hidden">{t("listen.chat", { n: n + 1 })}, </span>
                  {one.role !== "operator"
                    ? t(`listen.role.${one.role}`)
                    : one.exited
                      ? t("listen.exited")
                      : since && one.state === "active"
                      ? t("listen.waits_for_you", { wait: waited(since, now) })
                      : t(`listen.state.${one.state}`)}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Queue({ post, n }: { post: Post; n: number }) {
  const { line, offers } = useStore(post.picture);
  const now = useNow(10_000);
  const waiting = line?.queue ?? [];
  const mine = new Set(offers.map(({ chat }) => chat));
  return (
    <section class="panel" aria-labelledby="queue">
      <h2 id="queue">{t("listen.queue", { n })}</h2>
      {n === 0 && <p class="quiet">{t("listen.no_queue")}</p>}
      {n > 0 && (
        <ol class="queue">
          {waiting.map((one) => {
            const reasons = reasonWords(one.reasons);
            return (
              <li key={one.chat} class={`queue-row level-${one.level}`} data-testid="waiting">
                <p class="queue-why">
                  <span class="place">{one.place}</span>
                  {reasons.length > 0 ? reasons.join(", ") : t("listen.order.came")}
                  {one.skill && <span class="tag">{one.skill}</span>}
                  {one.exited && <span class="tag strong">{t("listen.exited")}</span>}
                </p>
                <p class="quiet">
                  {[
                    t("listen.waiting", { wait: waited(one.since, now) }),
                    tongue(one.language),
                    ...(one.area ? [one.area] : []),
                    ...(one.state === "offered" ? [t(mine.has(one.chat) ? "listen.offered_to_you" : "listen.state.offered")] : []),
                  ].join(" · ")}
                </p>
              </li>
            );
          })}
        </ol>
      )}
      {n > 0 && (
        <details>
          <summary>{t("listen.order")}</summary>
          <p class="hint">{t("listen.order.text")}</p>
        </details>
      )}
    </section>
  );
}
