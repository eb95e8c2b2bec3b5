// The words of the wire about transport: where a phone rides, reports, calls to whoever is near, the operators' board.

export type As = "victim" | "witness";
/** What happens, in one of five words. */
export type Deed = "verbal" | "physical" | "sexual" | "followed" | "other";
export type Role = "distract" | "sit" | "call" | "driver" | "document";
export type Taken = "free" | "taken" | "done";
/** How near whoever is told is to it. */
export type Ring = "trip" | "platform" | "next" | "near";
export type Outcome = "helped" | "agents" | "gone" | "nothing_seen" | "false_alarm";
export type EventState = "open" | "closed" | "cancelled" | "expired";

export interface Named {
  id: string;
  name: string;
}

/** A line and direction where this phone may be, from `transit.place`. */
export interface Candidate {
  line: string;
  name: string;
  mode: string;
  colour: string;
  direction: 0 | 1;
  headsign: string;
  confidence: number;
  stop: Named | null;
  next: readonly Named[];
}

export interface Located {
  candidates: readonly Candidate[];
  stop: Named | null;
}

export interface Course {
  direction: 0 | 1;
  headsign: string;
}

export interface LineOf {
  line: string;
  name: string;
  mode: string;
  colour: string;
  courses: readonly Course[];
}

export interface NetworkOf {
  network: string;
  name: string;
  lines: readonly LineOf[];
}

export interface StopOf {
  stop: string;
  name: string;
  lat: number;
  lon: number;
}

/** A poster or a sticker, by its code: `transit.code`. */
export interface Poster {
  line?: string | null;
  line_name?: string | null;
  direction?: 0 | 1 | null;
  stop?: string | null;
  stop_name?: string | null;
  venue?: string | null;
}

export interface Fix {
  lat: number;
  lon: number;
  ago_s: number;
}

export interface Report {
  id: string;
  as: As;
  kind: Deed;
  line?: string;
  direction?: 0 | 1;
  stop?: string;
  car?: string;
  trail?: readonly Fix[];
  note?: string;
  code?: string;
}

/** Whom to call and to write to from a vehicle, and what to write. */
export interface Call {
  number: string;
  sms: string;
  text: string;
}

export interface Reported {
  alert: string;
  report: string;
  state: string;
  at: string;
  until: string;
  call: Call;
}
