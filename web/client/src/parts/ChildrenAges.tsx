// How old each child is, for whoever asks for a room in somebody's stead.

import { useId } from "preact/hooks";
import type { Household } from "../net/rooms.ts";
import { AGES, withAge } from "../pure/seeking.ts";

interface ChildrenAgesProps {
  household: Household;
  /** Of the first child, the second… */
  label: (at: number) => string;
  change: (household: Household) => void;
}

export function ChildrenAges({ household, label, change }: ChildrenAgesProps) {
  const id = useId();
  return (
    <>
      {household.children.map((age, n) => (
        <div key={n} class="field">
          <label for={`${id}-${n}`}>{label(n + 1)}</label>
          <select
            id={`${id}-${n}`}
            class="input brief"
            value={age}
            onChange={({ currentTarget: { value } }) => change(withAge(household, n, Number(value)))}
          >
            {AGES.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
      ))}
    </>
  );
}
