// The operators' board: alerts, applications, counts, and one alert opened at a time.

import { lined, onBoard } from "../pure/alerts.ts";
import { Refusal } from "../net/http.ts";
import { Line } from "../net/link.ts";
import { Session } from "../net/session.ts";
import { Talk } from "../net/talk.ts";
import type {
  AlertPush,
  Application,
  BoardLine,
  BoardState,
  HelpState,
  MeState,
  PushBoard,
  QueuePush,
} from "../net/wire.ts";
import { createStore } from "../store.ts";

export interface Opened {
  id: string;
  alert: HelpState | null;
  talk: Talk | null;
}

export interface Desk {
  lines: readonly BoardLine[];
  applications: readonly Application[];
  helpers: BoardState["helpers"];
  cells: BoardState["cells"];
  push: PushBoard | null;
  opened: Opened | null;
}

const EMPTY: Desk = {
  lines: [],
  applications: [],
  helpers: { on_duty: 0, live: 0 },
  cells: [],
  push: null,
  opened: null,
};

const STAFF: readonly string[] = ["operator", "supervisor", "duty"];
/** Counts by cell are not pushed: they are asked for again from time to time. */
const CELLS_MS = 30_000;

export class Board {
  readonly desk = createStore<Desk>(EMPTY);
  readonly line: Line;
  /** Of whoever has signed in: some decisions are not every operator's. */
  role = "";
  #stops: (() => void)[] = [];
  #unfollow: (() => void) | null = null;

  constructor(token: string) {
    this.line = new Line(new Session(token));
  }

  /** Refused unless the token is an operator's. */
  async begin(): Promise<void> {
    const me = await this.line.byHttp<MeState>("me.state", {});
    if (!STAFF.includes(me.role)) throw new Refusal("not_allowed", 103, false);
    this.role = me.role;
    this.line.open();
    const queue = this.line.follow<QueuePush>("queue:help", {
      load: () => this.#load(),
      on: (push) => {
        if (push.type === "application") return void this.#applications().catch(() => undefined);
        const { type: _, ...line } = push;
        this.desk.update((desk) => ({ ...desk, lines: onBoard(desk.lines, line) }));
      },
    });
    const counts = this.line.watch<BoardState["helpers"]>("board:help", ({ on_duty, live }) =>
      this.#show({ helpers: { on_duty, live } }),
    );
    const cells = setInterval(() => void this.#load().catch(() => undefined), CELLS_MS);
    this.#stops = [queue, counts, () => clearInterval(cells)];
  }

  async approve(helper: string, tier: 1 | 2): Promise<void> {
    await this.line.command("helper.approve", { helper, tier });
    await this.#applications();
  }

  async refuse(helper: string): Promise<void> {
    await this.line.command("helper.refuse", { helper });
    await this.#applications();
  }

  open(id: string): void {
    this.shut();
    this.#show({ opened: { id, alert: null, talk: null } });
    this.#unfollow = this.line.follow<AlertPush>(`alert:${id}`, {
      load: () => this.#look(id),
      on: () => void this.#look(id).catch(() => undefined),
    });
  }

  shut(): void {
    this.#unfollow?.();
    this.#unfollow = null;
    this.desk.get().opened?.talk?.close();
    this.#show({ opened: null });
  }

  async close(id: string): Promise<void> {
    await this.line.command("help.close", { alert: id });
    this.shut();
    this.desk.update((desk) => ({ ...desk, lines: desk.lines.filter((line) => line.alert !== id) }));
  }

  async release(id: string, helper: string): Promise<void> {
    await this.line.command("help.release", { alert: id, helper });
    await this.#look(id);
  }

  end(): void {
    this.shut();
    for (const stop of this.#stops) stop();
    this.line.close();
    this.desk.set(EMPTY);
  }

  #show(change: Partial<Desk>): void {
    this.desk.update((desk) => ({ ...desk, ...change }));
  }

  async #load(): Promise<{ epoch: string; offset: number }> {
    const found = await this.line.command<BoardState>("board.state", {});
    this.#show({ lines: lined(found.alerts), helpers: found.helpers, cells: found.cells });
    await this.#applications().catch(() => undefined);
    await this.#delivery().catch(() => undefined);
    return { epoch: found.epoch, offset: found.offset };
  }

  async #applications(): Promise<void> {
    const { applications } = await this.line.command<{ applications: Application[] }>("helper.pending", {});
    this.#show({ applications });
  }

  async #delivery(): Promise<void> {
    this.#show({ push: await this.line.command<PushBoard>("push.board", {}) });
  }

  async #look(id: string): Promise<{ epoch: string; offset: number }> {
    const found = await this.line.command<HelpState>("help.state", { alert: id });
    const { opened } = this.desk.get();
    if (opened?.id === id) {
      const talk = opened.talk ?? (found.room ? new Talk(this.line, found.room) : null);
      this.#show({ opened: { id, alert: found, talk } });
    }
    return { epoch: found.epoch, offset: found.offset };
  }
}
