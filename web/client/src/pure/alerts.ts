// What pushes and snapshots do to the pictures people look at. A push that brings nothing new changes nothing.

import type {
  AlertPush,
  AlertState,
  BoardLine,
  HelperSeen,
  HelperSelf,
  HelpState,
  MePush,
  Offer,
  OfferState,
} from "../net/wire.ts";

const OVER: readonly AlertState[] = ["closed", "cancelled", "expired"];
const WAITING: readonly OfferState[] = ["offered", "received", "seen"];
const ENGAGED: readonly OfferState[] = ["accepted", "arrived"];

export function isOver(state: AlertState): boolean {
  return OVER.includes(state);
}

/** Outside, those who come see the exact place once there are two of them. */
export function isOpen(alert: HelpState): boolean {
  return alert.mode === "public" && alert.accepted >= 2;
}

/** Somebody who comes in person; those who only call or write are shown no place. */
export function isGoing(helper: HelperSeen): boolean {
  return ENGAGED.includes(helper.state) && helper.ring !== "remote";
}

export function isWaiting(offer: Offer): boolean {
  return WAITING.includes(offer.state);
}

export function isEngaged(offer: Offer): boolean {
  return ENGAGED.includes(offer.state);
}

/** An alert's own push carries counts only; names and places are asked for again by `help.state`. */
export function counted(known: HelpState, push: AlertPush): HelpState {
  const { delivered, seen, accepted, on_scene, state } = push;
  return { ...known, state, delivered, seen, accepted, on_scene };
}

export interface Helping {
  helper: HelperSelf | null;
  offers: readonly Offer[];
}

export function helping(known: Helping, push: MePush): Helping {
  switch (push.type) {
    case "offer":
      return { ...known, offers: withOffer(known.offers, push) };
    case "offer_state":
      return {
        ...known,
        offers: known.offers.map((offer) =>
          offer.offer === push.offer ? { ...offer, state: push.state } : offer,
        ),
      };
    case "helper":
      return known.helper === null
        ? known
        : { ...known, helper: { ...known.helper, status: push.status, tier: push.tier } };
    case "place_open":
    case "alert":
    case "shelter":
    case "witness":
    case "witness_end":
    case "witness_own":
      return known;
  }
}

function withOffer(offers: readonly Offer[], push: { type: "offer" } & Offer): Offer[] {
  const { type: _, ...offer } = push;
  const known = offers.find((one) => one.offer === offer.offer);
  if (known === undefined) return [...offers, offer];
  return offers.map((one) => (one === known ? { ...one, ...offer } : one));
}

/** An offer's state never goes back: a late "seen" does not undo an acceptance. */
const RANK: Record<OfferState, number> = {
  offered: 0,
  received: 1,
  seen: 2,
  accepted: 3,
  arrived: 4,
  declined: 5,
  withdrawn: 5,
  covered: 5,
  expired: 5,
  cancelled: 5,
  closed: 5,
};

export function marked(offers: readonly Offer[], id: string, state: OfferState, room?: string | null): Offer[] {
  return offers.map((offer) => {
    if (offer.offer !== id || RANK[state] < RANK[offer.state]) return offer;
    return { ...offer, state, room: room ?? offer.room ?? null };
  });
}

/** The board: the longest without an answer first, then the rest, the oldest first. */
export function lined(lines: readonly BoardLine[]): BoardLine[] {
  const weight = (line: BoardLine): number =>
    line.escalation === "duty" ? 0 : line.escalation === "board" ? 1 : line.state === "searching" ? 2 : 3;
  return lines
    .filter((line) => !isOver(line.state))
    .sort((a, b) => weight(a) - weight(b) || a.at.localeCompare(b.at));
}

export function onBoard(lines: readonly BoardLine[], push: BoardLine): BoardLine[] {
  const others = lines.filter((line) => line.alert !== push.alert);
  const known = lines.find((line) => line.alert === push.alert);
  return lined([...others, { ...known, ...push }]);
}
