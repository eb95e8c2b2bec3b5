// Showing a key or a code once more, on a session that is open already.

import { Refusal } from "./http.ts";
import type { Line } from "./link.ts";

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export async function stepUpByKey(line: Line): Promise<void> {
  const { challenge, rp } = await line.command<{ challenge: string; rp: string }>("stepup.ask", {});
  const shown = await ask(challenge, rp);
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response as AuthenticatorAssertionResponse;
  const key = {
    credential: shown.id,
    client: text(clientDataJSON),
    authenticator: text(authenticatorData),
    signature: text(signature),
    ...(userHandle && userHandle.byteLength > 0 && { user: text(userHandle) }),
  };
  await line.command("stepup.finish", { key });
}

export async function stepUpByCode(line: Line, code: string): Promise<void> {
  await line.command("stepup.finish", { code });
}

async function ask(challenge: string, rpId: string): Promise<PublicKeyCredential> {
  try {
    const found = await navigator.credentials.get({
      publicKey: { challenge: bytes(challenge), rpId, userVerification: "required" },
    });
    if (found instanceof PublicKeyCredential) return found;
  } catch {
    // Refused by whoever holds it, or there is none.
  }
  throw new Refusal("not_admitted", 850, false);
}
