// The page "Je veux aider".

import "../styles/all.css";
import { render } from "preact";
import { useMemo } from "preact/hooks";
import { Frame, Title } from "../parts/Frame.tsx";
import { LineWords } from "../parts/LineWords.tsx";
import { useLate } from "../parts/late.ts";
import { NumbersBar } from "../parts/Numbers.tsx";
import type { HelperSelf } from "../net/wire.ts";
import { useStore } from "../store.ts";
import { speakAsTheBrowser, t, useWords } from "../words.ts";
import { Duty } from "./duty.ts";
import { Offers } from "./Offers.tsx";
import { OnDuty, Preferences } from "./OnDuty.tsx";
import { ThisPhone } from "./ThisPhone.tsx";

function Page({ duty }: { duty: Duty }) {
  useWords();
  const { step, helper } = useStore(duty.desk);
  const bar = (
    <div class="bar">
      <div class="bar-row">
        <NumbersBar />
      </div>
    </div>
  );
  return (
    <Frame bar={bar} top={<ToHelp />}>
      {step === "finding" && <p role="status">{t("finding.text")}</p>}
      {step === "intro" && <Intro duty={duty} />}
      {step === "known" && helper?.status === "applied" && <Waiting duty={duty} />}
      {step === "known" && helper?.status === "refused" && <Title>{t("applied.refused")}</Title>}
      {step === "known" && helper?.status === "approved" && (
        <Approved duty={duty} helper={helper} />
      )}
    </Frame>
  );
}

/** What only somebody who is no helper yet needs is fetched late. */
function Intro({ duty }: { duty: Duty }) {
  const { found, failed, again } = useLate(() => import("../apply/main.tsx"));
  if (found !== null) return <found.Apply duty={duty} />;
  return <Fetching failed={failed} again={again} />;
}

function Approved({ duty, helper }: { duty: Duty; helper: HelperSelf }) {
  const { found, failed, again } = useLate(() => import("../aboard/main.tsx"));
  const trips = useMemo(() => found?.begin(duty) ?? null, [found]);
  return (
    <>
      <Title>{t("duty.heading")}</Title>
      <LineWords line={duty.line} />
      {found !== null && trips !== null && <found.Calls trips={trips} />}
      <Offers duty={duty} />
      <OnDuty duty={duty} helper={helper} />
      {failed && <Fetching failed again={again} />}
      {found !== null && trips !== null && <found.Agreed trips={trips} />}
      <ThisPhone ringing={duty.ringing} />
      <Preferences duty={duty} helper={helper} />
    </>
  );
}

function Fetching({ failed, again }: { failed: boolean; again: () => void }) {
  if (!failed) return <p role="status">{t("finding.text")}</p>;
  return (
    <p class="error" role="alert">
      {t("error.unavailable")}{" "}
      <button type="button" class="link" onClick={again}>
        {t("room.again")}
      </button>
    </p>
  );
}

function Waiting({ duty }: { duty: Duty }) {
  return (
    <section data-testid="applied">
      <Title>{t("applied.sent")}</Title>
      <p class="lead" role="status">
        {t("applied.waiting")}
      </p>
      <LineWords line={duty.line} />
    </section>
  );
}

function ToHelp() {
  return (
    <a
      href="/"
      onClick={(event) => {
        event.preventDefault();
        location.replace("/");
      }}
    >
      {t("duty.need_help")}
    </a>
  );
}

const root = document.getElementById("app");
if (root !== null) {
  const duty = new Duty();
  void speakAsTheBrowser({
    fr: () => import("../locales/fr.json?helper"),
    en: () => import("../locales/en.json?helper"),
  }).then(() => {
    root.replaceChildren();
    render(<Page duty={duty} />, root);
    void duty.begin();
  });
}
