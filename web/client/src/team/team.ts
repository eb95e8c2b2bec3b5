// Who is signed in on this page, and what she may do with accounts. Everything goes over HTTP.

import { keep, keepForRole, kept, TEAM } from "../net/kept.ts";
import { post, refusalOf, Refusal } from "../net/http.ts";
import { called } from "../pure/browsers.ts";
import { newId } from "../pure/ids.ts";
import { createStore } from "../store.ts";
import { makeKey, showKey, type KeyAsked, type KeyWanted } from "./keys.ts";

export type Role = "operator" | "supervisor" | "duty" | "admin" | "association" | "desk" | "funder";
export type Kind = "helpline" | "association" | "hotel" | "funder";

export interface Organisation {
  id: string;
  kind: Kind;
  name: string;
}

export interface Colleague {
  member: string;
  role: Role;
  name: string;
  joined: string;
  tablet?: boolean;
  keyed?: boolean;
  pin?: boolean;
  me?: boolean;
}

export interface Listed {
  organisation: Organisation;
  handle: string;
  members: Colleague[];
  organisations: Organisation[];
  stepped: boolean;
}

export interface OpenSession {
  id: string;
  opened?: string | null;
  way: string;
  label: string;
  here: boolean;
}

export interface Application {
  secret: string;
  address: string;
  rows: string[];
  handle: string;
}

export interface Issued {
  code: string;
  path: string;
  until: string;
}

export interface Entered {
  token: string;
  role: Role;
}

/** `sure`: something waits until it is known that it is still her. */
export interface State {
  step: "looking" | "entry" | "arriving" | "enrolling" | "in";
  code: string;
  role: Role | null;
  listed: Listed | null;
  sessions: readonly OpenSession[];
  sure: Sure | null;
}

interface Sure {
  done: () => void;
  given_up: () => void;
}

const BEGINNING: State = { step: "looking", code: "", role: null, listed: null, sessions: [], sure: null };
const WAIT_MS = 15_000;

export class Team {
  readonly state = createStore<State>(BEGINNING);
  #token: string | null = null;

  /** An invitation in the address, a session kept in this tab, or nobody. */
  async begin(): Promise<void> {
    const code = decodeURIComponent(location.hash.slice(1));
    if (code !== "") {
      // It opens an account: it does not stay in the address, nor in the history.
      history.replaceState(null, "", location.pathname);
      return this.#show({ step: "arriving", code });
    }
    this.#token = kept(TEAM);
    if (this.#token === null) return this.#show({ step: "entry" });
    try {
      await this.#load();
    } catch (failure) {
      if (!refusalOf(failure).temporary) keep(TEAM, null);
      this.#show({ step: "entry" });
    }
  }

  arrive(): void {
    this.#show({ step: "arriving", code: "" });
  }

  back(): void {
    this.#show({ step: "entry", code: "" });
  }

  async accept(code: string, name: string): Promise<void> {
    const { token } = await this.#post<{ token: string }>("staff/accept", { code, name, label: here() });
    this.#token = token;
    this.#show({ step: "enrolling", code: "" });
  }

  async enrol(): Promise<void> {
    const wanted = await this.#post<KeyWanted>("passkey/begin", {});
    const made = await makeKey(wanted);
    await this.#admitted(await this.#post<Partial<Entered>>("passkey/finish", { ...made, label: here() }));
  }

  /** A secret for an application that makes codes. */
  application(): Promise<Application> {
    return this.#post<Application>("totp/begin", {});
  }

  async confirm(code: string): Promise<void> {
    await this.#admitted(await this.#post<Partial<Entered>>("totp/finish", { code, label: here() }));
  }

  async enterWithKey(): Promise<void> {
    const asked = await this.#post<KeyAsked>("passkey/ask", {});
    const found = await showKey(asked);
    await this.#entered(await this.#post<Entered>("passkey/enter", { ...found, label: here() }));
  }

  async enterWithCode(handle: string, code: string): Promise<void> {
    await this.#entered(await this.#post<Entered>("totp/enter", { handle, code, label: here() }));
  }

  /** Does something; when the server first wants to know that it is still her, asks, and does it again. */
  async sure<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (failure) {
      if (refusalOf(failure).message !== "step_up_needed") throw failure;
      await new Promise<void>((done, refuse) =>
        this.#show({ sure: { done, given_up: () => refuse(failure) } }),
      );
      return work();
    }
  }

  async sureWithKey(): Promise<void> {
    const asked = await this.#post<KeyAsked>("stepup/ask", {});
    const key = await showKey(asked);
    await this.#post("stepup/finish", { key });
    this.#sured();
  }

  async sureWithCode(code: string): Promise<void> {
    await this.#post("stepup/finish", { code });
    this.#sured();
  }

  giveUp(): void {
    const { sure } = this.state.get();
    this.#show({ sure: null });
    sure?.given_up();
  }

  invite(role: Role, where: { organisation?: string; new?: { kind: Kind; name: string } }): Promise<Issued> {
    // The same question asked again gets the same code.
    const invitation = newId();
    return this.sure(() => this.#post<Issued>("staff/invite", { invitation, role, ...where }));
  }

  async remove(member: string): Promise<void> {
    await this.sure(() => this.#post("staff/remove", { member }));
    await this.#load();
  }

  async setPin(pin: string): Promise<void> {
    await this.sure(() => this.#post("shift/set", { pin }));
    await this.#load();
  }

  async cut(session: string): Promise<void> {
    await this.#post("session/end", { session });
    await this.#load();
  }

  async leave(): Promise<void> {
    const token = this.#token;
    this.#forget(this.state.get().role);
    await post("/api/session/leave", {}, { token, timeout: WAIT_MS, keepalive: true }).catch(() => undefined);
  }

  #forget(role: Role | null): void {
    this.#token = null;
    keepForRole(role ?? "", null);
    this.state.set({ ...BEGINNING, step: "entry" });
  }

  async #admitted(answer: Partial<Entered>): Promise<void> {
    // Whoever was in already is told nothing.
    const { token, role } = answer;
    if (token !== undefined && role !== undefined) return this.#entered({ token, role });
    await this.#load();
  }

  async #entered({ token, role }: Entered): Promise<void> {
    this.#token = token;
    keepForRole(role, token);
    await this.#load();
  }

  async #load(): Promise<void> {
    const listed = await this.#post<Listed>("staff/list", {});
    const { sessions } = await this.#post<{ sessions: OpenSession[] }>("session/list", {});
    const role = listed.members.find((one) => one.me)?.role ?? null;
    this.#show({ step: "in", listed, sessions, role });
  }

  #sured(): void {
    const { sure } = this.state.get();
    this.#show({ sure: null });
    sure?.done();
  }

  #show(change: Partial<State>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }

  async #post<T>(path: string, body: unknown): Promise<T> {
    try {
      return await post<T>(`/api/${path}`, body, { token: this.#token, timeout: WAIT_MS });
    } catch (failure) {
      // Cut from elsewhere: this page is nobody's any more.
      if (this.#token !== null && refusalOf(failure).code === 101) {
        this.#forget(this.state.get().role);
        throw new Refusal("unauthorized", 101, false);
      }
      throw failure;
    }
  }
}

function here(): string {
  return called(navigator.userAgent);
}
