// A telephone number as people type it. Only to say at once that it looks incomplete; the server decides.

export type Typed = "empty" | "incomplete" | "plausible";

export function typed(text: string): Typed {
  if (text.trim() === "") return "empty";
  const digits = text.replace(/[^0-9]/g, "");
  const foreign = !/^[\s0-9+().-]+$/.test(text);
  return foreign || digits.length < 9 || digits.length > 15 ? "incomplete" : "plausible";
}
