// Partner associations: a worker asks for a room for somebody, and follows it. She is shown her own requests only.

import "../styles/all.css";
import { Title } from "../parts/Frame.tsx";
import { showPage } from "../parts/page.tsx";
import { StaffPage } from "../parts/SignIn.tsx";
import { AskFor } from "../rooms/AskFor.tsx";
import { FollowUps } from "../rooms/FollowUps.tsx";
import { Need } from "../rooms/Need.tsx";
import { Needs } from "../rooms/Needs.tsx";
import { useStore } from "../store.ts";
import { t, useWords } from "../words.ts";
import { Own } from "./own.ts";

function Page() {
  useWords();
  const title = t("beside.title");
  return (
    <StaffPage title={title} lead={t("beside.lead")} name="companion" open={(token) => new Own(token)}>
      {(own) => (
        <>
          <Title>{title}</Title>
          <Whole own={own} />
        </>
      )}
    </StaffPage>
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

void showPage(
  { fr: () => import("../locales/fr.json?beside"), en: () => import("../locales/en.json?beside") },
  <Page />,
);
