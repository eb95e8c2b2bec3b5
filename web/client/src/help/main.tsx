// The page "J'ai besoin d'aide": one address and one history entry for the whole journey.

import "../styles/all.css";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Frame, Title } from "../parts/Frame.tsx";
import { codeIn } from "../pure/poster.ts";
import { useStore } from "../store.ts";
import { speakAsTheBrowser, t, useWords } from "../words.ts";
import { Ask } from "./Ask.tsx";
import { Ended } from "./Ended.tsx";
import { ExitBar } from "./Exit.tsx";
import { Journey } from "./journey.ts";
import { atExit, covered, guardReturn } from "./leaving.ts";
import { Later } from "./Later.tsx";
import { Live } from "./Live.tsx";
import { SendingScreen } from "./SendingScreen.tsx";
import { Welcome } from "./Welcome.tsx";

function Page({ journey }: { journey: Journey }) {
  useWords();
  const { screen, chat } = useStore(journey.picture);
  const first = useRef(true);
  useEffect(() => {
    if (screen !== "finding" && screen !== "welcome") first.current = false;
  }, [screen]);
  if (useStore(covered)) return null;
  return (
    <Frame bar={<ExitBar />}>
      {chat !== null && (screen === "sleep" || screen === "live" || screen === "ended") && (
        <button type="button" class="button secondary" data-testid="to-chat" onClick={() => journey.open("chat")}>
          {t("mode.talk")}
        </button>
      )}
      {screen === "finding" && <Finding />}
      {screen === "welcome" && <Welcome journey={journey} first={first.current} />}
      {screen === "ask" && <Ask journey={journey} />}
      {screen === "sending" && <SendingScreen journey={journey} />}
      {screen === "live" && <Live journey={journey} />}
      {screen === "ended" && <Ended journey={journey} />}
      {(screen === "sleep" || screen === "chat" || screen === "back" || screen === "transport") && <Later key={screen} journey={journey} screen={screen} />}
    </Frame>
  );
}

function Finding() {
  return (
    <section class="waiting">
      <Title quiet>{t("finding.title")}</Title>
      <p role="status">{t("finding.text")}</p>
    </section>
  );
}

const root = document.getElementById("app");
if (root !== null) {
  // A poster's code is read once, and the address is the same for everybody again.
  const journey = new Journey(codeIn(location.hash));
  atExit(() => journey.wipe());
  guardReturn();
  history.replaceState(null, "", "/");
  void speakAsTheBrowser({
    fr: () => import("../locales/fr.json?help"),
    en: () => import("../locales/en.json?help"),
  }).then(() => {
    root.replaceChildren();
    render(<Page journey={journey} />, root);
    void journey.begin();
  });
}
