// Partner associations: a worker asks for a room for somebody, and follows it. She is shown her own requests only.

import "../styles/all.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadConfig } from "../net/config.ts";
import { Frame, Title } from "../parts/Frame.tsx";
import { LineWords } from "../parts/LineWords.tsx";
import { AskFor } from "../rooms/AskFor.tsx";
import { FollowUps } from "../rooms/FollowUps.tsx";
import { Need } from "../rooms/Need.tsx";
import { Needs } from "../rooms/Needs.tsx";
import { useStore } from "../store.ts";
import { sorry, speakAsTheBrowser, t, useWords } from "../words.ts";
import { keepToken, keptToken, Own, refusalOf } from "./own.ts";

function Page() {
  useWords();
  const [own, setOwn] = useState<Own | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function enter(token: string | null): Promise<void> {
    if (token === null) return;
    const entered = new Own(token);
    try {
      await entered.begin();
      setOwn(entered);
    } catch (failure) {
      const { message, temporary } = refusalOf(failure);
      if (!temporary) keepToken(null);
      setError(temporary ? sorry(message) : t("beside.refused"));
    }
  }

  useEffect(() => {
    void loadConfig();
    void enter(keptToken());
  }, []);

  function leave(): void {
    own?.end();
    keepToken(null);
    setOwn(null);
  }

  if (own === null) {
    return (
      <Frame>
        <Title quiet>{t("beside.title")}</Title>
        <p class="lead">{t("beside.lead")}</p>
        <div role="alert">{error !== null && <p class="error">{error}</p>}</div>
        <p>
          <a class="button primary" href="/equipe" data-testid="with-key">
            {t("beside.sign_in")}
          </a>
        </p>
      </Frame>
    );
  }
  const top = (
    <div class="row">
      <LineWords line={own.line} />
      <button type="button" class="button secondary small" data-testid="leave" onClick={leave}>
        {t("beside.leave")}
      </button>
    </div>
  );
  return (
    <Frame wide top={top}>
      <Title>{t("beside.title")}</Title>
      <Whole own={own} />
    </Frame>
  );
}

function Whole({ own }: { own: Own }) {
  const { found, problem } = useStore(own.areas);
  return (
    <div class="board" data-testid="beside">
      <div class="column">
        <AskFor
          nights={own}
          title={t("beside.ask")}
          areas={found}
          begun={() => void own.findAreas()}
          problem={problem}
        />
        <Needs nights={own} />
        <FollowUps nights={own} />
      </div>
      <div class="column">
        <Need nights={own} />
      </div>
    </div>
  );
}

const root = document.getElementById("app");
if (root !== null) {
  void speakAsTheBrowser({
    fr: () => import("../locales/fr.json?beside"),
    en: () => import("../locales/en.json?beside"),
  }).then(() => {
    root.replaceChildren();
    render(<Page />, root);
  });
}
