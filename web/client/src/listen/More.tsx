// What is rarely needed: an interpreter's seat, and a block with its end and its reason.

import { useState } from "preact/hooks";
import { Act } from "../parts/Act.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import type { Open, Post } from "./post.ts";
import { nameOf } from "./words.ts";

const REASONS = ["prank", "flood", "insults", "threats", "sexual", "other"] as const;
const DAYS = [1, 7, 30] as const;

export function More({ post, open }: { post: Post; open: Open }) {
  return (
    <>
      {post.supervises && (
        <details>
          <summary>{t("listen.interpreter")}</summary>
          <Interpreter post={post} open={open} />
        </details>
      )}
      <Block post={post} open={open} />
    </>
  );
}

/** A colleague who speaks her language, seen by her; what the team writes is not hers to read. */
export function Interpreter({ post, open }: { post: Post; open: Open }) {
  const { line } = useStore(post.picture);
  const able = (line?.colleagues ?? []).filter((one) => one.languages.includes(open.language) && one.person !== post.me);
  return (
    <div class="bridge">
      {able.length === 0 && <p class="hint">{t("listen.no_interpreter")}</p>}
      {able.map((one) => (
        <Act key={one.person} act={() => post.interpret(open.chat, one.person)}>
          {t("listen.interpret", { name: nameOf(one) })}
        </Act>
      ))}
    </div>
  );
}

function Block({ post, open }: { post: Post; open: Open }) {
  const [reason, setReason] = useState<(typeof REASONS)[number]>("prank");
  const [days, setDays] = useState<number | null>(1);
  const [done, setDone] = useState(false);
  if (done) {
    return (
      <p class="quiet" role="status">
        {t("listen.blocked")}
      </p>
    );
  }
  return (
    <div class="bridge" data-testid="block">
      <p>
        <strong>{t("listen.block")}</strong>
      </p>
      <p class="hint">{t("listen.block_text")}</p>
      <div class="pair">
        <div class="field">
          <label for={`why-${open.chat}`}>{t("listen.block_why")}</label>
          <select
            id={`why-${open.chat}`}
            class="input"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value as (typeof REASONS)[number])}
          >
            {REASONS.map((one) => (
              <option key={one} value={one}>
                {t(`listen.block.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={`days-${open.chat}`}>{t("listen.block_days")}</label>
          <select
            id={`days-${open.chat}`}
            class="input"
            value={days ?? ""}
            onChange={({ currentTarget: { value } }) => setDays(value === "" ? null : Number(value))}
          >
            {DAYS.map((n) => (
              <option key={n} value={n}>
                {t("listen.days", { n })}
              </option>
            ))}
            {post.supervises && <option value="">{t("listen.block_ever")}</option>}
          </select>
        </div>
      </div>
      <Act
        act={async () => {
          await post.block(open.chat, reason, days);
          setDone(true);
        }}
        question={t("listen.block_ask")}
        testid="block-go"
      >
        {t("listen.block_go")}
      </Act>
    </div>
  );
}
