// The operators' board. The session token is pasted once and never put in an address.

import "../styles/all.css";
import { useState } from "preact/hooks";
import { Title } from "../parts/Frame.tsx";
import { useLate } from "../parts/late.ts";
import { showPage } from "../parts/page.tsx";
import { StaffPage } from "../parts/SignIn.tsx";
import { t, useWords } from "../words.ts";
import { Alerts, BoardMap } from "./Alerts.tsx";
import { Applications } from "./Applications.tsx";
import { Board } from "./board.ts";
import { Delivery } from "./Delivery.tsx";
import { OpenedAlert } from "./Opened.tsx";

function Page() {
  useWords();
  return (
    <StaffPage title={t("board.title")} name="operator" open={(token) => new Board(token)} top={() => <ToListening />}>
      {(board) => (
        <>
          <Title>{t("board.title")}</Title>
          <Boards board={board} />
        </>
      )}
    </StaffPage>
  );
}

function ToListening() {
  return (
    <a href="/ecoute" data-testid="to-listening">
      {t("board.listening")}
    </a>
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

void showPage(
  { fr: () => import("../locales/fr.json?board"), en: () => import("../locales/en.json?board") },
  <Page />,
);
