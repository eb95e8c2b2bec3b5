// Small drawings beside plain words: they help who reads badly or fast, and say nothing by themselves.

import type { Deed, Role } from "../net/transit.ts";

const PATHS: Readonly<Record<Deed | Role | "me" | "eye", string>> = {
  me: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c0-4 3.5-7 8-7s8 3 8 7",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  verbal: "M4 5h16v11H11l-5 4v-4H4ZM8 9h8M8 12h5",
  physical: "M7 12V6a1.5 1.5 0 0 1 3 0v5V4.500a1.500 1.500 0 0 1 3 0V11V6a1.500 1.500 0 0 1 3 0v8c0 4-2 7-6 7-3 0-4-1-6-5l-1-3a1.600 1.600 0 0 1 2.500-1.500Z",
  sexual: "M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6ZM9 9l6 6M15 9l-6 6",
  followed: "M8 9a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM4 20v-5a4 4 0 0 1 8 0v5M17 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM14 20v-4a3 3 0 0 1 6 0v4",
  other: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8 12h.010M12 12h.010M16 12h.010",
  distract: "M4 5h10v7H8l-4 3ZM17 9h3v7l-3 2.500V16h-6v-1",
  sit: "M7 4v10h9v6M7 20v-6M11 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM11 10v4",
  call: "M6 3h4l1.500 5-2.500 2a12 12 0 0 0 5 5l2-2.500 5 1.500v4c0 1-1 2-2 2C10 19 5 14 4 5c0-1 1-2 2-2Z",
  driver: "M5 4h14v13H5ZM5 11h14M8 20v-3M16 20v-3M8 14h.010M16 14h.010",
  document: "M6 3h9l3 3v15H6ZM9 10h6M9 13h6M9 16h4",
};

export function Icon({ of }: { of: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[of]} />
    </svg>
  );
}
