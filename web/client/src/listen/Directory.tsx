// Where to send her: services by place and kind, open now or not. As a sheet, which she may refuse; or a name and a
// number put into the box that she reads, and sent by hand.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Service, Services } from "../net/listen.ts";
import { refusalOf } from "../net/http.ts";
import { Act } from "../parts/Act.tsx";
import { newId } from "../pure/ids.ts";
import { choices, filled } from "../pure/listening.ts";
import { useStore } from "../store.ts";
import { clock, sorry, t } from "../words.ts";
import type { Open, Post } from "./post.ts";

const KINDS = [
  ...(["emergency", "listening", "shelter", "police", "justice", "health"] as const),
  ...(["children", "online", "suicide", "rights", "interpreter", "other"] as const),
] as const;

export function Directory({ post, open }: { post: Post; open: Open }) {
  const [words, setWords] = useState("");
  const [area, setArea] = useState(open.area ?? "");
  const [now, setNow] = useState(false);
  const [found, setFound] = useState<Services | null>(null);
  const [kind, setKind] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.firstElementChild?.scrollIntoView({ block: "nearest" }), [found]);
  // She came to look for something: letters are words at once, and no keys of the desk.
  useEffect(() => box.current?.focus(), []);

  async function find(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      setFound(await post.find({ words: words.trim(), area: area.trim(), kind, open: now }));
    } catch (failure) {
      setError(refusalOf(failure).message);
    }
    setBusy(false);
  }

  return (
    <div class="directory" data-testid="directory">
      <form class="directory-form" onSubmit={(event) => void find(event)}>
        <label for={`find-${open.chat}`}>{t("listen.find")}</label>
        <div class="compose">
          <input
            ref={box}
            id={`find-${open.chat}`}
            class="input"
            autocomplete="off"
            placeholder={t("listen.find_hint")}
            data-testid="find-words"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
          <button type="submit" class="button primary" aria-busy={busy} data-testid="find">
            {t("listen.find_go")}
          </button>
        </div>
        <details>
          <summary>{t("listen.find_more")}</summary>
          <div class="pair">
            <div class="field">
              <label for={`area-${open.chat}`}>{t("listen.find_area")}</label>
              <input
                id={`area-${open.chat}`}
                class="input"
                autocomplete="off"
                maxLength={3}
                value={area}
                onInput={(event) => setArea(event.currentTarget.value)}
              />
            </div>
            <div class="field">
              <label for={`kind-${open.chat}`}>{t("listen.find_kind")}</label>
              <select id={`kind-${open.chat}`} class="input" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
                <option value="">{t("listen.kind.all")}</option>
                {KINDS.map((one) => (
                  <option key={one} value={one}>
                    {t(`listen.kind.${one}`)}
                  </option>
                ))}
              </select>
            </div>
          </div>
          <label class="check">
            <input type="checkbox" checked={now} onChange={(event) => setNow(event.currentTarget.checked)} />
            {t("listen.find_open")}
          </label>
        </details>
      </form>
      <div role="alert">{error !== null && <p class="error">{sorry(error)}</p>}</div>
      <div role="status">{found !== null && <p class="quiet">{t(found.more ? "listen.found_more" : "listen.found", { n: found.found.length })}</p>}</div>
      <ul ref={list} class="services">
        {(found?.found ?? []).map((one) => (
          <li key={one.service} data-testid="service">
            <Found post={post} open={open} service={one} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Found({ post, open, service }: { post: Post; open: Open; service: Service }) {
  const { replies } = useStore(post.picture);
  const { name, phones, city, about, eligibility, cost, hours_text, open: isOpen, opens_at } = service;
  const [first] = phones;

  const [asked, setAsked] = useState(false);
  const [id] = useState(newId);

  /** As a sheet, in the conversation, if she says yes. */
  async function offer(): Promise<void> {
    await post.bridge(id, open.chat, "sheet", { sheet: { service: service.service, language: open.language } });
    setAsked(true);
  }

  /** The reply made for it, in her language; without it, a name and a number. */
  function write(): void {
    const ready = choices(replies, "", open.language).find((one) => one.name === "service");
    const text = ready?.text ?? "{service} : {numero}";
    post.insert.set({ chat: open.chat, text: filled(text, { service: name, ...(first && { numero: first.number }) }) });
    post.show({ tool: null });
  }

  return (
    <>
      <p>
        <strong>{name}</strong>{" "}
        {isOpen !== null && <span class={isOpen ? "tag" : "tag strong"}>{t(isOpen ? "listen.open_now" : "listen.closed_now")}</span>}
        {isOpen === false && opens_at && <span class="hint"> {t("listen.opens_at", { at: clock(opens_at) })}</span>}
      </p>
      {about && <p class="hint">{about}</p>}
      <p class="hint">{[eligibility, cost, city, hours_text].filter(Boolean).join(" · ")}</p>
      <p class="row">
        {phones.map(({ number, way, about: what }) => (
          <a key={number} href={`${way === "sms" ? "sms" : "tel"}:${number}`}>
            {number}
            {what ? ` (${what})` : ""}
          </a>
        ))}
      </p>
      <div class="row">
        {asked ? (
          <p class="quiet" role="status">
            {t("listen.bridge.asked")}
          </p>
        ) : (
          <Act act={offer} testid="send-sheet">
            {t("listen.service_sheet")}
            <span class="hidden"> {name}</span>
          </Act>
        )}
        <button type="button" class="button plain small" data-testid="write-service" onClick={write}>
          {t("listen.service_write")}
          <span class="hidden"> {name}</span>
        </button>
      </div>
    </>
  );
}
