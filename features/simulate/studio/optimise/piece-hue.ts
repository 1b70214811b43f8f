/** Calm hues of the fixed list, one a piece of work, again from the first after the last. */
const HUES = ["blue", "teal", "violet", "olive", "rose", "indigo", "slate", "sand", "plum"] as const;

export function pieceHue(index: number): string {
  return `var(--dw-${HUES[index % HUES.length]!})`;
}
