// A place in a stream. What is at or before the snapshot has been counted already and is ignored.

export interface Position {
  epoch: string;
  offset: number;
}

export const nowhere: Position = { epoch: "", offset: 0 };

/** The position after a publication, or null when it is already part of what we know. */
export function advance(known: Position, offset: number | undefined): Position | null {
  if (offset === undefined) return known;
  return offset > known.offset ? { epoch: known.epoch, offset } : null;
}
