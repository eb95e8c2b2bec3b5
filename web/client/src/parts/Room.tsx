// A conversation: what was said in order, and what is still on its way, never shown as said.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Talk, Talking } from "../net/talk.ts";
import { useStore } from "../store.ts";
import { clock, t } from "../words.ts";

const LONGEST = 2_000;

/** Seats are words of the server: "elle", "aide-2", "operateur-1". */
export function seatName(seat: string, talking?: Pick<Talking, "seat" | "members">): string {
  if (seat === talking?.seat) return t("seat.you");
  const name = talking?.members.find((member) => member.seat === seat)?.name;
  const [role, number = ""] = seat.split("-");
  if (role === "elle") return t("seat.her");
  if (role === "operateur") return t("seat.operator", { number });
  return name ? name : t("seat.helper", { number });
}

export function Room({ talk }: { talk: Talk }) {
  const talking = useStore(talk.state);
  const id = useId();
  const [text, setText] = useState("");
  const log = useRef<HTMLDivElement>(null);
  const count = talking.messages.length + talking.pending.length;
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [count]);

  function send(event: Event): void {
    event.preventDefault();
    const words = text.trim();
    if (words === "") return;
    setText("");
    void talk.say(words);
  }

  return (
    <section class="room" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("room.title")}</h2>
      {count === 0 && <p class="quiet">{t("room.empty")}</p>}
      <div ref={log} class="messages" role="log" aria-label={t("room.log")} tabIndex={count > 0 ? 0 : -1}>
        {talking.messages.map((message) => (
          <div key={message.id} class={message.seat === talking.seat ? "mine" : ""}>
            <p class="who">
              {seatName(message.seat, talking)} <time dateTime={message.at}>{clock(message.at)}</time>
            </p>
            <p class="said" dir="auto">
              {message.text}
            </p>
          </div>
        ))}
        {talking.pending.map((message) => (
          <div key={message.id} class="mine pending">
            <p class="who">{t("seat.you")}</p>
            <p class="said" dir="auto">
              {message.text}
            </p>
            {message.state === "sending" ? (
              <p class="who">{t("room.sending")}</p>
            ) : (
              <p class="who">
                {t("room.failed")}{" "}
                <button type="button" class="link" onClick={() => void talk.say(message.text, message.id)}>
                  {t("room.again")}
                </button>
              </p>
            )}
          </div>
        ))}
      </div>
      {talking.ended ? (
        <p class="quiet">{t("room.ended")}</p>
      ) : (
        <form class="compose" onSubmit={send}>
          <label class="hidden" for={`${id}-say`}>
            {t("room.label")}
          </label>
          <input
            id={`${id}-say`}
            class="input"
            autocomplete="off"
            maxLength={LONGEST}
            placeholder={t("room.label")}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button type="submit" class="button primary" data-testid="say">
            {t("room.send")}
          </button>
        </form>
      )}
    </section>
  );
}
