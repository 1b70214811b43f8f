/** One place working is the station working; else what most places do. */
export function stationState(states: readonly string[]): string {
  if (states.includes("working")) return "working";
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? "unknown";
}
