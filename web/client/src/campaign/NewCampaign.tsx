// A new campaign: a name, languages, designs, and where its posters hang.

import { useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { asked, DESIGNS, nameOf, SPEECHES, withPlaces, type Design, type PlaceChosen, type Speech } from "../pure/campaign.ts";
import { newId } from "../pure/ids.ts";
import { sorry, t, type Key } from "../words.ts";
import { Choosing } from "./Choosing.tsx";
import type { Studio } from "./studio.ts";

/** As the server takes them (`programmes/campaign/rules.py`). */
const MOST_PLACES = 100;

export function NewCampaign({ studio }: { studio: Studio }) {
  const [id, setId] = useState(newId);
  const [name, setName] = useState("");
  const [designs, setDesigns] = useState<readonly Design[]>(DESIGNS);
  const [languages, setLanguages] = useState<readonly Speech[]>(["fr"]);
  const [places, setPlaces] = useState<readonly PlaceChosen[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const links = places.length * designs.length * languages.length;

  async function send(): Promise<void> {
    if (name.trim() === "") return setWrong(t("studio.new.no_name"));
    if (places.length === 0) return setWrong(t("studio.new.no_place"));
    if (designs.length === 0 || languages.length === 0) return setWrong(t("studio.new.no_choice"));
    setBusy(true);
    setWrong(null);
    try {
      await studio.create(id, { name: name.trim(), designs, languages, places: places.map(asked) });
      setId(newId());
      setName("");
      setPlaces([]);
    } catch (failure) {
      setWrong(sorry(refusalOf(failure).message));
    }
    setBusy(false);
  }

  return (
    <section class="panel" aria-labelledby="new-campaign">
      <h2 id="new-campaign">{t("studio.new.title")}</h2>
      <form
        noValidate
        onInput={() => setWrong(null)}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void send();
        }}
      >
        <div class="field">
          <label for="new-name">{t("studio.new.name")}</label>
          <input
            id="new-name"
            class="input"
            maxLength={80}
            autocomplete="off"
            data-testid="new-name"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <fieldset class="designs">
          <legend>{t("studio.new.designs")}</legend>
          {DESIGNS.map((one) => (
            <label key={one} class="design">
              <input
                type="checkbox"
                checked={designs.includes(one)}
                data-testid={`new-${one}`}
                onChange={() => setDesigns(toggled(DESIGNS, designs, one))}
              />
              <span>
                <strong>{t(`studio.design.${one}` as Key)}</strong>
                <small>{t(`studio.design_hint.${one}` as Key)}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <fieldset class="chips">
          <legend>{t("studio.new.languages")}</legend>
          {SPEECHES.map((one) => (
            <label key={one} class="chip">
              <input
                type="checkbox"
                checked={languages.includes(one)}
                data-testid={`new-${one}`}
                onChange={() => setLanguages(toggled(SPEECHES, languages, one))}
              />
              <span>{t(`studio.speech.${one}` as Key)}</span>
            </label>
          ))}
        </fieldset>
        <h3>{t("studio.new.where")}</h3>
        <ul class="hung" data-testid="chosen">
          {places.map((place, n) => (
            <li key={`${place.line} ${place.stop} ${place.venue}`}>
              <span>{placeWords(place)}</span>
              <button
                type="button"
                class="button plain"
                aria-label={t("studio.new.remove", { place: placeWords(place) })}
                onClick={() => setPlaces(places.filter((_, at) => at !== n))}
              >
                {t("studio.new.remove_short")}
              </button>
            </li>
          ))}
        </ul>
        <Choosing
          studio={studio}
          add={(more) => {
            setWrong(null);
            setPlaces(withPlaces(places, more, MOST_PLACES));
          }}
        />
        <p role="status" class="quiet">
          {links > 0 ? t("studio.new.links", { n: links }) : ""}
        </p>
        <div role="alert">{wrong !== null && <p class="error">{wrong}</p>}</div>
        <button type="submit" class="button primary" aria-busy={busy} data-testid="new-go">
          {t("studio.new.go")}
        </button>
      </form>
    </section>
  );
}

export function placeWords(place: { line_name?: string; stop_name?: string; venue?: string }): string {
  const name = nameOf(place);
  return place.stop_name === undefined && place.venue === undefined ? t("studio.whole_line", { line: name }) : name;
}

function toggled<T>(order: readonly T[], known: readonly T[], one: T): T[] {
  return order.filter((other) => (other === one ? !known.includes(one) : known.includes(other)));
}
