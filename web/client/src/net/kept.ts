// The session of a page of staff, kept for this tab only: never in an address, gone when the tab is closed.
// `/equipe` puts it there for the page of each role; a page takes its own.

export interface Place {
  path: string;
  /** Under what name this page finds it. */
  name: string;
}

const BOARD: Place = { path: "/operateur", name: "operator" };

export const PLACES: Readonly<Record<string, Place>> = {
  operator: BOARD,
  supervisor: BOARD,
  duty: BOARD,
  association: { path: "/accompagner", name: "companion" },
  desk: { path: "/bureau", name: "desk" },
  funder: { path: "/fonds", name: "funder" },
};

/** Who makes posters and exercises: `/campagne`, beside the page of their role. */
export const CAMPAIGN: Place = { path: "/campagne", name: "campaign" };
export const CAMPAIGNERS: readonly string[] = ["supervisor", "admin"];

/** Who answers the 3919 chat, or answers for it: `/ecoute` takes the session of their board. */
export const LISTENERS: readonly string[] = ["operator", "supervisor"];

/** The page of accounts itself. */
export const TEAM = "team";

export function kept(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name: string, token: string | null): void {
  try {
    if (token === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, token);
  } catch {
    // A browser without storage: the token lives as long as the page.
  }
}

/** For the page of accounts, and for the page of this role if there is one. */
export function keepForRole(role: string, token: string | null): void {
  keep(TEAM, token);
  const place = PLACES[role];
  if (place !== undefined) keep(place.name, token);
  if (CAMPAIGNERS.includes(role)) keep(CAMPAIGN.name, token);
}
