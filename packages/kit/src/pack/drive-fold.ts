import type { PackFold, PackFolding, PackFoldInstance } from "./pack-fold.ts";

/** One instance of a fold of a pack, driven an instant at a time. What a call returns is when its timer is due; NaN: there are outputs, to be pulled first. */
export interface DrivenFold {
  step(rows: ArrayBuffer, texts: string | undefined, at: number): number;
  fire(at: number): number;
  /** `{ due, outputs: [type, value, from][] }` as JSON; `due` null: never. */
  pull(): string;
  /** What is not over, `[type, value, from][]` as JSON. */
  open(at: number): string;
  snapshot(): string;
}

/**
 * Beside the code of a pack, in a test or in the sandbox, which takes the text of this function: nothing outside of it is used. `names` of the inputs; what
 * is emitted beyond `maxOutputs` in one call is refused. Samples of an instant come in rows of five numbers: position of the input, value, quality, position
 * of the origin, time.
 */
export function driveFold(
  fold: PackFold,
  names: readonly string[],
  maxOutputs: number,
  instance: PackFoldInstance,
  state: unknown,
): DrivenFold {
  const origins = ["measured", "entered", "derived", "simulated", "replayed"];
  const rowLength = 5;
  let outputs: [string, unknown, number][] = [];
  let now = 0;
  const emit = (type: string, value: unknown, from: number = now): void => {
    if (outputs.length >= maxOutputs) throw new Error(`it concludes more than ${maxOutputs} things at once`);
    outputs.push([type, value, from]);
  };
  const folding: PackFolding = fold.open(instance as never, emit, state as never);
  const due = (): number => folding.due?.() ?? Infinity;
  const after = (): number => (outputs.length > 0 ? NaN : due());
  return {
    step(buffer, texts, at) {
      now = at;
      const rows = new Float64Array(buffer);
      const words = texts === undefined ? undefined : (JSON.parse(texts) as readonly (string | null)[]);
      for (let row = 0; row * rowLength < rows.length; row++) {
        const first = row * rowLength;
        const text = words?.[row] ?? undefined;
        folding.take({
          input: names[rows[first]!]!,
          value: rows[first + 1]!,
          ...(text === undefined ? {} : { text }),
          quality: rows[first + 2]!,
          origin: origins[rows[first + 3]!] as never,
          at: rows[first + 4]!,
        });
      }
      folding.settle?.(at);
      return after();
    },
    fire(at) {
      now = at;
      folding.fire?.(at);
      return after();
    },
    pull() {
      const pulled = outputs;
      outputs = [];
      const next = due();
      return JSON.stringify({ due: next === Infinity ? null : next, outputs: pulled });
    },
    open: (at) => JSON.stringify(folding.open?.(at) ?? []),
    snapshot: () => JSON.stringify(folding.snapshot() ?? null),
  };
}
