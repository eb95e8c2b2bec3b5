// The words of the wire, as the server's commands and channels say them (see /api/openapi.json, /api/asyncapi.json).

import type { DemoCity, Place } from "../pure/places.ts";
import type { LatLon } from "../pure/mercator.ts";
import type { NeedLine, ShelterPush } from "./rooms.ts";
import type { Watch, WitnessMine, WitnessPush } from "./transit.ts";

export type Kind = "followed" | "harassed" | "violence" | "afraid" | "other";
export type Mode = "public" | "home";
export type AlertState = "searching" | "covered" | "on_scene" | "closed" | "cancelled" | "expired" | "recorded";
export type OfferState =
  | "offered"
  | "received"
  | "seen"
  | "accepted"
  | "arrived"
  | "declined"
  | "withdrawn"
  | "covered"
  | "expired"
  | "cancelled"
  | "closed";
export type Skill = "come" | "call" | "write";
export type Area = readonly LatLon[];

export interface Config {
  demo: DemoCity | null;
  /** The server runs on the machine of whoever works on it: tokens are pasted. */
  development: boolean;
  languages: string[];
  exit_url: string;
  numbers: { number: string; way: "call" | "sms" }[];
  /** When it was read, by this phone's clock: the demo's tram has moved since. */
  read_at: number;
}

export interface Counts {
  delivered: number;
  seen: number;
  accepted: number;
  on_scene: number;
}

export interface AlertLine extends Counts {
  alert: string;
  state: AlertState;
  mode: Mode;
  kind: Kind;
  at: string;
  room?: string;
  mine?: boolean;
}

export interface HelperSeen {
  helper: string;
  name: string;
  seat: string;
  state: OfferState;
  released: boolean;
  ring?: "near" | "remote";
}

export interface HelpState extends AlertLine {
  seat?: string;
  place?: Place | null;
  note?: string | null;
  helpers?: HelperSeen[];
  epoch: string;
  offset: number;
}

export interface Offer {
  offer: string;
  alert: string;
  ring: "near" | "remote";
  cell?: string | null;
  area?: Area | null;
  kind: Kind;
  mode: Mode;
  state: OfferState;
  expires_at?: string | null;
  room?: string | null;
}

export interface Quiet {
  start: string;
  end: string;
}

export interface HelperSelf {
  status: "applied" | "approved" | "refused";
  tier: number;
  on: boolean;
  skills: Skill[];
  languages: string[];
  quiet: Quiet | null;
  budget: number;
}

export interface MeState {
  person: string;
  role: string;
  helper: HelperSelf | null;
  offers: Offer[];
  alerts: AlertLine[];
  rooms: { room: string; alert: string; seat: string }[];
  /** The room she has asked for, while that is open. */
  shelter?: NeedLine | null;
  /** Her conversation with the helpline, while that is open. */
  chat?: { chat: string } | null;
  /** Whether one is told of events on one's way; null for whoever may not be. */
  watch?: Watch | null;
  witness?: WitnessMine | null;
  epoch: string;
  offset: number;
}

export interface PushKey {
  key: string | null;
  on: boolean;
  tested_at?: string | null;
  received_at?: string | null;
  reference?: string | null;
}

export interface PushBoard {
  on: boolean;
  sms: boolean;
  devices: number;
  results: { result: string; count: number }[];
  hosts: { host: string; state: "closed" | "open" | "trying" }[];
  last_test_at: string | null;
}

export type MePush =
  | ({ type: "offer" } & Offer)
  | { type: "offer_state"; offer: string; alert: string; state: OfferState }
  | { type: "place_open"; alert: string }
  | { type: "alert"; alert: string; state: AlertState; room?: string }
  | { type: "helper"; status: HelperSelf["status"]; tier: number }
  | ShelterPush
  | WitnessPush;

export interface AlertPush extends Counts {
  type: "state";
  alert: string;
  state: AlertState;
  at: string;
}

export interface RoomState {
  room: string;
  alert: string;
  seat: string;
  members: { seat: string; name: string; role: string }[];
  messages: { id: string; text: string; seat: string; at: string; offset: number }[];
  epoch: string;
  offset: number;
}

export interface RoomPush {
  type: "say" | "edit" | "event";
  id: string;
  text: string;
  seat: string;
  at: string;
  /** An edit: the message it changes. */
  of?: string;
}

export type Escalation = "board" | "duty" | null;

export interface BoardLine extends AlertLine {
  cell?: string | null;
  area?: Area | null;
  escalation: Escalation;
}

export interface BoardState {
  alerts: BoardLine[];
  helpers: { on_duty: number; live: number };
  cells: { cell: string; count: number; area?: Area | null }[];
  epoch: string;
  offset: number;
}

export type QueuePush = ({ type: "alert" } & BoardLine) | { type: "application" };

export interface Application {
  helper: string;
  name: string;
  skills: Skill[];
  languages: string[];
  at: string;
}
