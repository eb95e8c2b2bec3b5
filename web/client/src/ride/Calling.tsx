// Whom to call, or to write to without a sound; what to write is written already: a line, a car, a stop, an hour.

import { numbersFor, smsTo, type Numbers } from "../pure/riding.ts";
import { t } from "../words.ts";

interface CallingProps {
  network: Numbers;
  text: string;
  /** Where nothing else can be done, they are the page's first buttons. */
  large?: boolean;
}

export function Calling({ network, text, large = false }: CallingProps) {
  const kind = large ? "button primary" : "button secondary";
  return (
    <ul class={large ? "calling large" : "calling"} data-testid="calling">
      {numbersFor(network).flatMap(({ call, sms }) => [
        <li key={sms}>
          <a class={kind} href={smsTo(sms, text)} data-testid={`sms-${sms}`}>
            {t("ride.write_to", { number: sms })}
            <small>{t("ride.silent")}</small>
          </a>
        </li>,
        <li key={call}>
          <a class={kind} href={`tel:${call}`} data-testid={`call-${call}`}>
            {t("ride.call_to", { number: call })}
            <small>{t(call === "17" ? "ride.police" : "ride.network")}</small>
          </a>
        </li>,
      ])}
    </ul>
  );
}
