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

/** Three boards on one page; alarms of hotels, and what begins in transport, are seen from each. */
function Boards({ board }: { board: Board }) {
  const [shown, show] = useState<"help" | "rooms" | "lines">("help");
  const { found, failed, again } = useLate(() => import("../rooms/main.tsx"));
  const lines = useLate(() => import("../lines/main.tsx"));
  return (
    <>
      <nav class="tabs" aria-label={t("board.which")}>
        {(["help", "rooms", "lines"] as const).map((which) => (
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
      {lines.found !== null && (
        <lines.found.Transport line={board.line} role={board.role} shown={shown === "lines"} show={() => show("lines")} />
      )}
      {(failed || lines.failed) && (
        <p class="error" role="alert">
          {t("error.unavailable")}{" "}
          <button type="button" class="link" onClick={failed ? again : lines.again}>
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
