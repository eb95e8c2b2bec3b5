// What hotels have earned, month by month: statements to download, and what is still to be paid.

import { useRef } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { euros } from "../pure/beds.ts";
import { newId } from "../pure/ids.ts";
import { language, t } from "../words.ts";
import { monthInWords } from "./days.ts";
import type { Fund, Month } from "./fund.ts";

interface MonthsProps {
  fund: Fund;
  months: readonly Month[];
  mine: boolean;
}

export function Months({ fund, months, mine }: MonthsProps) {
  return (
    <section aria-labelledby="months" data-testid="months">
      <h2 id="months">{t("fund.months")}</h2>
      <p class="hint">{t("fund.months_hint")}</p>
      {months.length === 0 && <p class="quiet">{t("fund.no_month")}</p>}
      <ul class="months">
        {months.map((month) => (
          <OneMonth key={`${month.month} ${month.hotel}`} fund={fund} month={month} mine={mine} />
        ))}
      </ul>
    </section>
  );
}

function OneMonth({ fund, month, mine }: { fund: Fund; month: Month; mine: boolean }) {
  // The same payment however often it is asked for.
  const id = useRef(newId());
  const amount = (cents: number): string => euros(cents, language());
  const reference = month.hotel.slice(-4);
  return (
    <li class="panel" data-testid="month">
      <h3>
        {t("fund.month_of", { hotel: `${month.area} · ${reference}`, month: monthInWords(month.month) })}
      </h3>
      <p>
        {t("fund.month_nights", { n: month.nights })} ·{" "}
        {month.owed > 0 ? t("fund.month_owed", { amount: amount(month.owed) }) : t("fund.month_paid", { amount: amount(month.paid) })}
      </p>
      <div class="row">
        <Act act={() => fund.download(month, "csv")} testid="csv">
          {t("fund.csv")}
        </Act>
        <Act act={() => fund.download(month, "pdf")} testid="pdf">
          {t("fund.pdf")}
        </Act>
        {mine && month.payable && (
          <Act
            act={() => fund.pay(id.current, month)}
            kind="primary"
            question={t("fund.pay_question", { amount: amount(month.owed) })}
            yes={t("fund.pay_yes")}
            testid="pay"
          >
            {t("fund.pay")}
          </Act>
        )}
      </div>
    </li>
  );
}
