// Each budget as a bar: spent, promised, left; the day it runs dry, or that nobody can say; its entries.

import { Act } from "../parts/Act.tsx";
import { euros } from "../pure/beds.ts";
import { shares } from "../pure/money.ts";
import { useStore } from "../store.ts";
import { language, t, type Key } from "../words.ts";
import { dayInWords, momentInWords } from "./days.ts";
import type { Budget, Fund } from "./fund.ts";

export function Budgets({ fund, budgets }: { fund: Fund; budgets: readonly Budget[] }) {
  return (
    <section aria-labelledby="budgets">
      <h2 id="budgets">{t("fund.budgets")}</h2>
      {budgets.length === 0 && <p class="quiet">{t("fund.no_budget")}</p>}
      <div class="budgets">
        {budgets.map((budget) => (
          <OneBudget key={budget.budget} fund={fund} budget={budget} />
        ))}
      </div>
    </section>
  );
}

function OneBudget({ fund, budget }: { fund: Fund; budget: Budget }) {
  const { [budget.budget]: opened } = useStore(fund.opened);
  const name = `budget-${budget.budget}`;
  const low = budget.outlook === "empty" || budget.outlook === "dry";
  return (
    <article class="panel budget" aria-labelledby={name} data-testid="budget">
      <h3 id={name}>{budget.name}</h3>
      <p class="quiet">
        {budget.area === "" ? t("fund.everywhere") : t("fund.in_area", { area: budget.area })} ·{" "}
        {t("fund.period", { first: dayInWords(budget.first), last: dayInWords(budget.last) })}
        {budget.most_cents !== undefined && ` · ${t("fund.most", { amount: euros(budget.most_cents, language()) })}`}
      </p>
      <Bar budget={budget} />
      <p class={low ? "outlook low" : "outlook"} data-testid="outlook">
        {outlook(budget)}
      </p>
      {opened === undefined ? (
        <Act act={() => fund.open(budget.budget)} testid="entries">
          {t("fund.entries")}
        </Act>
      ) : (
        <>
          <button type="button" class="button secondary" aria-expanded="true" onClick={() => fund.shut(budget.budget)}>
            {t("fund.entries_hide")}
          </button>
          <div class="scroll" tabIndex={0} role="region" aria-label={t("fund.entries_of", { name: budget.name })}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("fund.when")}</th>
                  <th scope="col">{t("fund.what")}</th>
                  <th scope="col" class="amount">
                    {t("fund.amount")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {opened.entries.map((entry) => (
                  <tr key={entry.voucher}>
                    <td>{momentInWords(entry.at)}</td>
                    <td>
                      {t(`fund.kind.${entry.kind}` as Key)}
                      {entry.nights > 1 && ` · ${t("fund.month_nights", { n: entry.nights })}`}
                    </td>
                    <td class="amount">{euros(entry.cents, language())}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {opened.more && (
            <Act act={() => fund.open(budget.budget, true)} kind="plain">
              {t("fund.older")}
            </Act>
          )}
        </>
      )}
    </article>
  );
}

const PARTS = ["spent", "promised", "left"] as const;

/** Drawn for the eye; the same numbers are said beside it. */
function Bar({ budget }: { budget: Budget }) {
  const drawn = shares(PARTS.map((part) => budget[part]), budget.granted);
  const amount = (cents: number): string => euros(cents, language());
  return (
    <>
      <svg class="fund-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {PARTS.map((part, n) => (
          <rect key={part} class={part} x={drawn[n]?.from ?? 0} y="0" width={drawn[n]?.width ?? 0} height="8" />
        ))}
      </svg>
      <dl class="parts">
        {PARTS.map((part) => (
          <div key={part} data-testid={`budget-${part}`}>
            <dt>
              <span class={`swatch ${part}`} aria-hidden="true" />
              {t(`fund.part.${part}` as Key)}
            </dt>
            <dd>
              {amount(budget[part])}
              {part === "spent" && budget.paid > 0 && <small> {t("fund.of_which_paid", { amount: amount(budget.paid) })}</small>}
            </dd>
          </div>
        ))}
        <div data-testid="budget-granted">
          <dt>{t("fund.part.granted")}</dt>
          <dd>{amount(budget.granted)}</dd>
        </div>
      </dl>
    </>
  );
}

function outlook({ outlook: how, dry_on, last }: Budget): string {
  if (how === "dry" && dry_on !== undefined) return t("fund.outlook.dry", { day: dayInWords(dry_on) });
  if (how === "lasts") return t("fund.outlook.lasts", { day: dayInWords(last) });
  return t(`fund.outlook.${how}` as Key);
}
