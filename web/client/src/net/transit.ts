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
  mode?: string | null;
  colour?: string | null;
  headsign?: string | null;
}

export interface Fix {
  lat: number;
  lon: number;
  ago_s: number;
}

/** What `witness.report` takes. */
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

/** A line in an answer about an event; without a direction nobody knows where it goes. */
export interface LineSeen extends Named {
  headsign?: string;
  direction?: 0 | 1 | null;
  mode?: string;
  colour?: string;
}

export interface RoleSeen {
  role: Role;
  taken: boolean;
  mine?: boolean;
  done?: boolean;
}

/** A part that is advised here, and the sentence that says how. */
export interface Advice {
  role: Role;
  words: string;
}

interface Told {
  alert: string;
  kind: Deed;
  state: EventState;
  at: string;
  expires_at: string;
  confirmed: boolean;
  line?: LineSeen | null;
  stop?: Named | null;
  car?: string | null;
  outcome?: Ending | null;
}

export type Ending = Outcome | "cancelled" | "expired";

/** One event, as the caller may see it now. */
export interface WitnessState extends Told {
  drill: boolean;
  mine: boolean;
  came: number;
  /** How many were told, and how many have looked. */
  told: number;
  seen: number;
  network: string;
  roles: readonly RoleSeen[];
  call: Call;
  /** By the clock of Paris: one may ask to be let off between two stops. */
  night: boolean;
  next?: readonly Named[];
  card?: readonly Advice[] | null;
  /** For operators. */
  standing?: Standing | null;
  contained?: boolean | null;
  delivered?: number | null;
  unseen?: number | null;
  reports?: readonly ReportSeen[] | null;
  area?: readonly (readonly [number, number])[] | null;
  epoch: string;
  offset: number;
}

/** One person's word, for operators: nothing says whose. */
export interface ReportSeen {
  report: string;
  as: As;
  kind: Deed;
  at: string;
  standing: Standing;
  car?: string | null;
  note?: string | null;
}

export type Standing = "known" | "new" | "doubted";

export interface WitnessOwn extends Told {
  report: string;
  role: As;
  came: number;
}

export interface WitnessOffer {
  alert: string;
  kind: Deed;
  ring: Ring;
  state: "asked" | "came" | "declined" | "left";
  expires_at: string;
  drill: boolean;
  roles_free: readonly Role[];
  card: readonly Advice[];
  line?: string | null;
  line_name?: string;
  headsign?: string;
  stop_name?: string | null;
  car?: string | null;
  role?: Role | null;
}

export interface WitnessMine {
  reports: readonly WitnessOwn[];
  calls: readonly WitnessOffer[];
}

export interface Watch {
  on: boolean;
  muted: readonly { line: string; name: string; until: string }[];
  agent?: string | null;
}

export type WitnessPush =
  | ({ type: "witness" } & WitnessOffer)
  | { type: "witness_end"; alert: string; outcome: Ending }
  | { type: "witness_own"; alert: string; state: EventState; confirmed: boolean; came: number; outcome?: Ending | null };

/** On `alert:<id>`. */
export interface WitnessSaid {
  type: "witness_state";
  alert: string;
  state: EventState;
  roles: Readonly<Partial<Record<Role, Taken>>>;
  came: number;
}

export interface BoardEvent extends Told {
  network: string;
  standing: Standing;
  contained: boolean;
  drill: boolean;
  reports: number;
  victims: number;
  witnesses: number;
  told: number;
  delivered: number;
  seen: number;
  came: number;
  unseen: number;
  roles: Readonly<Partial<Record<Role, Taken>>>;
  /** Where to draw it: the stop, or the next one when it was reported. */
  near?: (Named & { lat: number; lon: number }) | null;
}

export interface WitnessBoard {
  events: readonly BoardEvent[];
  watching: number;
  epoch: string;
  offset: number;
}

export interface HotSpot {
  stop: Named;
  hour: number;
  events: number;
}

/** One line as `transit.map` draws it: latitude, longitude, latitude… */
export interface LineDrawn {
  line: string;
  name: string;
  mode: string;
  colour: string;
  paths: readonly (readonly number[])[];
}

export interface NetworkKnown {
  network: string;
  name: string;
  call: string;
  sms: string;
  alight?: { modes: readonly string[]; from: number; until: number } | null;
}

export type Effect = "NO_SERVICE" | "REDUCED_SERVICE" | "SIGNIFICANT_DELAYS" | "DETOUR" | "MODIFIED_SERVICE" | "OTHER_EFFECT";
/** Which neutral sentence travellers are told: nobody writes one. */
export type Sentence = "disturbed" | "delayed" | "interrupted" | "stop_closed" | "slowed";

/** What travellers are told of a line or a stop. */
export interface Service {
  service: string;
  network: string;
  line: string | null;
  line_name: string;
  stop: string | null;
  stop_name: string;
  effect: Effect;
  text: Sentence;
  at: string;
  until: string;
  alert?: string | null;
}
