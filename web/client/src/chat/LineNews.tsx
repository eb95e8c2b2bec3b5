// What she needs to know of the network, and no more: that it is away, that her words wait, that it is back.

import { useEffect, useState } from "preact/hooks";
import type { Line } from "../net/link.ts";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import { hourWords } from "./when.ts";

/** A line made anew at once is nobody's business. */
const AWAY_MS = 2_500;
const BACK_MS = 8_000;

type News = "well" | "away" | "back";

export function LineNews({ line }: { line: Line }) {
  const { status, heardAt } = useStore(line.state);
  const [news, setNews] = useState<News>("well");
  useEffect(() => {
    if (status === "connected") {
      setNews((known) => (known === "away" ? "back" : known));
      return;
    }
    const timer = setTimeout(() => setNews("away"), AWAY_MS);
    return () => clearTimeout(timer);
  }, [status]);
  useEffect(() => {
    if (news !== "back") return;
    const timer = setTimeout(() => setNews("well"), BACK_MS);
    return () => clearTimeout(timer);
  }, [news]);
  return (
    <p class={news === "away" ? "notice" : "quiet"} role="status" data-testid="line" data-news={news}>
      {status === "ended" && t("line.ended")}
      {status !== "ended" && news === "away" && t("chat.offline", { time: heardAt === null ? "…" : hourWords(new Date(heardAt).toISOString()) })}
      {status !== "ended" && news === "back" && t("chat.online")}
    </p>
  );
}
