// Training: somebody who is not there writes, and nothing of it is counted. What to have thought of is told after.

import { useState } from "preact/hooks";
import type { Script } from "../net/listen.ts";
import { Act } from "../parts/Act.tsx";
import { newId } from "../pure/ids.ts";
import { useStore } from "../store.ts";
import { language, t } from "../words.ts";
import type { Post } from "./post.ts";
import { tongue } from "./words.ts";

export function Practice({ post }: { post: Post }) {
  const [scripts, setScripts] = useState<readonly Script[]>([]);
  return (
    <details
      class="panel practice"
      data-testid="practice"
      onToggle={(event) => {
        if (event.currentTarget.open) void post.scripts().then(setScripts, () => undefined);
      }}
    >
      <summary>{t("listen.practice")}</summary>
      <p class="hint">{t("listen.practice.text")}</p>
      <ul class="rows">
        {scripts.map((one) => (
          <li key={one.script}>
            <Act act={() => post.practise(newId(), one)} testid="practise">
              {said(one.title)}
              {one.language !== "fr" && ` (${tongue(one.language)})`}
            </Act>
            <p class="hint">{said(one.about)}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What is worth having thought of, once it is over. */
export function Points({ post, chat }: { post: Post; chat: string }) {
  const script = useStore(post.exercises)[chat];
  if (script === undefined) return null;
  return (
    <div class="first" data-testid="points">
      <p>
        <strong>{t("listen.practice.points")}</strong>
      </p>
      <ul>
        {(script.points[language()] ?? script.points["fr"] ?? []).map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}

function said(words: Readonly<Record<string, string>>): string {
  return words[language()] ?? words["fr"] ?? "";
}
