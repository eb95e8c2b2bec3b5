// The funder's page: where the money is, when it runs dry, what hotels have earned. Nobody's name is on it.

import "../styles/all.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { config, loadConfig } from "../net/config.ts";
import { Frame, Title } from "../parts/Frame.tsx";
import { useStore } from "../store.ts";
import { language, sorry, speakAsTheBrowser, t, useWords } from "../words.ts";
import { Budgets } from "./Budgets.tsx";
import { Fund, keepToken, keptToken, refusalOf } from "./fund.ts";
import { Months } from "./Months.tsx";
import { NewBudget } from "./NewBudget.tsx";

function Page() {
  useWords();
  const [fund, setFund] = useState<Fund | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function enter(token: string): Promise<void> {
    if (token === "" || busy) return;
    setBusy(true);
    setError(null);
    const entered = new Fund(token);
    try {
      await entered.begin();
      keepToken(token);
      setFund(entered);
    } catch (failure) {
      const refusal = refusalOf(failure);
      if (!refusal.temporary) keepToken(null);
      setError(refusal.temporary ? sorry(refusal.message) : t("fund.refused"));
    }
    setBusy(false);
  }

  useEffect(() => {
    void loadConfig();
    void enter(keptToken() ?? "");
  }, []);

  function leave(): void {
    fund?.end();
    keepToken(null);
    setFund(null);
  }

  if (fund === null) {
    return (
      <Frame>
        <Enter error={error} busy={busy} enter={enter} />
      </Frame>
    );
  }
  const top = (
    <button type="button" class="button secondary small" onClick={leave}>
      {t("fund.leave")}
    </button>
  );
  return (
    <Frame wide top={top}>
      <Title>{t("fund.title")}</Title>
      <Whole fund={fund} />
    </Frame>
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

interface EnterProps {
  error: string | null;
  busy: boolean;
  enter: (token: string) => Promise<void>;
}

function Enter({ error, busy, enter }: EnterProps) {
  const { development } = useStore(config);
  return (
    <>
      <Title quiet>{t("fund.title")}</Title>
      <p class="lead">{t("fund.enter_lead")}</p>
      <p>
        <a class="button primary" href="/equipe">
          {t("fund.sign_in")}
        </a>
      </p>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {development && <Pasted busy={busy} enter={enter} />}
    </>
  );
}

/** A line of the command line, on the machine of whoever works on the program. */
function Pasted({ busy, enter }: Omit<EnterProps, "error">) {
  const [token, setToken] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void enter(token.trim());
      }}
    >
      <div class="field">
        <label for="token">{t("fund.token")}</label>
        <input
          id="token"
          class="input"
          type="password"
          autocomplete="off"
          data-testid="token"
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="button secondary" aria-busy={busy} data-testid="enter">
        {t("fund.enter")}
      </button>
    </form>
  );
}

const root = document.getElementById("app");
if (root !== null) {
  void speakAsTheBrowser({
    fr: () => import("../locales/fr.json?funds"),
    en: () => import("../locales/en.json?funds"),
  }).then(() => {
    root.replaceChildren();
    render(<Page />, root);
  });
}
