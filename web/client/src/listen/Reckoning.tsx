// What a supervisor looks at now and then: months that are over, and who is kept from writing. Small numbers are not
// told, so that nobody is found again in them.

import { useEffect, useState } from "preact/hooks";
import type { BlockLine, MonthCounts } from "../net/listen.ts";
import { refusalOf } from "../net/http.ts";
import { Act } from "../parts/Act.tsx";
import { clock, locale, sorry, t, told } from "../words.ts";
import type { Post } from "./post.ts";

export function Month({ post }: { post: Post }) {
  const [month, setMonth] = useState(lastMonth);
  const [found, setFound] = useState<MonthCounts | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function look(event: Event): Promise<void> {
    event.preventDefault();
    setError(null);
    try {
      setFound(await post.counts(month));
    } catch (failure) {
      setError(refusalOf(failure).message);
    }
  }

  return (
    <details class="panel practice" data-testid="month">
      <summary>{t("listen.month")}</summary>
      <form class="compose" onSubmit={(event) => void look(event)}>
        <label class="hidden" for="month">
          {t("listen.month_which")}
        </label>
        <input id="month" class="input" type="month" value={month} onInput={(event) => setMonth(event.currentTarget.value)} />
        <button type="submit" class="button secondary" data-testid="month-go">
          {t("listen.month_go")}
        </button>
      </form>
      <div role="alert">{error !== null && <p class="error">{sorry(error)}</p>}</div>
      {found !== null && (
        <div role="status">
          <p>
            <strong>{t("listen.month_chats", { n: counted(found.chats, found.small) })}</strong>
          </p>
          <Counts legend={t("listen.wrap_kinds")} section="violence" counts={found.kinds} small={found.small} />
          <Counts legend={t("listen.wrap_outcome")} section="outcome" counts={found.outcome} small={found.small} />
          <p class="hint">{t("listen.month_small", { n: found.small })}</p>
        </div>
      )}
    </details>
  );
}

interface CountsProps {
  legend: string;
  section: "violence" | "outcome";
  counts: MonthCounts["kinds"];
  small: number;
}

function Counts({ legend, section, counts, small }: CountsProps) {
  // All départements together.
  const whole = counts.filter(({ area, of }) => area === "" && of !== "");
  return (
    <dl class="counts">
      <dt>{legend}</dt>
      {whole.map(({ of, count }) => (
        <dd key={of}>
          {told({ key: `listen.${section}.${of}`, values: {} }) ?? of} <strong>{counted(count, small)}</strong>
        </dd>
      ))}
    </dl>
  );
}

function counted(count: number | null, small: number): string {
  return count === null ? t("listen.month_few", { n: small }) : new Intl.NumberFormat(locale()).format(count);
}

function lastMonth(): string {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth() - 1, 1)).toISOString().slice(0, 7);
}

export function Blocks({ post }: { post: Post }) {
  const [blocks, setBlocks] = useState<readonly BlockLine[] | null>(null);
  const look = (): Promise<void> => post.blocks().then(setBlocks, () => undefined);
  useEffect(() => void look(), [post]);
  return (
    <section class="panel" aria-labelledby="blocks" data-testid="blocks">
      <h2 id="blocks">{t("listen.blocks", { n: blocks?.length ?? 0 })}</h2>
      {blocks?.length === 0 && <p class="quiet">{t("listen.no_block")}</p>}
      {blocks !== null && blocks.length > 0 && (
        <ul class="rows">
          {blocks.map((one) => (
            <li key={one.block}>
              <p>
                {told({ key: `listen.block.${one.reason}`, values: {} }) ?? one.reason},{" "}
                {one.until ? t("listen.block_until", { day: day(one.until), at: clock(one.until) }) : t("listen.block_ever")}
                {(one.refused ?? 0) > 0 && ` · ${t("listen.block_tried", { n: one.refused ?? 0 })}`}
              </p>
              <Act
                act={async () => {
                  await post.unblock(one.block);
                  await look();
                }}
                question={t("listen.unblock_ask")}
              >
                {t("listen.unblock")}
              </Act>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function day(at: string): string {
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long" }).format(new Date(at));
}
