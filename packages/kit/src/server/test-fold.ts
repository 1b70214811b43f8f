import { message } from "@doppelwerk/messages";
import {
  codeOfOrigin,
  createFoldRun,
  DoppelwerkError,
  type Instant,
  type RecordId,
  type SampleBatch,
  type WorldRecord,
} from "@doppelwerk/world";
import { driveFold } from "../pack/drive-fold.ts";
import { foldOfPack, instanceOfPackFold, MAX_OUTPUTS, type FoldCode, type PackFoldOutput } from "../pack/fold-of-pack.ts";
import type { PackFoldDeclaration } from "../pack/manifest-shape.ts";
import type { PackFold, PackFoldInstance } from "../pack/pack-fold.ts";
import type { PackConcludeQuery, PackConclusion, PackSample } from "./pack.ts";

export interface TestedFold {
  readonly declared: PackFoldDeclaration;
  readonly folder: URL;
}

interface Row {
  readonly input: number;
  readonly at: Instant;
  readonly value: number;
  readonly text: string | undefined;
  readonly quality: number;
  readonly origin: "measured" | "simulated";
}

/** Folds documents over samples in memory, in this process: the server runs the same code in a sandbox. */
export async function concludeInMemory(
  { declared, folder }: TestedFold,
  documents: readonly WorldRecord[],
  samplesOf: (signal: RecordId) => readonly PackSample[],
  { from, to, simulated = [] }: PackConcludeQuery,
): Promise<readonly PackConclusion[]> {
  const { default: fold } = (await import(new URL(declared.module, folder).href)) as { readonly default: PackFold };
  const made = foldOfPack(declared, codeHere(fold, declared.inputs));
  return documents.flatMap((document) => {
    const instance = instanceOfPackFold(declared, document, () => true);
    const signals = declared.inputs.map((name) => `input ${name}`);
    const run = createFoldRun([{ fold: made, ...instance, inputs: signals.map((signal) => ({ signal })) }]);
    const measured = instance.inputs.flatMap((input, at) => ("signal" in input ? rowsOf(samplesOf(input.signal), at, from, to) : []));
    const later = simulated.map(({ input, at, value, text }): Row => ({
      input: declared.inputs.indexOf(input),
      at,
      value: value ?? Number.NaN,
      text,
      quality: 0,
      origin: "simulated",
    }));
    const rows = [...measured, ...later].filter(({ input }) => input >= 0);
    run.step(batchOf(rows), signals);
    run.advance(Math.max(to - 1, ...rows.map(({ at }) => at)));
    const [fault] = run.faults();
    if (fault !== undefined)
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("packs.foldStopped", { fold: declared.id, subject: document.id, reason: (fault.error as Error).message }),
      );
    return run.drain().map(({ subject, output, origin }) => {
      const { type, value, from: since } = output as PackFoldOutput;
      return { subject, type, value, from: since, origin };
    });
  });
}

function codeHere(fold: PackFold, inputs: readonly string[]): FoldCode {
  return {
    open(instance, state) {
      const driven = driveFold(fold, inputs, MAX_OUTPUTS, throughJson(instance) as PackFoldInstance, throughJson(state));
      return {
        ...driven,
        step: (rows, texts, at) => driven.step(rows.buffer as ArrayBuffer, texts === undefined ? undefined : JSON.stringify(texts), at),
      };
    },
    upcast: (version, state) => throughJson(fold.upcast?.[version]?.(state as never)),
    adopt: (state, before, after) => throughJson(fold.adopt?.(state as never, before as never, after as never)),
  };
}

function rowsOf(samples: readonly PackSample[], input: number, from: Instant, to: Instant): readonly Row[] {
  return samples
    .filter(({ time }) => time >= from && time < to)
    .map(({ time, value, text, quality }) => ({ input, at: time, value: value ?? Number.NaN, text, quality, origin: "measured" }));
}

function batchOf(rows: readonly Row[]): SampleBatch {
  const times = Float64Array.from(rows, ({ at }) => at);
  return {
    origin: "measured",
    origins: Uint8Array.from(rows, ({ origin }) => codeOfOrigin(origin)),
    count: rows.length,
    signals: Uint32Array.from(rows, ({ input }) => input),
    values: Float64Array.from(rows, ({ value }) => value),
    texts: new Map(rows.flatMap(({ text }, at) => (text === undefined ? [] : [[at, text] as const]))),
    qualities: Uint8Array.from(rows, ({ quality }) => quality),
    sourceTimes: times,
    serverTimes: times,
  };
}

function throughJson(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
