// How the desk names people, languages and times.

import type { Talked } from "../net/conversation.ts";
import type { Colleague } from "../net/listen.ts";
import { wait } from "../pure/listening.ts";
import { locale, t, told } from "../words.ts";

/** "arabe", "anglais": as the reader's own language says it. */
export function tongue(code: string): string {
  try {
    return new Intl.DisplayNames([locale()], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function waited(since: string, now: number): string {
  const { key, n, rest } = wait(since, now);
  return t(key, { n, rest });
}

/** Why she stands where she does, in words: each her own answer. */
export function reasonWords(reasons: readonly string[]): string[] {
  return reasons.flatMap((name) => told({ key: `listen.reason.${name}`, values: {} }) ?? []);
}

const ROLES: Readonly<Record<string, "listen.seat.operator" | "listen.seat.supervisor" | "listen.seat.interpreter">> = {
  ecoutante: "listen.seat.operator",
  superviseure: "listen.seat.supervisor",
  interprete: "listen.seat.interpreter",
};

/** "Vous", "Elle", a colleague's first name, or her seat. */
export function whoIs(
  seat: string | null | undefined,
  talk: Pick<Talked, "seat" | "members">,
  names: Readonly<Record<string, string>> = {},
): string {
  if (!seat || seat === talk.seat) return t("listen.seat.you");
  const [role = "", number = ""] = seat.split("-");
  if (role === "elle") return t("listen.seat.her");
  const name = talk.members.find((one) => one.seat === seat)?.name || names[seat];
  if (name) return name;
  return t(ROLES[role] ?? "listen.seat.operator", { number });
}

/** "Inès, 1 sur 2". */
export function loadWords(one: Colleague): string {
  return t("listen.load", { name: nameOf(one), load: one.load, capacity: one.capacity });
}

/** A colleague's first name; on a development machine some have none. */
export function nameOf(one: Pick<Colleague, "name"> | undefined): string {
  return one?.name || t("listen.colleague");
}

/** Seconds as people say them: "45 s", "3 min". */
export function lasting(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return t("listen.figure.none");
  return seconds < 90
    ? t("listen.figure.seconds", { n: Math.round(seconds) })
    : t("listen.figure.minutes", { n: Math.round(seconds / 60) });
}
