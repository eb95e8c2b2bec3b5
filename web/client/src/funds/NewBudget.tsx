// A new budget: a name, an amount, where and when.

import { useState } from "preact/hooks";
import { refusalOf } from "../net/http.ts";
import { newId } from "../pure/ids.ts";
import { centsOf } from "../pure/money.ts";
import { later } from "../pure/night.ts";
import { sorry, t } from "../words.ts";
import type { Fund } from "./fund.ts";

const AREA = /^([0-9][0-9AB][0-9]?)?$/;

export function NewBudget({ fund, tonight }: { fund: Fund; tonight: string }) {
  const empty = { id: newId(), name: "", amount: "", most: "", area: "", first: tonight, last: later(tonight, 90) };
  const [form, setForm] = useState(empty);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<typeof empty>): void => setForm((known) => ({ ...known, ...change }));

  async function send(): Promise<void> {
    const [cents, most] = [centsOf(form.amount), form.most.trim() === "" ? undefined : centsOf(form.most)];
    const area = form.area.trim().toUpperCase();
    if (form.name.trim() === "") return setWrong(t("fund.new.no_name"));
    if (cents === null || most === null) return setWrong(t("fund.new.no_amount"));
    if (!AREA.test(area)) return setWrong(t("fund.new.no_area"));
    if (form.first === "" || form.last < form.first) return setWrong(t("fund.new.no_period"));
    setBusy(true);
    setWrong(null);
    try {
      const { id, name, first, last } = form;
      await fund.grant(id, { name: name.trim(), area, first, last, cents, ...(most === undefined ? {} : { most_cents: most }) });
      setForm({ ...empty, id: newId() });
    } catch (failure) {
      setWrong(sorry(refusalOf(failure).message));
    }
    setBusy(false);
  }

  const field = (name: keyof typeof empty, label: string, hint?: string) => {
    const shared = {
      id: `new-${name}`,
      class: "input",
      autocomplete: "off",
      "data-testid": `new-${name}`,
      value: form[name],
      onInput: (event: { currentTarget: HTMLInputElement }) => set({ [name]: event.currentTarget.value }),
    };
    return (
      <div class="field">
        <label for={shared.id}>{label}</label>
        {hint && (
          <p class="hint" id={`${shared.id}-hint`}>
            {hint}
          </p>
        )}
        {name === "first" || name === "last" ? (
          <input type="date" {...shared} />
        ) : (
          <input type="text" maxLength={80} aria-describedby={hint ? `${shared.id}-hint` : undefined} {...shared} />
        )}
      </div>
    );
  };

  return (
    <details class="panel new-budget">
      <summary data-testid="new">{t("fund.new.title")}</summary>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void send();
        }}
      >
        {field("name", t("fund.new.name"))}
        <div class="pair">
          {field("amount", t("fund.new.amount"))}
          {field("most", t("fund.new.most"), t("fund.new.optional"))}
        </div>
        {field("area", t("fund.new.area"), t("fund.new.area_hint"))}
        <div class="pair">
          {field("first", t("fund.new.first"))}
          {field("last", t("fund.new.last"))}
        </div>
        {wrong && (
          <p class="error" role="alert">
            {wrong}
          </p>
        )}
        <button type="submit" class="button primary" aria-busy={busy} data-testid="new-go">
          {t("fund.new.go")}
        </button>
      </form>
    </details>
  );
}
