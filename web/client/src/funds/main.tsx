// The funder's page: where the money is, when it runs dry, what hotels have earned. Nobody's name is on it.

import "../styles/all.css";
import { Title } from "../parts/Frame.tsx";
import { showPage } from "../parts/page.tsx";
import { StaffPage } from "../parts/SignIn.tsx";
import { useStore } from "../store.ts";
import { language, t, useWords } from "../words.ts";
import { Budgets } from "./Budgets.tsx";
import { Fund } from "./fund.ts";
import { Months } from "./Months.tsx";
import { NewBudget } from "./NewBudget.tsx";

function Page() {
  useWords();
  const title = t("fund.title");
  return (
    <StaffPage title={title} lead={t("fund.lead")} name="funder" open={(token) => new Fund(token)}>
      {(fund) => (
        <>
          <Title>{title}</Title>
          <Whole fund={fund} />
        </>
      )}
    </StaffPage>
  );
}

function Whole({ fund }: { fund: Fund }) {
  const money = useStore(fund.money);
  const ended = useStore(fund.ended);
  if (ended) {
    return (
      <p class="error" role="alert">
        {t("line.ended")}
      </p>
    );
  }
  if (money === null) return null;
  return (
    <div class="fund" data-testid="fund">
      <Counter given={money.nights_given} goal={money.goal} />
      <Budgets fund={fund} budgets={money.budgets} />
      {money.mine && <NewBudget fund={fund} tonight={money.night} />}
      <Months fund={fund} months={money.months} mine={money.mine} />
    </div>
  );
}

/** The coalition's goal, and how far it is. */
function Counter({ given, goal }: { given: number; goal: number }) {
  const number = new Intl.NumberFormat(language());
  return (
    <section class="panel counter" aria-labelledby="counter" data-testid="counter">
      <h2 id="counter">{t("fund.counter")}</h2>
      <p class="big">
        <strong>{number.format(given)}</strong> {t("fund.of_goal", { goal: number.format(goal) })}
      </p>
      <progress value={Math.min(given, goal)} max={goal} aria-labelledby="counter" />
    </section>
  );
}

void showPage(
  { fr: () => import("../locales/fr.json?funds"), en: () => import("../locales/en.json?funds") },
  <Page />,
);
