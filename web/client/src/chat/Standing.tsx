// Her place, and how long it may take: a range, said as one.

import type { ChatView } from "../net/chats.ts";
import { minutes } from "../pure/chatting.ts";
import { t } from "../words.ts";

interface StandingProps {
  view: ChatView;
  /** Somebody was there before: she waits again, and need not say it all again. */
  answered: boolean;
}

export function Standing({ view, answered }: StandingProps) {
  const place = view.place ?? null;
  return (
    <section class="card summary" aria-label={t("chat.standing")} data-testid="standing">
      {answered && <p role="status">{t("chat.again")}</p>}
      <p class="headline" role="status">
        {place === null ? t("chat.place_unknown") : place <= 1 ? t("chat.next_one") : t("chat.place", { at: place })}
      </p>
      <p>{rangeWords(view)}</p>
    </section>
  );
}

function rangeWords(view: ChatView): string {
  const range = minutes(view);
  if (range === null) return t("chat.range_unknown");
  const { from, to } = range;
  if (to === 1) return t("chat.range_soon");
  return from === 0 ? t("chat.range_under", { to }) : t("chat.range", { from, to });
}
