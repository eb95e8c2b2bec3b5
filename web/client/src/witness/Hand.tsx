// The line by hand: a page that knows nothing of where she is serves her all the same.

import { Title } from "../parts/Frame.tsx";
import { byHand, networkOf, shown } from "../pure/riding.ts";
import { Calling } from "../ride/Calling.tsx";
import { LinePicker } from "../ride/LinePicker.tsx";
import { useStore } from "../store.ts";
import { t } from "../words.ts";
import { numbersOf, textOf } from "./OnItsWay.tsx";
import type { Trip } from "./trip.ts";

export function Hand({ trip }: { trip: Trip }) {
  const picture = useStore(trip.picture);
  const { wish, found } = picture;
  const here = shown(wish.here, found);
  const [likeliest] = found.how === "choose" ? found.among : [];
  return (
    <section>
      <Title>{t("transport.line")}</Title>
      <LinePicker
        line={trip.line}
        network={networkOf(here?.line ?? here?.stop?.id ?? likeliest?.line ?? null)}
        choose={(one, course) => {
          trip.wish({ here: byHand(one, course) });
          trip.go("check");
        }}
      />
      <button type="button" class="link" onClick={() => trip.go("check")}>
        {t("transport.before")}
      </button>
      <h2>{t("transport.no_line")}</h2>
      <Calling network={numbersOf(picture)} text={textOf(picture)} />
    </section>
  );
}
