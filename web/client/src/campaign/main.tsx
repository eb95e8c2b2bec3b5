// The campaign studio: posters and stickers, what is counted of them, exercises, and where and when it happens.

import "../styles/all.css";
import { useEffect } from "preact/hooks";
import { Title } from "../parts/Frame.tsx";
import { showPage } from "../parts/page.tsx";
import { StaffPage } from "../parts/SignIn.tsx";
import { useStore } from "../store.ts";
import { t, useWords, type Key } from "../words.ts";
import { Campaigns } from "./Campaigns.tsx";
import { Drills } from "./Drills.tsx";
import { Hours } from "./Hours.tsx";
import { Opened } from "./Opened.tsx";
import { Studio, type View } from "./studio.ts";

const VIEWS: readonly View[] = ["posters", "drills", "hours"];

function Page() {
  useWords();
  const title = t("studio.title");
  return (
    <StaffPage title={title} lead={t("studio.lead")} name="campaign" open={(token) => new Studio(token)}>
      {(studio) => <Whole studio={studio} />}
    </StaffPage>
  );
}

function Whole({ studio }: { studio: Studio }) {
  const view = useStore(studio.view);
  const opened = useStore(studio.opened);
  const ended = useStore(studio.ended);
  useEffect(() => {
    if (view === "drills") void studio.lookAtDrills().catch(() => undefined);
  }, [view]);
  if (ended) {
    return (
      <p class="error" role="alert">
        {t("line.ended")}
      </p>
    );
  }
  return (
    <div class="studio" data-testid="studio">
      <Title>{t("studio.title")}</Title>
      <nav class="views" aria-label={t("studio.views")}>
        {VIEWS.map((one) => (
          <button
            key={one}
            type="button"
            class="button secondary"
            aria-current={view === one ? "page" : undefined}
            data-testid={`view-${one}`}
            onClick={() => studio.view.set(one)}
          >
            {t(`studio.view.${one}` as Key)}
          </button>
        ))}
      </nav>
      {view === "posters" && (opened === null ? <Campaigns studio={studio} /> : <Opened key={opened.campaign} studio={studio} of={opened} />)}
      {view === "drills" && <Drills studio={studio} />}
      {view === "hours" && <Hours studio={studio} />}
    </div>
  );
}

void showPage(
  { fr: () => import("../locales/fr.json?campaign"), en: () => import("../locales/en.json?campaign") },
  <Page />,
);
