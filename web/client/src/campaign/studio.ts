// Campaigns, exercises and hotspots, over HTTP: nothing here is in a hurry. Files are fetched with the session.

import { post, Refusal, refusalOf, UNREACHABLE } from "../net/http.ts";
import type { HotSpot } from "../net/transit.ts";
import type { Cell, Design, PlaceAsked, Speech } from "../pure/campaign.ts";
import { createStore } from "../store.ts";

export interface Row {
  campaign: string;
  name: string;
  at: string;
  designs: readonly Design[];
  languages: readonly Speech[];
  places: number;
  ended?: string;
}

export interface LinkOf {
  code: string;
  place: number;
  design: Design;
  language: Speech;
}

export interface PlaceOf {
  line?: string;
  direction?: 0 | 1;
  stop?: string;
  venue?: string;
  line_name?: string;
  stop_name?: string;
}

export interface Table {
  cells: readonly Cell[];
  places: readonly (number | null)[] | null;
}

export interface Verdict {
  word: "better" | "alike" | "unsure" | "alone";
  until: string;
  design?: Design;
  ratios?: readonly { over: Design; low: number; high: number }[];
}

export interface Campaign {
  campaign: string;
  name: string;
  at: string;
  designs: readonly Design[];
  languages: readonly Speech[];
  places: readonly PlaceOf[];
  links: readonly LinkOf[];
  taps: Table;
  reports: Table;
  drills: Readonly<Partial<Record<Design, number>>>;
  verdict: Verdict;
  small: number;
  ended?: string;
}

export interface People {
  delivered: number | null;
  seen: number | null;
  claimed: number | null;
}

export interface DrillOf {
  drill: string;
  line: string;
  direction: 0 | 1;
  line_name: string;
  at: string;
  monthly: boolean;
  state: "planned" | "running" | "over";
  people?: People;
  first_claim_s?: number;
}

export interface Month {
  month: string;
  drills: number;
  answered: number;
  people: People;
  first_claim_s?: number;
}

export interface Drills {
  drills: readonly DrillOf[];
  months: readonly Month[];
  small: number;
}

export interface NewCampaign {
  name: string;
  languages: readonly Speech[];
  designs: readonly Design[];
  places: readonly PlaceAsked[];
}

export interface NewDrill {
  line: string;
  direction: 0 | 1;
  at?: string;
  monthly: boolean;
}

export type View = "posters" | "drills" | "hours";
export type Paper = "a4" | "a6";

const WAIT_MS = 8_000;
const FILE_MS = 60_000;
const PDF = "application/pdf";

export class Studio {
  readonly view = createStore<View>("posters");
  readonly campaigns = createStore<readonly Row[] | null>(null);
  readonly opened = createStore<Campaign | null>(null);
  readonly drills = createStore<Drills | null>(null);
  readonly spots = createStore<{ days: number; spots: readonly HotSpot[] } | null>(null);
  /** The session has ended. */
  readonly ended = createStore(false);
  /** As the line picker asks for it: this page has its session already. */
  readonly session = { ensure: (): Promise<void> => Promise.resolve() };
  #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  async begin(): Promise<void> {
    await this.look();
  }

  end(): void {
    this.opened.set(null);
  }

  async look(): Promise<void> {
    const { campaigns } = await this.command<{ campaigns: Row[] }>("campaign.list", {});
    this.campaigns.set(campaigns);
  }

  async open(campaign: string): Promise<void> {
    this.opened.set(await this.command<Campaign>("campaign.state", { campaign }));
  }

  shut(): void {
    this.opened.set(null);
  }

  /** `id`: made once for each form that is filled in. */
  async create(id: string, made: NewCampaign): Promise<void> {
    const { campaign } = await this.command<{ campaign: string }>("campaign.create", { id, ...made });
    await this.look();
    await this.open(campaign);
  }

  async finish(campaign: string): Promise<void> {
    await this.command("campaign.end", { campaign });
    await Promise.all([this.look(), this.open(campaign)]);
  }

  async lookAtDrills(): Promise<void> {
    this.drills.set(await this.command<Drills>("campaign.drills", {}));
  }

  async drill(id: string, wanted: NewDrill): Promise<void> {
    await this.command("campaign.drill", { id, ...wanted });
    await this.lookAtDrills();
  }

  async undrill(drill: string): Promise<void> {
    await this.command("campaign.undrill", { drill });
    await this.lookAtDrills();
  }

  async lookAtHours(days: number): Promise<void> {
    const found = await this.command<{ days: number; spots: HotSpot[] }>("witness.hotspots", { days });
    this.spots.set(found);
  }

  /** A poster as it will be cut, for an `<img>`: an address that holds all of it. */
  async picture(campaign: string, code: string, paper: Paper): Promise<string> {
    const svg = await (await this.#file(campaign, code, `${paper}.svg`)).text();
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }

  /** `which`: a code, a design in a language (`calme-fr`), or `all`. */
  async download(campaign: string, which: string, file: "a4.pdf" | "a6.pdf" | "sheet.pdf", name: string): Promise<void> {
    const body = await (await this.#file(campaign, which, file)).blob();
    const address = URL.createObjectURL(new Blob([body], { type: PDF }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}-${which}-${file}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1_000);
  }

  async command<T>(method: string, body: unknown, timeout = WAIT_MS): Promise<T> {
    return this.#known(() => post<T>(`/api/${method.replace(".", "/")}`, body, { token: this.#token, timeout }));
  }

  async #file(campaign: string, which: string, file: string): Promise<Response> {
    return this.#known(async () => {
      const response = await fetch(`/api/campaign/${campaign}/${which}/${file}`, {
        headers: { Authorization: `Bearer ${this.#token}` },
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(FILE_MS),
      }).catch(() => {
        throw new Refusal(UNREACHABLE, 0, true);
      });
      if (response.ok) return response;
      const body = (await response.json().catch(() => null)) as { error?: { name: string; code: number } } | null;
      throw new Refusal(body?.error?.name ?? UNREACHABLE, body?.error?.code ?? response.status, response.status >= 500);
    });
  }

  async #known<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (failure) {
      if (refusalOf(failure).code === 101) this.ended.set(true);
      throw failure;
    }
  }
}
