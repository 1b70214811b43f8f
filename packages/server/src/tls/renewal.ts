/** When another certificate is due: two thirds of the life of this one are over then. ISO 8601. */
export function renewalOf(from: string, until: string): string {
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)];
  return new Date(fromMs + ((untilMs - fromMs) * 2) / 3).toISOString();
}
