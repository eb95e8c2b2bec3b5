// Training: somebody who is not there writes, and nothing of it is counted.

import { Act } from "../parts/Act.tsx";
import { t } from "../words.ts";
import type { Post } from "./post.ts";

const SCRIPTS = ["first", "screen", "room", "arabic", "silent"] as const;

export function Practice({ post }: { post: Post }) {
  return (
    <details class="panel practice" data-testid="practice">
      <summary>{t("listen.practice")}</summary>
      <p class="hint">{t("listen.practice.text")}</p>
      <ul class="rows">
        {SCRIPTS.map((script) => (
          <li key={script}>
            <Act act={() => post.practise(script)} testid={`practise-${script}`}>
              {t(`listen.practice.${script}`)}
            </Act>
          </li>
        ))}
      </ul>
    </details>
  );
}
