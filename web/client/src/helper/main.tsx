// The page "Je veux aider".

import "../styles/all.css";
import { render } from "preact";
import { Frame, Title } from "../parts/Frame.tsx";
import { LineWords } from "../parts/LineWords.tsx";
import { NumbersBar } from "../parts/Numbers.tsx";
import { useStore } from "../store.ts";
import { speakAsTheBrowser, t, useWords } from "../words.ts";
import { Apply } from "./Apply.tsx";
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
      {step === "intro" && <Apply duty={duty} />}
      {step === "known" && helper?.status === "applied" && <Waiting duty={duty} />}
      {step === "known" && helper?.status === "refused" && <Title>{t("apply.refused")}</Title>}
      {step === "known" && helper?.status === "approved" && (
        <>
          <Title>{t("duty.heading")}</Title>
          <LineWords line={duty.line} />
          <Offers duty={duty} />
          <OnDuty duty={duty} helper={helper} />
          <ThisPhone ringing={duty.ringing} />
          <Preferences duty={duty} helper={helper} />
        </>
      )}
    </Frame>
  );
}

function Waiting({ duty }: { duty: Duty }) {
  return (
    <section data-testid="applied">
      <Title>{t("apply.sent")}</Title>
      <p class="lead" role="status">
        {t("apply.waiting")}
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
