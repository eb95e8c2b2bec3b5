// Between her last tap and the server's word. It never says "sent": that is the next screen. And when nothing went,
// whom to call instead. Both journeys of `/` have it, each with its own words.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Sending } from "../pure/sending.ts";
import { sorry } from "../words.ts";
import { Title } from "./Frame.tsx";

interface Words {
  title: string;
  text: string;
  unsent: string;
  unsentText: string;
  trying: string;
  stop: string;
  stopped: string;
  again: string;
}

interface Props {
  sending: Sending;
  words: Words;
  /** Whom to call. */
  numbers: ComponentChildren;
  onStop: () => void;
  onAgain: () => void;
  /** Another way on from here. */
  children?: ComponentChildren;
}

export function Going(props: Props) {
  const { sending, words } = props;
  if (sending.step === "unsent" || sending.step === "refused") return <Unsent {...props} />;
  return (
    <section class="waiting" data-testid="sending">
      <Title>{words.title}</Title>
      <p role="status">{words.text}</p>
      <div class="pulse" aria-hidden="true" />
    </section>
  );
}

function Unsent({ sending, words, numbers, onStop, onAgain, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
    scrollTo(0, 0);
  }, []);
  const trying = sending.step === "unsent" && sending.trying;
  const reason = sending.step === "unsent" || sending.step === "refused" ? sending.reason : "unavailable";
  return (
    <section class="unsent" data-testid="unsent">
      <div ref={box} tabIndex={-1} role="alert">
        <h1>{words.unsent}</h1>
        <p class="lead">{words.unsentText}</p>
      </div>
      {numbers}
      <p class="reason">{reason === "abandoned" ? words.stopped : sorry(reason)}</p>
      <p role="status">{trying && words.trying}</p>
      <div class="row">
        {trying ? (
          <button type="button" class="button secondary" onClick={onStop}>
            {words.stop}
          </button>
        ) : (
          <button type="button" class="button primary" data-testid="again" onClick={onAgain}>
            {words.again}
          </button>
        )}
        {children}
      </div>
    </section>
  );
}
