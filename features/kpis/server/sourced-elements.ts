import { message, type Message } from "@doppelwerk/kit";
import type { FeatureLog } from "@doppelwerk/kit/server";
import { elementOf, type ElementValues } from "@doppelwerk/operations";
import type { KpiInputQuestion, KpiInputSource, KpiInputValue } from "@doppelwerk/ports";
import type {} from "../message-codes.ts";

/** Elements that features contribute over a span, with what each was computed of, or why it is not known. */
export interface SourcedElements {
  readonly values: ElementValues;
  readonly of: ReadonlyMap<string, Message>;
  readonly why: ReadonlyMap<string, readonly Message[]>;
}

/** A source that takes longer than this is not waited for. */
const MAX_WAIT_MS = 5_000;

/**
 * What the sources know beside the elements that are `known`: of each symbol the first value. A source that throws, takes too long, or gives what is no
 * number is logged, and its elements are unknown.
 */
export async function sourcedElements(
  sources: readonly KpiInputSource[],
  question: KpiInputQuestion,
  known: ElementValues,
  log: FeatureLog,
): Promise<SourcedElements> {
  const asked = sources.filter(({ symbols }) => symbols.some((symbol) => elementOf(symbol) !== undefined && !Object.hasOwn(known, symbol)));
  const answers = await Promise.all(asked.map((source) => answerOf(source, question, log)));
  const values: Record<string, number> = {};
  const [of, why] = [new Map<string, Message>(), new Map<string, Message[]>()];
  for (const given of answers.flat()) {
    const { symbol, value } = given;
    if (Object.hasOwn(known, symbol) || Object.hasOwn(values, symbol)) continue;
    if (value !== undefined && Number.isFinite(value)) {
      values[symbol] = value;
      if (given.of) of.set(symbol, given.of);
    } else if (given.unknown) why.set(symbol, [...(why.get(symbol) ?? []), given.unknown]);
  }
  for (const symbol of Object.keys(values)) why.delete(symbol);
  return { values, of, why };
}

async function answerOf(source: KpiInputSource, question: KpiInputQuestion, log: FeatureLog): Promise<readonly KpiInputValue[]> {
  const failed = (error: unknown): readonly KpiInputValue[] => {
    log.warn({ err: error, feature: source.feature }, "inputs of KPIs could not be read");
    return source.symbols.map((symbol) => ({ symbol, unknown: message("kpis.inputs.failed", { feature: source.feature }) }));
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<readonly KpiInputValue[]>((resolve) => {
    timer = setTimeout(() => resolve(failed(new Error("no answer in time"))), MAX_WAIT_MS);
  });
  try {
    const given = await Promise.race([source.values(question), late]);
    return given.filter(({ symbol }) => source.symbols.includes(symbol) && elementOf(symbol) !== undefined);
  } catch (error) {
    return failed(error);
  } finally {
    clearTimeout(timer);
  }
}
