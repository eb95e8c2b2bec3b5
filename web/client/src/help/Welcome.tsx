// The first screen: what this is, what it cannot do, and the one question that matters now.

import { Title } from "../parts/Frame.tsx";
import { t } from "../words.ts";
import type { Journey } from "./journey.ts";

export function Welcome({ journey, first }: { journey: Journey; first: boolean }) {
  return (
    <>
      <Title quiet={first}>{t("welcome.title")}</Title>
      <p class="lead">{t("welcome.lead")}</p>
      <p class="honest">{t("welcome.history")}</p>
      <section class="choice" aria-labelledby="where">
        <h2 id="where">{t("welcome.where")}</h2>
        <button type="button" class="button primary big" data-testid="mode-public" onClick={() => journey.ask("public")}>
          {t("mode.public")}
          <small>{t("mode.public_more")}</small>
        </button>
        <button type="button" class="button primary big" data-testid="mode-home" onClick={() => journey.ask("home")}>
          {t("mode.home")}
          <small>{t("mode.home_more")}</small>
        </button>
        <button type="button" class="button primary big" data-testid="transport" onClick={() => journey.open("transport")}>
          {t("mode.transport")}
          <small>{t("mode.transport_more")}</small>
        </button>
        <button type="button" class="button secondary big" data-testid="write" onClick={() => journey.open("chat")}>
          {t("mode.write")}
          <small>{t("mode.write_more")}</small>
          <small>
            <span lang="ar">العربية</span> · <span lang="uk">Українська</span> · <span lang="es">Español</span>
          </small>
        </button>
        <button type="button" class="button secondary big" data-testid="sleep" onClick={() => journey.open("sleep")}>
          {t("mode.sleep")}
          <small>{t("mode.sleep_more")}</small>
        </button>
        <button type="button" class="link" data-testid="come-back" onClick={() => journey.open("back")}>
          {t("mode.back")}
        </button>
      </section>
      <section class="card" aria-labelledby="before">
        <h2 id="before">{t("welcome.before")}</h2>
        <ul class="plain-list">
          <li>{t("welcome.running")}</li>
          <li>{t("welcome.exit")}</li>
        </ul>
        <details>
          <summary>{t("welcome.more")}</summary>
          <p>{t("welcome.private")}</p>
          <p>{t("welcome.erase")}</p>
          <p>{t("welcome.cookie")}</p>
        </details>
      </section>
      <p>
        <a
          class="button secondary"
          href="/aider"
          onClick={(event) => {
            event.preventDefault();
            location.replace("/aider");
          }}
        >
          {t("welcome.helper")}
        </a>
      </p>
    </>
  );
}
