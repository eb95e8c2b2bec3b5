// To help, one applies: a first name, what one can do, in which languages, and the charter. Fetched only by those who
// are not helpers yet.

import { useState } from "preact/hooks";
import type { Skill } from "../net/wire.ts";
import { refusalOf } from "../net/http.ts";
import { Title } from "../parts/Frame.tsx";
import { newId } from "../pure/ids.ts";
import { sorry, t, type Catalogues, type Key } from "../words.ts";
import type { Duty, Form } from "../helper/duty.ts";

export const words: Catalogues = {
  fr: () => import("../locales/fr.json?apply"),
  en: () => import("../locales/en.json?apply"),
};

const SKILLS: readonly Skill[] = ["come", "call", "write"];
const SPOKEN = ["fr", "en", "ar", "es", "pt", "uk"] as const;
const CHARTER = ["charter.never_alone", "charter.listen", "charter.call", "charter.secret", "charter.safe"] as const;

export function Apply({ duty }: { duty: Duty }) {
  const [form, setForm] = useState<Form>({ name: "", phone: "", skills: [], languages: ["fr"] });
  const [charter, setCharter] = useState(false);
  const [id] = useState(newId);
  const [error, setError] = useState<Key | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const missing = missingIn(form, charter);
    setError(missing);
    setRefused(null);
    if (missing !== null || busy) return;
    setBusy(true);
    try {
      await duty.apply(form, id);
    } catch (failure) {
      setRefused(refusalOf(failure).message);
      setBusy(false);
    }
  }

  return (
    <>
      <Title quiet>{t("apply.title")}</Title>
      <p class="lead">{t("apply.lead")}</p>
      <form noValidate onSubmit={(event) => void send(event)}>
        <div class="field">
          <label for="name">{t("apply.name")}</label>
          <p class="hint" id="name-hint">
            {t("apply.name_hint")}
          </p>
          <input
            id="name"
            class="input"
            autocomplete="given-name"
            maxLength={40}
            aria-describedby="name-hint"
            aria-invalid={error === "apply.missing_name"}
            value={form.name}
            onInput={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
        </div>
        <div class="field">
          <label for="phone">
            {t("apply.phone")} <small>{t("apply.optional")}</small>
          </label>
          <p class="hint" id="phone-hint">
            {t("apply.phone_hint")}
          </p>
          <input
            id="phone"
            class="input"
            type="tel"
            autocomplete="tel"
            aria-describedby="phone-hint"
            value={form.phone}
            onInput={(event) => setForm({ ...form, phone: event.currentTarget.value })}
          />
        </div>
        <Choices
          legend={t("apply.skills")}
          all={SKILLS}
          chosen={form.skills}
          word={(skill) => t(`skill.${skill}`)}
          choose={(skills) => setForm({ ...form, skills })}
        />
        <Choices
          legend={t("apply.languages")}
          all={SPOKEN}
          chosen={form.languages}
          word={(tongue) => t(`tongue.${tongue}`)}
          choose={(languages) => setForm({ ...form, languages })}
        />
        <section class="card" aria-labelledby="charter">
          <h2 id="charter">{t("charter.title")}</h2>
          <ul class="plain-list">
            {CHARTER.map((line) => (
              <li key={line}>{t(line)}</li>
            ))}
          </ul>
          <label class="check">
            <input type="checkbox" checked={charter} onChange={(event) => setCharter(event.currentTarget.checked)} />
            <span>{t("charter.agree")}</span>
          </label>
        </section>
        {error && (
          <p class="error" role="alert">
            {t(error)}
          </p>
        )}
        {refused && (
          <p class="error" role="alert">
            {sorry(refused)}
          </p>
        )}
        <button type="submit" class="button primary" aria-busy={busy} data-testid="apply">
          {t("apply.send")}
        </button>
      </form>
    </>
  );
}

function missingIn(form: Form, charter: boolean): Key | null {
  if (form.name.trim() === "") return "apply.missing_name";
  if (form.skills.length === 0) return "apply.missing_skill";
  if (form.languages.length === 0) return "apply.missing_language";
  return charter ? null : "apply.missing_charter";
}

interface ChoicesProps<T extends string> {
  legend: string;
  all: readonly T[];
  chosen: readonly string[];
  word: (one: T) => string;
  choose: (chosen: T[]) => void;
}

function Choices<T extends string>({ legend, all, chosen, word, choose }: ChoicesProps<T>) {
  return (
    <fieldset class="chips">
      <legend>{legend}</legend>
      {all.map((one) => (
        <label key={one} class="chip">
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            onChange={(event) =>
              choose(all.filter((other) => (other === one ? event.currentTarget.checked : chosen.includes(other))))
            }
          />
          <span>{word(one)}</span>
        </label>
      ))}
    </fieldset>
  );
}
