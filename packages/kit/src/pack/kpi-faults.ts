import { message, type Message } from "@doppelwerk/messages";
import type { PackKpiDeclaration } from "./kpi-shape.ts";
import type { PackFeature, PackPermission } from "./manifest-shape.ts";

/** What a period is asked with: an operation of a KPI needs nothing else. */
const OF_A_PERIOD: ReadonlySet<string> = new Set(["from", "to", "branch"]);

/** A KPI is of a fold or of an operation of its feature, as these are declared. */
export function kpiFaults(features: readonly PackFeature[], permissions: readonly PackPermission[]): Message[] {
  return features.flatMap((feature) =>
    feature.kpis.flatMap((kpi) => {
      const { id, target, better } = kpi;
      const isWrong = target !== undefined && (better === "more" ? target.warning > target.target : target.warning < target.target);
      return [
        ...("fold" in kpi.of ? ofFoldFaults(feature, id, kpi.of) : ofOperationFaults(feature, id, kpi.of)),
        ...(isWrong ? [message("packs.kpiWarning", { id })] : []),
        ...(permissions.includes("read") ? [] : [message("packs.kpiPermission", { id })]),
        ...(feature.module === undefined ? [] : [message("packs.kpiOfModule", { id })]),
      ];
    }),
  );
}

type Of<Key extends string> = Extract<PackKpiDeclaration["of"], Readonly<Record<Key, unknown>>>;

function ofFoldFaults({ folds }: PackFeature, id: string, { fold, output, make, field, per }: Of<"fold">): Message[] {
  const declared = folds.find((one) => one.id === fold)?.outputs.find(({ type }) => type === output);
  if (declared === undefined) return [message("packs.kpiWithoutOutput", { id, fold, output })];
  const isText = declared.valueType === "string";
  const needsField = make === "ratio" || (isText && make !== "count");
  const isWhole = (field !== undefined || !needsField) && (per !== undefined) === (make === "ratio") && (isText || field === undefined);
  return isWhole ? [] : [message("packs.kpiFields", { id, make })];
}

function ofOperationFaults({ endpoints }: PackFeature, id: string, { operation, field, count }: Of<"operation">): Message[] {
  const declared = endpoints.find((one) => one.id === operation);
  const isAsked =
    declared !== undefined &&
    declared.action === "read" &&
    declared.route.startsWith("GET ") &&
    !declared.route.includes(":") &&
    ((declared.query?.["required"] ?? []) as readonly string[]).every((name) => OF_A_PERIOD.has(name));
  if (!isAsked) return [message("packs.kpiWithoutOperation", { id, operation })];
  const properties = (declared.answer?.["properties"] ?? {}) as object;
  const missing = [field, ...(count === undefined ? [] : [count])].filter((name) => !Object.hasOwn(properties, name));
  return missing.map((name) => message("packs.kpiFieldMissing", { id, field: name, operation }));
}
