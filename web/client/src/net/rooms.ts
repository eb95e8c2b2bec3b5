// The words of the wire about rooms for the night, as the server's commands and channels say them.

import type { Place } from "../pure/places.ts";

export type Freshness = "fresh" | "aging" | "stale";
export type HoldState =
  | "held"
  | "confirmed"
  | "arrived"
  | "left"
  | "declined"
  | "expired"
  | "cancelled"
  | "no_show";

/** Ages in years; below two a child sleeps in a cot. */
export interface Household {
  adults: number;
  children: number[];
  pets: number;
  wheelchair: boolean;
}

/** What a hotel is told of a household, and nothing else. */
export interface Shape {
  people: number;
  children: number;
  cots: number;
  pets: number;
  wheelchair: boolean;
}

export interface Fittings {
  people: number;
  cots: number;
  accessible: boolean;
  pets: boolean;
  ground_floor: boolean;
}

export interface Counts {
  total: number;
  occupied: number;
  held: number;
  free: number;
}

export interface DeskKind extends Fittings, Counts {
  kind: string;
}

export interface DeskHold extends Shape {
  hold: string;
  alias: string;
  word: string;
  state: HoldState;
  kind: string;
  first: string;
  nights: number;
  arrives_from: string;
  arrives_until: string;
  expires_at: string;
  /** Too many wrong codes: only the helpline lets her in now. */
  locked: boolean;
}

export interface DeskAsk extends Shape {
  ask: string;
  state: "open" | "accepted" | "declined" | "covered" | "over";
  /** The kind of room that would fit best. */
  kind: string;
  first: string;
  nights: number;
  until: string;
}

export interface DeskState {
  /** The name of its channel. */
  hotel: string;
  name: string;
  night: string;
  kinds: DeskKind[];
  freshness: Freshness;
  said_at?: string | null;
  ask_now: boolean;
  holds: DeskHold[];
  asks: DeskAsk[];
  epoch: string;
  offset: number;
}

export type DeskPush =
  | ({ type: "hold" } & DeskHold)
  | ({ type: "ask" } & Partial<DeskAsk> & Pick<DeskAsk, "ask" | "state">)
  | ({ type: "rooms" } & Partial<DeskState>)
  | { type: "incident" };

export type Zone = { lat: number; lon: number; radius_m: number } | { corners: [number, number][] };

export interface Reach {
  how: "never" | "call" | "sms";
  detail?: string;
  when?: string;
}

export interface AskBody {
  id: string;
  household: Household;
  days_ahead: number;
  nights: number;
  place: Place;
  zones: Zone[];
  bearing?: number;
  reach: Reach;
}

export interface HoldView {
  hold: string;
  state: HoldState;
  alias: string;
  word: string;
  expires_at: string;
  extended: boolean;
  first: string;
  nights: number;
  approved: boolean;
  code?: string | null;
  arrives_until?: string | null;
  /** Too many wrong codes were typed at the desk. */
  locked?: boolean;
}

export type NeedPhase = "searching" | "held" | "confirmed" | "arrived" | "safe" | "declined" | "unmet";
export type Rung = "operators" | "again" | "supervisor" | "duty";

export interface NeedState {
  need: string;
  state: NeedPhase;
  first: string;
  nights: number;
  at: string;
  mine: boolean;
  /** Hotels are being asked, a few at a time. */
  asking: boolean;
  household?: Household | null;
  reach?: Reach | null;
  hold?: HoldView | null;
  /** A long stay waits for a second person's word, and it may be ours. */
  may_agree?: boolean;
  escalation?: Rung | null;
  epoch: string;
  offset: number;
}

export interface NeedLine {
  need: string;
  state: NeedPhase;
}

/** What a worker has asked for others: open, or over since yesterday. */
export interface AskedNeeds {
  needs: BoardNeed[];
  followups: BoardFollowUp[];
  epoch: string;
  offset: number;
}

/** On one's own stream. */
export interface ShelterPush {
  type: "shelter";
  need: string;
  state: NeedPhase;
  hold?: string;
  hold_state?: HoldState;
}

export interface Reason {
  key: string;
  values: Record<string, string | number>;
}

export interface Option {
  option: string;
  area: string;
  people: number;
  cots: number;
  accessible: boolean;
  pets: boolean;
  ground_floor: boolean;
  desk_24h: boolean;
  /** "1", "2", "3+": how many, never exactly. */
  free: string;
  km: number;
  freshness: Freshness;
  said_at?: string | null;
  price_cents?: number | null;
  why: Reason[];
}

export interface Address {
  name: string;
  street: string;
  postcode: string;
  city: string;
  phone?: string | null;
  /** For those who may open only so many within the hour: how many are left. */
  left?: number | null;
}

export type Refused = "full" | "too_near" | "too_far" | "no_fit" | "cost" | "other";

// The operators' board.

export interface BoardNeed {
  need: string;
  state: NeedPhase;
  first: string;
  nights: number;
  at: string;
  by: "self" | "association" | "staff";
  asking: boolean;
  people?: number;
  cots?: number;
  pets?: number;
  wheelchair?: boolean;
  area?: string | null;
  escalation?: Rung | null;
  hold?: string | null;
  hold_state?: HoldState | null;
}

export interface BoardRooms {
  /** It leads nowhere: a name for as long as the board is open. */
  handle: string;
  area: string;
  lat: number;
  lon: number;
  kinds: (Fittings & Counts)[];
  freshness: Freshness;
  /** When this was counted: of two, the later is right. */
  at: string;
  said_at?: string | null;
}

export type AlarmKind = "reveals" | "canary" | "here" | "calls" | "other";

export interface BoardAlarm {
  alarm: string;
  kind: AlarmKind;
  at: string;
  operator?: string | null;
  handle?: string | null;
  locked?: boolean;
}

/** Whom to call about an alarm, and about whom it may be. */
export interface AlarmDesk {
  alarm: string;
  name: string;
  phone?: string | null;
  stays: { need: string; alias: string; state: HoldState }[];
  left: number;
}

export interface BoardFollowUp {
  hold: string;
  need: string;
  day: number;
  at: string;
}

export interface RoomsBoard {
  needs: BoardNeed[];
  rooms: BoardRooms[];
  alarms: BoardAlarm[];
  followups: BoardFollowUp[];
  nights_given: number;
  epoch: string;
  offset: number;
}

export type ShelterQueuePush =
  | ({ type: "need"; climbed?: boolean } & BoardNeed)
  | ({ type: "alarm" } & BoardAlarm)
  | { type: "alarm_over"; alarm: string }
  | ({ type: "followup" } & BoardFollowUp)
  | { type: "followup_done"; hold: string; day: number };

export type RoomsPush = { type: "rooms" } & BoardRooms;
