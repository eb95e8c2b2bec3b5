// The way into a page of staff, the same for all of them: the session that `/equipe` left in this tab, or in
// development a pasted one. It is never put in an address; refused for good or left, it is forgotten.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { config, loadConfig } from "../net/config.ts";
import { refusalOf } from "../net/http.ts";
import { keep, kept } from "../net/kept.ts";
import type { Line } from "../net/link.ts";
import { useStore } from "../store.ts";
import { sorry, t, useWords } from "../words.ts";
import { Frame, Title } from "./Frame.tsx";
import { LineWords } from "./LineWords.tsx";

/** What a page is once somebody is in. */
export interface Post {
  readonly line?: Line;
  /** Refused unless the session may be here. */
  begin: () => Promise<void>;
  end: () => void;
}

interface StaffPageProps<P extends Post> {
  title: string;
  /** Whom the page is for, before anybody is in. */
  lead?: string;
  /** Under what name this page finds its session (`net/kept.ts`). */
  name: string;
  open: (token: string) => P;
  top?: (post: P) => ComponentChildren;
  children: (post: P) => ComponentChildren;
}

export function StaffPage<P extends Post>({ title, lead, name, open, top, children }: StaffPageProps<P>) {
  useWords();
  const [post, setPost] = useState<P | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function enter(token: string | null): Promise<void> {
    if (token === null || token === "" || busy) return;
    setBusy(true);
    setError(null);
    const entered = open(token);
    try {
      await entered.begin();
      keep(name, token);
      setPost(entered);
    } catch (failure) {
      const { message, temporary } = refusalOf(failure);
      entered.end();
      if (!temporary) keep(name, null);
      setError(temporary ? sorry(message) : t("enter.refused"));
    }
    setBusy(false);
  }

  useEffect(() => {
    void loadConfig();
    void enter(kept(name));
  }, []);

  function leave(): void {
    post?.end();
    keep(name, null);
    setPost(null);
  }

  if (post === null) {
    return (
      <Frame>
        <Title quiet>{title}</Title>
        {lead !== undefined && <p class="lead">{lead}</p>}
        <SignIn error={error} busy={busy} enter={enter} />
      </Frame>
    );
  }
  const beside = (
    <div class="row">
      {top?.(post)}
      {post.line && <LineWords line={post.line} />}
      <button type="button" class="button secondary small" data-testid="leave" onClick={leave}>
        {t("enter.leave")}
      </button>
    </div>
  );
  return (
    <Frame wide top={beside}>
      {children(post)}
    </Frame>
  );
}

interface SignInProps {
  error: string | null;
  busy: boolean;
  enter: (token: string) => Promise<void>;
}

function SignIn({ error, busy, enter }: SignInProps) {
  const { development } = useStore(config);
  return (
    <>
      <div role="alert">{error !== null && <p class="error">{error}</p>}</div>
      <p>
        <a class="button primary" href="/equipe" data-testid="with-key">
          {t("enter.key")}
        </a>
      </p>
      {development && <Pasted busy={busy} enter={enter} />}
    </>
  );
}

/** A line of the command line, on the machine of whoever works on the program. */
function Pasted({ busy, enter }: Omit<SignInProps, "error">) {
  const [token, setToken] = useState("");
  return (
    <>
      <p class="quiet">{t("enter.or")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void enter(token.trim());
        }}
      >
        <div class="field">
          <label for="token">{t("enter.token")}</label>
          <p class="hint" id="token-hint">
            {t("enter.hint")}
          </p>
          <input
            id="token"
            class="input"
            type="password"
            autocomplete="off"
            aria-describedby="token-hint"
            data-testid="token"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button secondary" aria-busy={busy} data-testid="enter">
          {t("enter.go")}
        </button>
      </form>
    </>
  );
}
