// The hotel's night desk: rooms, people on their way, questions, and what to do when somebody looks for her.

import "../styles/all.css";
import { render } from "preact";
import { CodeForm } from "../parts/CodeForm.tsx";
import { Frame, Title } from "../parts/Frame.tsx";
import { useLate } from "../parts/late.ts";
import { nightDays } from "../pure/night.ts";
import { useNow, useStore } from "../store.ts";
import { clock, locale, speakAsTheBrowser, t, useWords } from "../words.ts";
import { Answering, Expected } from "./Arrivals.tsx";
import { Desk } from "./desk.ts";
import { IncidentBar } from "./Incident.tsx";
import { change, isDarkNow, manner, settleIn } from "./night.ts";
import { Rooms } from "./Rooms.tsx";

function Page({ desk }: { desk: Desk }) {
  useWords();
  const { step } = useStore(desk.picture);
  if (step === "known") return <Night desk={desk} />;
  return (
    <Frame>
      {step === "finding" && <p role="status">{t("finding.text")}</p>}
      {step === "code" && <Opening desk={desk} />}
      {step === "ended" && (
        <>
          <Title>{t("bureau.ended")}</Title>
          <p class="lead">{t("bureau.ended_text")}</p>
        </>
      )}
    </Frame>
  );
}

function Opening({ desk }: { desk: Desk }) {
  return (
    <>
      <Title quiet>{t("bureau.open_title")}</Title>
      {desk.hasLink ? (
        <>
          <p class="lead">{t("bureau.open_text")}</p>
          <CodeForm label={t("bureau.code")} go={t("bureau.open")} send={(code) => desk.open(code)} testid="desk-code" />
        </>
      ) : (
        <p class="lead">{t("bureau.no_link")}</p>
      )}
    </>
  );
}

function Night({ desk }: { desk: Desk }) {
  const { desk: known } = useStore(desk.picture);
  if (known === null) return null;
  return (
    <Frame wide top={<Manners />} bar={<IncidentBar desk={desk} />}>
      <div class="desk" data-testid="desk">
        <header class="desk-head">
          <Title quiet>{t("house.night", nightDays(known.night, locale()))}</Title>
          <p class="desk-name" dir="auto">{known.name}</p>
          <DeskLine desk={desk} />
          <OnShift desk={desk} />
        </header>
        <Answering desk={desk} known={known} />
        <Rooms desk={desk} known={known} />
        <Expected desk={desk} known={known} />
      </div>
    </Frame>
  );
}

/** Two questions without an answer. */
const SILENCE_MS = 12_000;

/** Whether what is seen is true, and what becomes of taps meanwhile. */
function DeskLine({ desk }: { desk: Desk }) {
  const { status, heardAt } = useStore(desk.line.state);
  const { taps, dropped } = useStore(desk.picture);
  const now = useNow(1_000);
  const n = taps.changes.length;
  // While the socket is away the snapshot is asked for by HTTP: only silence is an absence.
  const silent = heardAt !== null && now - heardAt > SILENCE_MS;
  const away = heardAt !== null && (!navigator.onLine || (status !== "connected" && silent));
  return (
    <div role="status" data-testid="desk-line">
      {status === "ended" && <p class="line ended">{t("line.ended")}</p>}
      {status === "connected" && !away && (
        <p class="line connected">
          <span class="mark" aria-hidden="true" />
          {t("line.connected")}
        </p>
      )}
      {status !== "connected" && status !== "ended" && !away && <p class="line connecting">{t("line.connecting")}</p>}
      {away && status !== "ended" && (
        <p class="away">
          {t("bureau.away", { time: clock(heardAt) })} {n > 0 && t("bureau.away_changes", { n })}
        </p>
      )}
      {dropped > 0 && <p class="away">{t("bureau.dropped", { n: dropped })}</p>}
    </div>
  );
}

function OnShift({ desk }: { desk: Desk }) {
  const { found } = useLate(() => import("../shift/main.tsx"));
  if (found === null) return null;
  return (
    <found.Shift
      line={desk.line}
      begin={(member, pin) => desk.beginShift(member, pin)}
      end={() => desk.endShift()}
    />
  );
}

function Manners() {
  const { sound } = useStore(manner);
  const dark = isDarkNow();
  return (
    <div class="row manners">
      <button type="button" class="button plain small" data-testid="sound" aria-pressed={sound} onClick={() => change({ sound: !sound })}>
        {t(sound ? "bureau.sound_on" : "bureau.sound_off")}
      </button>
      <button type="button" class="button plain small" data-testid="dark" onClick={() => change({ dark: !dark })}>
        {t(dark ? "bureau.light" : "bureau.dark")}
      </button>
    </div>
  );
}

const root = document.getElementById("app");
if (root !== null) {
  const desk = new Desk();
  settleIn();
  void speakAsTheBrowser({
    fr: () => import("../locales/fr.json?desk"),
    en: () => import("../locales/en.json?desk"),
  }).then(() => {
    root.replaceChildren();
    render(<Page desk={desk} />, root);
    void desk.begin(location.hash.slice(1) || null);
  });
}
