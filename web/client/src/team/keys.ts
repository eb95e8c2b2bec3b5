// Passkeys, as the browser makes and shows them.

import { Refusal } from "../net/http.ts";
import { toBytes, toText } from "../pure/base64.ts";
import { isNumbers } from "../pure/browsers.ts";

export interface KeyWanted {
  challenge: string;
  rp: string;
  user: string;
  name: string;
  exclude: string[];
}

export interface KeyAsked {
  challenge: string;
  rp: string;
}

/** As long as the server waits for an answer. */
const WAIT_MS = 120_000;
/** EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];

export function canUseKeys(): boolean {
  return "PublicKeyCredential" in window && !isNumbers(location.hostname);
}

export async function makeKey(wanted: KeyWanted): Promise<Record<string, string>> {
  const made = await shown(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: toBytes(wanted.challenge),
        rp: { id: wanted.rp, name: "Entraide" },
        user: { id: toBytes(wanted.user), name: wanted.name, displayName: wanted.name },
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none",
        excludeCredentials: wanted.exclude.map((id) => ({ type: "public-key", id: toBytes(id) })),
        timeout: WAIT_MS,
      },
    }),
  );
  const answer = made.response as AuthenticatorAttestationResponse;
  return {
    credential: toText(made.rawId),
    client: toText(answer.clientDataJSON),
    attestation: toText(answer.attestationObject),
  };
}

export async function showKey(asked: KeyAsked): Promise<Record<string, string>> {
  const found = await shown(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: toBytes(asked.challenge),
        rpId: asked.rp,
        userVerification: "required",
        timeout: WAIT_MS,
      },
    }),
  );
  const answer = found.response as AuthenticatorAssertionResponse;
  return {
    credential: toText(found.rawId),
    client: toText(answer.clientDataJSON),
    authenticator: toText(answer.authenticatorData),
    signature: toText(answer.signature),
    ...(answer.userHandle?.byteLength ? { user: toText(answer.userHandle) } : {}),
  };
}

/** Whatever the reason, a browser does not say more than that nothing was shown. */
async function shown(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const found = await ask();
    if (found !== null) return found as PublicKeyCredential;
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === "InvalidStateError") {
      throw new Refusal("key_here", 0, false);
    }
  }
  throw new Refusal("key_not_shown", 0, false);
}
