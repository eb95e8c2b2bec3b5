// The 3919 chat, for those who answer: who waits, what is proposed, conversations side by side, and for a
// supervisor the line itself.

import "../styles/all.css";
import { useEffect, useState } from "preact/hooks";
import { Title } from "../parts/Frame.tsx";
import { showPage } from "../parts/page.tsx";
import { StaffPage } from "../parts/SignIn.tsx";
import { useStore } from "../store.ts";
import { t, useWords } from "../words.ts";
import { Chat } from "./Chat.tsx";
import { Keys, useKeys } from "./Keys.tsx";
import { Now, Offers } from "./Now.tsx";
import { Post } from "./post.ts";
import { Rail } from "./Rail.tsx";
import { Supervising } from "./Supervising.tsx";

function Page() {
  useWords();
  return (
    <StaffPage
      title={t("listen.title")}
      lead={t("listen.lead")}
      name="operator"
      open={(token) => new Post(token)}
      top={(post) => <Tops post={post} />}
    >
      {(post) => <Console post={post} />}
    </StaffPage>
  );
}

function Tops({ post }: { post: Post }) {
  const { sound, keys } = useStore(post.picture);
  return (
    <>
      <button
        type="button"
        class="button plain small"
        aria-pressed={sound}
        data-testid="sound"
        onClick={() => post.show({ sound: !sound })}
      >
        {t(sound ? "listen.sound_on" : "listen.sound_off")}
      </button>
      <button
        type="button"
        class="button plain small for-keys"
        aria-expanded={keys}
        data-testid="keys"
        onClick={() => post.show({ keys: !keys })}
      >
        {t("listen.keys")}
      </button>
      <a class="to-board" href="/operateur">{t("listen.board")}</a>
    </>
  );
}

type View = "listen" | "lead";

function Console({ post }: { post: Post }) {
  const [view, see] = useState<View>("listen");
  const { line, offers, open } = useStore(post.picture);
  const waits = useStore(post.waits);
  useKeys(post);
  // Another tab may be in front: a mark before the neutral name, and nothing more.
  const calls = offers.length > 0 || open.some(({ role, chat, exited }) => role === "operator" && !exited && waits[chat]);
  useEffect(() => {
    document.title = calls ? "● Entraide" : "Entraide";
  }, [calls]);
  return (
    <div class={view === "listen" ? "console whole" : "console"} data-testid="console">
      <header class="console-head">
        <Title>{t("listen.title")}</Title>
        {line && <p class={line.open ? "tag" : "tag strong"}>{t(line.open ? "listen.open" : "listen.closed")}</p>}
        {post.supervises && (
          <nav class="tabs" aria-label={t("listen.view")}>
            {(["listen", "lead"] as const).map((one) => (
              <button
                key={one}
                type="button"
                class="button secondary small"
                aria-pressed={view === one}
                data-testid={`view-${one}`}
                onClick={() => see(one)}
              >
                {t(`listen.view.${one}`)}
              </button>
            ))}
          </nav>
        )}
      </header>
      <Offers post={post} />
      {view === "listen" ? <Listening post={post} /> : <Supervising post={post} back={() => see("listen")} />}
      <Keys post={post} />
    </div>
  );
}

/** On a phone one thing is seen at a time: the queue, or one conversation. */
function Listening({ post }: { post: Post }) {
  const { open, at } = useStore(post.picture);
  const [pane, turn] = useState<string | null>(null);
  const known = open.map(({ chat }) => chat).join();
  // A conversation that begins is what she wants to see.
  useEffect(() => turn(at), [at, known]);
  const shown = open.some(({ chat }) => chat === pane) ? pane : null;
  return (
    <>
      {open.length > 0 && (
        <nav class="panes" aria-label={t("listen.panes")}>
          <Turn label={t("listen.queue_short")} on={shown === null} turn={() => turn(null)} />
          {open.map(({ chat }, n) => (
            <Turn key={chat} badge={n + 1} label={t("listen.chat", { n: n + 1 })} on={shown === chat} turn={() => turn(chat)} />
          ))}
        </nav>
      )}
      <div class="listening">
        <div class={shown === null ? "rail" : "rail elsewhere"}>
          <Now post={post} />
          <Rail post={post} />
        </div>
        <div class={`floor of-${Math.min(2, open.length)}`}>
          {open.length === 0 && <Beginning />}
          {open.map((one, n) => (
            <Chat key={one.chat} post={post} open={one} number={n + 1} away={shown !== one.chat} />
          ))}
        </div>
      </div>
    </>
  );
}

interface TurnProps {
  label: string;
  badge?: number;
  on: boolean;
  turn: () => void;
}

function Turn({ label, badge, on, turn }: TurnProps) {
  return (
    <button type="button" class="button secondary small" aria-pressed={on} onClick={turn}>
      {badge === undefined ? (
        label
      ) : (
        <>
          <span class="badge" aria-hidden="true">
            {badge}
          </span>
          <span class="hidden">{label}</span>
        </>
      )}
    </button>
  );
}

/** What a newcomer reads while nobody has written yet. */
function Beginning() {
  return (
    <section class="panel beginning" aria-labelledby="beginning" data-testid="beginning">
      <h2 id="beginning">{t("listen.begin.title")}</h2>
      <ol>
        {(["duty", "offer", "answer", "wrap"] as const).map((step) => (
          <li key={step}>
            <strong>{t(`listen.begin.${step}`)}</strong> {t(`listen.begin.${step}_text`)}
          </li>
        ))}
      </ol>
      <p class="quiet">{t("listen.begin.keys")}</p>
    </section>
  );
}

void showPage(
  { fr: () => import("../locales/fr.json?listen"), en: () => import("../locales/en.json?listen") },
  <Page />,
);
