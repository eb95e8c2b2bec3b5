// Posters as they will be cut, and files for a printer or for the office.

import { useEffect, useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { Act } from "../parts/Act.tsx";
import type { Design, Speech } from "../pure/campaign.ts";
import { sorry, t, type Key } from "../words.ts";
import { designWord } from "./Figures.tsx";
import { placeWords } from "./NewCampaign.tsx";
import type { Campaign, Paper, Studio } from "./studio.ts";

const PAPERS: readonly Paper[] = ["a4", "a6"];

export function Posters({ studio, of }: { studio: Studio; of: Campaign }) {
  const [design, setDesign] = useState<Design>(of.designs[0] ?? "calme");
  const [speech, setSpeech] = useState<Speech>(of.languages[0] ?? "fr");
  const [place, setPlace] = useState(0);
  const [paper, setPaper] = useState<Paper>("a4");
  const link = of.links.find((one) => one.design === design && one.language === speech && one.place === place);
  if (link === undefined) return null;
  const each = `${design}-${speech}`;
  return (
    <section class="panel posters" aria-labelledby="posters">
      <h3 id="posters">{t("studio.posters")}</h3>
      <div class="choose">
        <Choice label={t("studio.poster.design")} value={design} of={of.designs} word={designWord} choose={setDesign} testid="poster-design" />
        <Choice
          label={t("studio.poster.speech")}
          value={speech}
          of={of.languages}
          word={(one) => t(`studio.speech.${one}` as Key)}
          choose={setSpeech}
          testid="poster-speech"
        />
        <Choice
          label={t("studio.poster.place")}
          value={String(place)}
          of={of.places.map((_, n) => String(n))}
          word={(n) => placeWords(of.places[Number(n)] ?? {})}
          choose={(n) => setPlace(Number(n))}
          testid="poster-place"
        />
        <Choice
          label={t("studio.poster.paper")}
          value={paper}
          of={PAPERS}
          word={(one) => t(`studio.paper.${one}` as Key)}
          choose={setPaper}
          testid="poster-paper"
        />
      </div>
      <Preview
        studio={studio}
        campaign={of.campaign}
        code={link.code}
        paper={paper}
        said={t("studio.poster.picture", { design: designWord(design), place: placeWords(of.places[place] ?? {}) })}
      />
      <p>
        {t("studio.poster.leads")} <code data-testid="link">{`/t/${link.code}`}</code>
      </p>
      <h4>{t("studio.poster.this_one")}</h4>
      <div class="row">
        {PAPERS.map((one) => (
          <Act key={one} act={() => studio.download(of.campaign, link.code, `${one}.pdf`, `${of.name} ${design} ${speech} ${placeWords(of.places[place] ?? {})}`)} testid={`one-${one}`}>
            {t(`studio.file.${one}` as Key)}
          </Act>
        ))}
      </div>
      <h4>{t("studio.poster.all", { n: of.places.length, design: designWord(design), speech: t(`studio.speech.${speech}` as Key) })}</h4>
      <div class="row">
        {PAPERS.map((one) => (
          <Act key={one} act={() => studio.download(of.campaign, each, `${one}.pdf`, of.name)} testid={`all-${one}`}>
            {t(`studio.file.${one}` as Key)}
          </Act>
        ))}
        <Act act={() => studio.download(of.campaign, each, "sheet.pdf", of.name)} testid="sheet">
          {t("studio.file.sheet")}
        </Act>
      </div>
      <p class="hint">{t("studio.poster.print_hint")}</p>
    </section>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  of: readonly T[];
  word: (one: T) => string;
  choose: (one: T) => void;
  testid: string;
}

function Choice<T extends string>({ label, value, of, word, choose, testid }: ChoiceProps<T>) {
  return (
    <label class="field">
      {label}
      <select class="input" value={value} data-testid={testid} onChange={(event) => choose(event.currentTarget.value as T)}>
        {of.map((one) => (
          <option key={one} value={one}>
            {word(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface PreviewProps {
  studio: Studio;
  campaign: string;
  code: string;
  paper: Paper;
  said: string;
}

function Preview({ studio, campaign, code, paper, said }: PreviewProps) {
  const [seen, setSeen] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let here = true;
    setFailure(null);
    studio
      .picture(campaign, code, paper)
      .then((picture) => here && setSeen(picture))
      .catch((error: unknown) => here && setFailure(refusalOf(error).message));
    return () => void (here = false);
  }, [code, paper]);
  return (
    <div class={`poster-seen ${paper}`} data-testid="preview">
      {failure !== null && (
        <p class="error" role="alert">
          {sorry(failure)}
        </p>
      )}
      {seen !== null && <img src={seen} alt={said} />}
    </div>
  );
}
