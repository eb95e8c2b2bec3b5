// Taps and reports of each design as bars, with their numbers; what is not told is said to be; and the verdict.

import { count, length, most, times, type Design } from "../pure/campaign.ts";
import { language, t, type Key } from "../words.ts";
import { dayOf } from "./days.ts";
import { placeWords } from "./NewCampaign.tsx";
import type { Campaign, Table } from "./studio.ts";

export function Figures({ of }: { of: Campaign }) {
  return (
    <div class="measured">
      <Judged of={of} />
      <Bars of={of} table={of.taps} what="taps" />
      <Bars of={of} table={of.reports} what="reports" />
      <section class="panel" aria-labelledby="places">
        <h3 id="places">{t("studio.by_place")}</h3>
        <Places of={of} />
      </section>
      <p class="hint">{t("studio.small_hint", { n: of.small })}</p>
    </div>
  );
}

/** In words; with how much surely, and never more. */
function Judged({ of }: { of: Campaign }) {
  const { word, design, ratios = [], until } = of.verdict;
  return (
    <section class={`panel verdict ${word}`} aria-labelledby="verdict" data-testid="verdict">
      <h3 id="verdict">{t("studio.verdict.title")}</h3>
      <p class="headline">{word === "better" && design !== undefined ? t("studio.verdict.better", { design: designWord(design) }) : t(`studio.verdict.${word}` as Key)}</p>
      {ratios.map(({ over, low, high }) => (
        <p key={over}>{t("studio.verdict.ratio", { design: designWord(over), low: said(times(low)), high: said(high) })}</p>
      ))}
      {word !== "alone" && <p class="hint">{t("studio.verdict.until", { day: dayOf(until) })}</p>}
    </section>
  );
}

function Bars({ of, table, what }: { of: Campaign; table: Table; what: "taps" | "reports" }) {
  const { designs, languages } = of;
  const rows = designs.flatMap((design) => languages.map((speech) => count(table.cells, design, speech)));
  const longest = most([...designs.map((design) => count(table.cells, design)), ...rows]);
  const total = count(table.cells);
  return (
    <section class="panel" aria-labelledby={what} data-testid={what}>
      <h3 id={what}>
        {t(`studio.${what}` as Key)}
        <span class="total"> {total === null ? t("studio.few_in_all", { n: of.small }) : t("studio.in_all", { n: total })}</span>
      </h3>
      <dl class="bars">
        {designs.map((design) => (
          <div key={design} data-testid={`${what}-${design}`}>
            <dt>{designWord(design)}</dt>
            <dd>
              <Bar many={count(table.cells, design)} longest={longest} small={of.small} />
              {languages.length > 1 && (
                <ul class="split">
                  {languages.map((speech) => (
                    <li key={speech}>
                      <span>{t(`studio.speech.${speech}` as Key)}</span> <Many many={count(table.cells, design, speech)} small={of.small} />
                    </li>
                  ))}
                </ul>
              )}
              {what === "taps" && (of.drills[design] ?? 0) > 0 && <small>{t("studio.drills_there", { n: of.drills[design] ?? 0 })}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Bar({ many, longest, small }: { many: number | null; longest: number; small: number }) {
  return (
    <div class="count-bar">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {many === null ? (
          <rect class="untold" x="0" y="0" width="100" height="8" />
        ) : (
          <rect class="told" x="0" y="0" width={length(many, longest)} height="8" />
        )}
      </svg>
      <strong>
        <Many many={many} small={small} />
      </strong>
    </div>
  );
}

function Many({ many, small }: { many: number | null; small: number }) {
  return many === null ? <em class="few">{t("studio.few", { n: small })}</em> : <>{new Intl.NumberFormat(language()).format(many)}</>;
}

function Places({ of }: { of: Campaign }) {
  const { taps, places, small } = of;
  if (taps.places === null) return <p>{t("studio.no_place_told")}</p>;
  return (
    <ul class="by-place" data-testid="by-place">
      {places.map((place, n) => (
        <li key={placeWords(place)}>
          <span>{placeWords(place)}</span> <Many many={taps.places?.[n] ?? null} small={small} />
        </li>
      ))}
    </ul>
  );
}

export function designWord(design: Design): string {
  return t(`studio.design.${design}` as Key);
}

function said(ratio: number): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(ratio);
}
