// Accounts of those whose work is to answer: an invitation, a key, a way in, colleagues, sessions.

import "../styles/all.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadConfig } from "../net/config.ts";
import { Frame } from "../parts/Frame.tsx";
import { useStore } from "../store.ts";
import { speakAsTheBrowser, t, useWords } from "../words.ts";
import { Arriving, Enrolling } from "./Arriving.tsx";
import { Entry } from "./Entry.tsx";
import { Home } from "./Home.tsx";
import { Team } from "./team.ts";

function Page() {
  useWords();
  const [team] = useState(() => new Team());
  const { step, code } = useStore(team.state);
  useEffect(() => {
    void loadConfig();
    void team.begin();
  }, [team]);
  const leave = step === "in" && (
    <button type="button" class="button secondary small" data-testid="leave" onClick={() => void team.leave()}>
      {t("team.leave")}
    </button>
  );
  return (
    <Frame top={leave} wide={step === "in"}>
      {step === "entry" && <Entry team={team} />}
      {step === "arriving" && <Arriving team={team} code={code} />}
      {step === "enrolling" && <Enrolling team={team} />}
      {step === "in" && <Home team={team} />}
    </Frame>
  );
}

const root = document.getElementById("app");
if (root !== null) {
  void speakAsTheBrowser({
    fr: () => import("../locales/fr.json?team"),
    en: () => import("../locales/en.json?team"),
  }).then(() => {
    root.replaceChildren();
    render(<Page />, root);
  });
}
