import type { ReactNode } from "react";

/** Priority by shape, colour and letter at once: 1 ◆, 2 ▲, 3 ■, 4 ●. Unacknowledged blinks slowly. */
export function AlarmShape({
  priority,
  blinking = false,
  size = 12,
}: {
  readonly priority: 1 | 2 | 3 | 4;
  readonly blinking?: boolean;
  readonly size?: number;
}): ReactNode {
  return (
    <svg
      className={`dw-alarm-shape dw-p${priority} ${blinking ? "is-blinking" : ""}`}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      role="img"
      aria-label={`P${priority}`}
    >
      {priority === 1 && <path d="M6 0.3 11.7 6 6 11.7 0.3 6z" />}
      {priority === 2 && <path d="M6 0.8 11.7 11H0.3z" />}
      {priority === 3 && <path d="M1 1h10v10H1z" />}
      {priority === 4 && <circle cx="6" cy="6" r="5.2" />}
    </svg>
  );
}
