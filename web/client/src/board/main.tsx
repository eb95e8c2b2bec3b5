// The operators' board. The session token is pasted once and never put in an address.

import "../styles/all.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { config, loadConfig } from "../net/config.ts";
import { Frame, Title } from "../parts/Frame.tsx";
import { useLate } from "../parts/late.ts";
import { LineWords } from "../parts/LineWords.tsx";
import { useStore } from "../store.ts";
import { sorry, speakAsTheBrowser, t, useWords } from "../words.ts";
import { Alerts, BoardMap } from "./Alerts.tsx";
import { Applications } from "./Applications.tsx";
import { Board, keepToken, keptToken, refusalOf } from "./board.ts";
import { Delivery } from "./Delivery.tsx";
import { OpenedAlert } from "./Opened.tsx";

function Page() {
  useWords();
  const [board, setBoard] = useState<Board | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function enter(token: string): Promise<void> {
    if (token === "" || busy) return;
    setBusy(true);
    setError(null);
    const entered = new Board(token);
    try {
      await entered.begin();
      keepToken(token);
      setBoard(entered);
    } catch (failure) {
      const refusal = refusalOf(failure);
      if (!refusal.temporary) keepToken(null);
      setError(refusal.temporary ? sorry(refusal.message) : t("enter.refused"));
    }
    setBusy(false);
  }

  useEffect(() => {
    void loadConfig();
    void enter(keptToken() ?? "");
  }, []);

  function leave(): void {
    board?.end();
    keepToken(null);
    setBoard(null);
  }

  if (board === null) {
    return (
      <Frame>
        <Enter error={error} busy={busy} enter={enter} />
      </Frame>
    );
  }
  const top = (
    <div class="row">
      <LineWords line={board.line} />
      <button type="button" class="button secondary small" onClick={leave}>
        {t("board.leave")}
      </button>
    </div>
  );
  return (
    <Frame wide top={top}>
      <Title>{t("board.title")}</Title>
      <Boards board={board} />
    </Frame>
  );
}

/** Two boards on one page; alarms of hotels are seen from both. */
function Boards({ board }: { board: Board }) {
  const [shown, show] = useState<"help" | "rooms">("help");
  const { found, failed, again } = useLate(() => import("../rooms/main.tsx"));
  return (
    <>
      <nav class="tabs" aria-label={t("board.which")}>
        {(["help", "rooms"] as const).map((which) => (
          <button
            key={which}
            type="button"
            class="button secondary"
            aria-pressed={shown === which}
            data-testid={`board-${which}`}
            onClick={() => show(which)}
          >
            {t(`board.which.${which}`)}
          </button>
        ))}
      </nav>
      {found !== null && <found.Rooms line={board.line} shown={shown === "rooms"} show={() => show("rooms")} />}
      {failed && (
        <p class="error" role="alert">
          {t("error.unavailable")}{" "}
          <button type="button" class="link" onClick={again}>
            {t("room.again")}
          </button>
        </p>
      )}
      {shown === "help" && (
        <div class="board">
          <div class="column">
            <Alerts board={board} />
            <Applications board={board} />
            <Delivery board={board} />
          </div>
          <div class="column">
            <OpenedAlert board={board} />
            <BoardMap board={board} />
          </div>
        </div>
      )}
    </>
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
      <Title quiet>{t("board.title")}</Title>
      <p>
        <a class="button primary" href="/equipe" data-testid="with-key">
          {t("enter.key")}
        </a>
      </p>
      {development && <Pasted error={error} busy={busy} enter={enter} />}
    </>
  );
}

/** A line of the command line, on the machine of whoever works on the program. */
function Pasted({ error, busy, enter }: EnterProps) {
  const [token, setToken] = useState("");
  return (
    <>
      <p class="quiet">{t("enter.or")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter(token.trim());
        }}
      >
        <div class="field">
          <label for="token">{t("enter.token")}</label>
          <p class="hint" id="token-hint">
            {t("enter.hint")}
          </p>
          <input
            id="token"
            class="input"
            type="password"
            autocomplete="off"
            aria-describedby="token-hint"
            data-testid="token"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </div>
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        <button type="submit" class="button secondary" aria-busy={busy} data-testid="enter">
          {t("enter.go")}
        </button>
      </form>
    </>
  );
}

const root = document.getElementById("app");
if (root !== null) {
  void speakAsTheBrowser({
    fr: () => import("../locales/fr.json?board"),
    en: () => import("../locales/en.json?board"),
  }).then(() => {
    root.replaceChildren();
    render(<Page />, root);
  });
}
