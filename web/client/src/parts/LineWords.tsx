// The state of the line, in words.

import type { Line } from "../net/link.ts";
import { useStore } from "../store.ts";
import { clock, t } from "../words.ts";

export function LineWords({ line }: { line: Line }) {
  const { status, heardAt } = useStore(line.state);
  if (status === "closed") return null;
  return (
    <p class={`line ${status}`} role="status" data-testid="line">
      <span class="mark" aria-hidden="true" />
      {status === "connected" && t("line.connected")}
      {status === "ended" && t("line.ended")}
      {status === "connecting" &&
        (heardAt === null ? t("line.connecting") : t("line.again", { time: clock(heardAt) }))}
    </p>
  );
}
