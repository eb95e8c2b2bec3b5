// Two free numbers, day and night, for whoever does not want to wait for a page.

import { t } from "../words.ts";

export function OrCall() {
  return (
    <p class="or-call">
      {t("sleep.or_call")} <a href="tel:115">115</a> · <a href="tel:3919">3919</a>
    </p>
  );
}
