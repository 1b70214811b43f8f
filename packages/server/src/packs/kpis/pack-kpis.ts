import type { EndpointOptions, FeatureOptions } from "@doppelwerk/kit";
import { kpiValueOf, type PackKpiDeclaration } from "@doppelwerk/kit/pack";
import type { CallOf, HandlerOf, PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import type { DeclaredKpi, KpiQuestion, KpiSource, KpiValue } from "@doppelwerk/ports";
import { DoppelwerkError, LIVE, reasonOf, type Principal } from "@doppelwerk/world";
import type { RunningPack } from "../running-pack.ts";
import { conclusionsOf, type OutputOfFold } from "./conclusions-of.ts";

export type PackHandlers = Readonly<Record<string, HandlerOf<EndpointOptions>>>;

/** A pack that does not answer holds up nobody who asks for KPIs. */
const MAX_MS = 2_000;

type OfFold = Extract<PackKpiDeclaration["of"], { readonly fold: string }>;
type OfOperation = Exclude<PackKpiDeclaration["of"], OfFold>;

/** The KPIs that a feature of a pack declares, as the feature that shows KPIs takes them. */
export function packKpis(
  pack: Pick<RunningPack, "name" | "kpis" | "folds">,
  feature: FeatureOptions,
  viewOf: (principal: Principal) => PlantView,
  handlers: PackHandlers,
): KpiSource {
  return {
    feature: feature.id,
    pack: pack.name,
    kpis: pack.kpis.map(declaredOf),
    async values(question) {
      const view = viewOf(question.principal);
      const asked = question.shells === undefined ? pack.kpis : pack.kpis.filter(({ of }) => "fold" in of);
      // several KPIs are often of one answer or one output: each is asked for once
      const answers = new Map<string, Promise<Readonly<Record<string, unknown>>>>();
      const outputs = new Map<string, Promise<readonly OutputOfFold[] | undefined>>();
      return Promise.all(
        asked.map(async ({ id, of }): Promise<KpiValue> => {
          try {
            if ("fold" in of) {
              const fold = pack.folds.find((one) => one.id === of.fold)!;
              const concluded = once(outputs, `${of.fold} ${of.output}`, () => conclusionsOf(view, fold, of.output, question));
              const rows = await concluded;
              return { id, ...(rows === undefined ? { n: 0 } : kpiValueOf(of, rows)) };
            }
            const answer = once(answers, of.operation, () => answerOf(pack.name, feature, of, handlers, view, question));
            return { id, ...valueOf(of, await answer) };
          } catch (error) {
            return { id, fault: reasonOf(error) };
          }
        }),
      );
    },
  };
}

function declaredOf({ id, title, description, unit, iso22400, better, digits, target }: PackKpiDeclaration): DeclaredKpi {
  return {
    id,
    title,
    better,
    digits,
    ...(description && { description }),
    ...(unit && { unit }),
    ...(iso22400 && { iso22400 }),
    ...(target && { target }),
  };
}

function once<Value>(made: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  let value = made.get(key);
  if (value === undefined) made.set(key, (value = make()));
  return value;
}

// oxlint-disable-next-line max-params -- one call, with what it is asked with
async function answerOf(
  pack: string,
  feature: FeatureOptions,
  { operation }: OfOperation,
  handlers: PackHandlers,
  view: PlantView,
  { principal, from, to }: KpiQuestion,
): Promise<Readonly<Record<string, unknown>>> {
  const endpoint = feature.contract.find(({ id }) => id === operation)!;
  const given = { from: String(from), to: String(to), branch: LIVE };
  // those that its query declares: texts, as they stand in an address
  const query = endpoint.query === undefined || "octets" in endpoint.query ? undefined : endpoint.query.parse(given);
  const call = { view, principal, branch: LIVE, params: {}, query, body: undefined } as unknown as CallOf<EndpointOptions>;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new DoppelwerkError("DW_UNAVAILABLE", message("packs.kpiLate", { name: pack, seconds: MAX_MS / 1_000 }));
    timer = setTimeout(() => reject(error), MAX_MS);
  });
  try {
    return ((await Promise.race([handlers[operation]!(call), late])) ?? {}) as unknown as Readonly<Record<string, unknown>>;
  } finally {
    clearTimeout(timer);
  }
}

function valueOf({ field, count, factor }: OfOperation, answer: Readonly<Record<string, unknown>>): Pick<KpiValue, "value" | "n"> {
  const value = answer[field];
  const n = count === undefined ? undefined : answer[count];
  return { ...(isNumber(value) && { value: value * factor }), ...(isNumber(n) && { n }) };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
