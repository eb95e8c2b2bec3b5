// Whose shift it is on a shared tablet: fetched late, and only where somebody has chosen six figures.

import { useEffect, useState } from "preact/hooks";
import type { Line } from "../net/link.ts";
import { CodeForm } from "../parts/CodeForm.tsx";
import { Act } from "../parts/Act.tsx";
import { t, type Catalogues } from "../words.ts";

export const words: Catalogues = {
  fr: () => import("../locales/fr.json?shift"),
  en: () => import("../locales/en.json?shift"),
};

interface Colleague {
  member: string;
  name: string;
  pin?: boolean;
  me?: boolean;
  tablet?: boolean;
}

interface ShiftProps {
  line: Line;
  begin: (member: string, pin: string) => Promise<void>;
  end: () => Promise<void>;
}

export function Shift({ line, begin, end }: ShiftProps) {
  const [colleagues, setColleagues] = useState<readonly Colleague[]>([]);
  const [who, setWho] = useState<string | null>(null);
  useEffect(() => {
    line.command<{ members: Colleague[] }>("staff.list", {}).then(
      ({ members }) => setColleagues(members),
      () => undefined,
    );
  }, [line]);
  const me = colleagues.find((one) => one.me && !one.tablet);
  const others = colleagues.filter((one) => one.pin && !one.me);
  const chosen = others.find((one) => one.member === who);
  if (me !== undefined) {
    return (
      <div class="row shift" data-testid="on-shift">
        <p class="quiet">{t("shift.on", { name: me.name })}</p>
        <Act kind="plain" act={end} testid="shift-end">
          {t("shift.end")}
        </Act>
      </div>
    );
  }
  if (others.length === 0) return null;
  return (
    <details class="shift" data-testid="shift">
      <summary>{t("shift.begin")}</summary>
      <div class="row" role="group" aria-label={t("shift.who")}>
        {others.map((one) => (
          <button
            key={one.member}
            type="button"
            class="button secondary small"
            aria-pressed={who === one.member}
            data-testid="shift-who"
            onClick={() => setWho(one.member)}
          >
            {one.name}
          </button>
        ))}
      </div>
      {chosen && (
        <CodeForm
          label={t("shift.pin", { name: chosen.name })}
          go={t("shift.go")}
          send={(pin) => begin(chosen.member, pin)}
          testid="shift-pin"
          secret
        />
      )}
    </details>
  );
}
