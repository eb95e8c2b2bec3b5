// A number that thumbs change: minus, the number, plus. The number is said when it changes.

import { t } from "../words.ts";

interface StepperProps {
  label: string;
  value: number;
  least?: number;
  most: number;
  change: (value: number) => void;
  /** In words, when a figure is not enough. */
  words?: string;
  testid?: string;
}

export function Stepper({ label, value, least = 0, most, change, words, testid }: StepperProps) {
  return (
    <div class="stepper" role="group" aria-label={label} data-testid={testid}>
      <span class="stepper-label" aria-hidden="true">
        {label}
      </span>
      <button
        type="button"
        class="step"
        aria-label={t("house.less", { what: label })}
        aria-disabled={value <= least}
        onClick={() => value > least && change(value - 1)}
      >
        <span aria-hidden="true">−</span>
      </button>
      <output class="stepper-value">{words ?? value}</output>
      <button
        type="button"
        class="step"
        aria-label={t("house.more", { what: label })}
        aria-disabled={value >= most}
        onClick={() => value < most && change(value + 1)}
      >
        <span aria-hidden="true">+</span>
      </button>
    </div>
  );
}
