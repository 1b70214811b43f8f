/** Shifts that the demo plant has worked before it is started, on each of its lines. */
const SHIFTS = 20;

/** Whether the past of every line of a server is known: its shifts are there. */
export async function areShiftsOfLinesKnown(url: string): Promise<boolean> {
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${url}/api/doppelwerk/v1/${path}`);
    return answer.ok ? answer.json() : undefined;
  };
  const { lines = [] } = ((await ask("lines")) ?? {}) as { readonly lines?: readonly { readonly id: string }[] };
  const shifts = await Promise.all(lines.map(({ id }) => ask(`shifts?line=${encodeURIComponent(id)}`)));
  return lines.length > 0 && shifts.every((known) => Array.isArray(known) && known.length >= SHIFTS);
}
