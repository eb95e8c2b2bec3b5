// Commands over HTTP, with a limit on the wait, and refusals by their stable name.

export class Refusal extends Error {
  readonly code: number;
  readonly temporary: boolean;

  /** `message` is the error's name in the server's table. */
  constructor(name: string, code: number, temporary: boolean) {
    super(name);
    this.code = code;
    this.temporary = temporary;
  }
}

export const UNREACHABLE = "unavailable";

export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    const { code, message } = error as { code: number; message: string; temporary?: boolean };
    const temporary = "temporary" in error && error.temporary === true;
    // Below 100 are the SDK's own: the line was lost, nothing was refused.
    if (typeof code === "number" && code >= 100) return new Refusal(message, code, temporary);
  }
  return new Refusal(UNREACHABLE, 0, true);
}

interface Asked {
  token: string | null;
  timeout: number;
  keepalive?: boolean;
}

export async function post<T>(path: string, body: unknown, asked: Asked): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (asked.token !== null) headers["Authorization"] = `Bearer ${asked.token}`;
  return answer<T>(path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    keepalive: asked.keepalive ?? false,
    signal: AbortSignal.timeout(asked.timeout),
  });
}

export async function read<T>(path: string, timeout: number): Promise<T> {
  return answer<T>(path, { signal: AbortSignal.timeout(timeout) });
}

async function answer<T>(path: string, request: RequestInit): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, { ...request, credentials: "same-origin", cache: "no-store" });
    text = await response.text();
  } catch {
    throw new Refusal(UNREACHABLE, 0, true);
  }
  const body = parsed(text);
  if (response.ok) return body as T;
  const error = (body as { error?: { code?: number; name?: string; temporary?: boolean } } | null)?.error;
  throw new Refusal(
    error?.name ?? UNREACHABLE,
    error?.code ?? response.status,
    error?.temporary ?? (response.status >= 500 || response.status === 429),
  );
}

function parsed(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
