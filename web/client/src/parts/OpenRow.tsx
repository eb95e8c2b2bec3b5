// At the foot of a line of a list: how old it is, and the button that opens it.

import type { ComponentChildren } from "preact";

interface Props {
  /** Its age, and what is said beside it. */
  children: ComponentChildren;
  label: string;
  /** Its place in the list, for who hears the buttons one by one. */
  n: number;
  opened: boolean;
  testid: string;
  onOpen: () => void;
}

export function OpenRow({ children, label, n, opened, testid, onOpen }: Props) {
  return (
    <p class="row">
      <span class="quiet">{children}</span>
      <button type="button" class="button secondary small" aria-pressed={opened} data-testid={testid} onClick={onOpen}>
        {label}
        <span class="hidden"> {n}</span>
      </button>
    </p>
  );
}
