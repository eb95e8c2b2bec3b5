// A funder's money: budgets, what hotels have earned, entries of a budget, and files to download.

import { post, Refusal, refusalOf, UNREACHABLE } from "../net/http.ts";
import { createStore } from "../store.ts";

export type Outlook = "unsure" | "empty" | "dry" | "lasts" | "over";

export interface Budget {
  budget: string;
  name: string;
  area: string;
  first: string;
  last: string;
  granted: number;
  promised: number;
  spent: number;
  paid: number;
  left: number;
  outlook: Outlook;
  most_cents?: number;
  dry_on?: string;
}

export interface Month {
  hotel: string;
  area: string;
  month: string;
  nights: number;
  owed: number;
  paid: number;
  payable: boolean;
}

export interface Money {
  budgets: readonly Budget[];
  months: readonly Month[];
  mine: boolean;
  nights_given: number;
  goal: number;
  night: string;
}

export interface Entry {
  voucher: string;
  kind: "grant" | "promise" | "release" | "spend" | "pay";
  at: string;
  cents: number;
  nights: number;
}

export interface Opened {
  entries: readonly Entry[];
  more: boolean;
}

export interface NewBudget {
  name: string;
  area: string;
  first: string;
  last: string;
  cents: number;
  most_cents?: number;
}

const WAIT_MS = 6_000;
const FILE_MS = 30_000;
const AGAIN_MS = 60_000;

export class Fund {
  readonly money = createStore<Money | null>(null);
  readonly opened = createStore<Readonly<Record<string, Opened>>>({});
  /** The session has ended, or was never there. */
  readonly ended = createStore(false);
  #token: string;
  #again: ReturnType<typeof setInterval> | null = null;

  constructor(token: string) {
    this.#token = token;
  }

  async begin(): Promise<void> {
    await this.look();
    this.#again = setInterval(() => void this.look().catch(() => undefined), AGAIN_MS);
  }

  end(): void {
    if (this.#again !== null) clearInterval(this.#again);
  }

  async look(): Promise<void> {
    this.money.set(await this.#command<Money>("fund.state", {}));
  }

  /** The newest entries of a budget, or those before the ones that are shown. */
  async open(budget: string, older = false): Promise<void> {
    const shown = older ? (this.opened.get()[budget]?.entries ?? []) : [];
    const before = shown.at(-1)?.voucher;
    const found = await this.#command<Opened>("fund.entries", before === undefined ? { budget } : { budget, before });
    const entries = [...shown, ...found.entries];
    this.opened.update((all) => ({ ...all, [budget]: { entries, more: found.more } }));
  }

  shut(budget: string): void {
    this.opened.update(({ [budget]: _, ...others }) => others);
  }

  /** `id`: made once for each form that is filled in, so that it is granted once. */
  async grant(id: string, budget: NewBudget): Promise<void> {
    await this.#command("fund.grant", { id, ...budget });
    await this.look();
  }

  async pay(id: string, { hotel, month }: Month): Promise<void> {
    await this.#command("fund.pay", { id, hotel, month });
    await this.look();
  }

  /** The browser is given a file: it has no address of its own. */
  async download({ hotel, month }: Month, form: "csv" | "pdf"): Promise<void> {
    const response = await fetch("/api/export/statement", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({ hotel, month, form }),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(FILE_MS),
    }).catch(() => {
      throw new Refusal(UNREACHABLE, 0, true);
    });
    if (!response.ok) {
      const body = (await response.json().catch(() => null)) as { error?: { name: string; code: number } } | null;
      throw new Refusal(body?.error?.name ?? UNREACHABLE, body?.error?.code ?? response.status, response.status >= 500);
    }
    const address = URL.createObjectURL(await response.blob());
    const link = document.createElement("a");
    link.href = address;
    link.download = `releve-${month}-${hotel.slice(0, 6)}.${form}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1_000);
  }

  async #command<T>(method: string, body: unknown): Promise<T> {
    try {
      return await post<T>(`/api/${method.replace(".", "/")}`, body, { token: this.#token, timeout: WAIT_MS });
    } catch (failure) {
      if (refusalOf(failure).code === 101) this.ended.set(true);
      throw failure;
    }
  }
}
