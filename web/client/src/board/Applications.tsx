// People who offer to help, waiting for somebody to decide.

import { useStore } from "../store.ts";
import { Act } from "../parts/Act.tsx";
import { clock, t, type Key } from "../words.ts";
import type { Board } from "./board.ts";

const TONGUES = ["fr", "en", "ar", "es", "pt", "uk"];

export function Applications({ board }: { board: Board }) {
  const { applications } = useStore(board.desk);
  return (
    <section class="panel" aria-labelledby="applications">
      <h2 id="applications">{t("board.applications", { n: applications.length })}</h2>
      {applications.length === 0 && <p class="quiet">{t("board.no_application")}</p>}
      <ul class="people">
        {applications.map((one) => (
          <li key={one.helper} class="person" data-testid="application">
            <p>
              <strong>{one.name}</strong> <span class="quiet">{clock(one.at)}</span>
            </p>
            <p class="hint">
              {one.skills.map((skill) => t(`skill.${skill}`)).join(", ")} ·{" "}
              {one.languages
                .map((tongue) => (TONGUES.includes(tongue) ? t(`tongue.${tongue}` as Key) : tongue))
                .join(", ")}
            </p>
            <div class="row">
              <Act kind="primary" act={() => board.approve(one.helper, 1)} testid="approve-1">
                {t("board.approve_1")}
                <span class="hidden"> {one.name}</span>
              </Act>
              <Act act={() => board.approve(one.helper, 2)} testid="approve-2">
                {t("board.approve_2")}
                <span class="hidden"> {one.name}</span>
              </Act>
              <Act kind="plain" act={() => board.refuse(one.helper)} question={t("board.refuse_ask", { name: one.name })}>
                {t("board.refuse")}
                <span class="hidden"> {one.name}</span>
              </Act>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
