// Where to send her: services by place and kind, open now or not; one tap prepares a sheet that she may refuse.

import { useState } from "preact/hooks";
import type { Service } from "../net/listen.ts";
import { refusalOf } from "../net/http.ts";
import { Act } from "../parts/Act.tsx";
import { newId } from "../pure/ids.ts";
import { sorry, t } from "../words.ts";
import type { Open, Post } from "./post.ts";

export function Directory({ post, open }: { post: Post; open: Open }) {
  const [words, setWords] = useState("");
  const [area, setArea] = useState(open.area ?? "");
  const [now, setNow] = useState(false);
  const [found, setFound] = useState<readonly Service[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function find(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      setFound(await post.find({ words: words.trim(), area: area.trim(), kind: "", open: now, language: "" }));
    } catch (failure) {
      setError(refusalOf(failure).message);
    }
    setBusy(false);
  }

  return (
    <div class="directory" data-testid="directory">
      <form class="directory-form" onSubmit={(event) => void find(event)}>
        <div class="field">
          <label for={`find-${open.chat}`}>{t("listen.find")}</label>
          <input
            id={`find-${open.chat}`}
            class="input"
            autocomplete="off"
            placeholder={t("listen.find_hint")}
            data-testid="find-words"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </div>
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
          <label class="check">
            <input type="checkbox" checked={now} onChange={(event) => setNow(event.currentTarget.checked)} />
            {t("listen.find_open")}
          </label>
        </div>
        <button type="submit" class="button primary" aria-busy={busy} data-testid="find">
          {t("listen.find_go")}
        </button>
      </form>
      <div role="alert">{error !== null && <p class="error">{sorry(error)}</p>}</div>
      <div role="status">{found !== null && <p class="quiet">{t("listen.found", { n: found.length })}</p>}</div>
      <ul class="services">
        {(found ?? []).map((one) => (
          <li key={one.service} data-testid="service">
            <Found post={post} open={open} service={one} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Found({ post, open, service }: { post: Post; open: Open; service: Service }) {
  const { name, phone, address, hours, open: isOpen, text } = service;
  const [sent, setSent] = useState(false);
  const [id] = useState(newId);
  return (
    <>
      <p>
        <strong>{name}</strong>{" "}
        {isOpen !== null && isOpen !== undefined && (
          <span class={isOpen ? "tag" : "tag strong"}>{t(isOpen ? "listen.open_now" : "listen.closed_now")}</span>
        )}
      </p>
      {text && <p class="hint">{text}</p>}
      <p class="hint">{[phone, address, hours].filter(Boolean).join(" · ")}</p>
      {sent ? (
        <p class="quiet" role="status">
          {t("listen.sheet_asked")}
        </p>
      ) : (
        <Act
          act={async () => {
            await post.bridge(id, open.chat, "sheet", { service: service.service });
            setSent(true);
          }}
          testid="send-sheet"
        >
          {t("listen.sheet_send")}
        </Act>
      )}
    </>
  );
}
