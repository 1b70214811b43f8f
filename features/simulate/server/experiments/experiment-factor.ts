import type { ExperimentFactor, ExperimentFactorInfo } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import type { FactorValue } from "@doppelwerk/ports";
import { DoppelwerkError } from "@doppelwerk/world";
import type { BranchId, ElementRecord, RecordReader } from "@doppelwerk/world";

const NUMBERS = /^xs:(double|float|decimal|integer|int|long|short|byte|nonNegativeInteger|positiveInteger|unsigned(Int|Long|Short|Byte))$/;
const WHOLE = /^xs:(?!double|float|decimal)/;

/**
 * A property of a document as a factor: what it is called, and what it is worth on the branch. Known factors of the line have labels, units and
 * ranges; any other property goes by its idShort. Throws DW_INVALID on what cannot be varied.
 */
export function factorInfo(
  reader: RecordReader,
  branch: BranchId,
  request: ExperimentFactor,
  known: readonly FactorValue[],
): ExperimentFactorInfo {
  const record = reader.get(request.element);
  if (record?.kind !== "element")
    throw new DoppelwerkError("DW_INVALID", message("simulate.noElement", { element: request.element, branch }));
  const element = record as unknown as ElementRecord;
  const name = element.idShort ?? element.id;
  if (element.modelType !== "Property")
    throw new DoppelwerkError("DW_INVALID", message("simulate.propertyCanVaried", { name, modelType: element.modelType }));
  if (element.signal !== undefined) throw new DoppelwerkError("DW_INVALID", message("simulate.showsLiveSignalCannotVaried", { name }));
  const valueType = String(element.body["valueType"] ?? "xs:string");
  const isNumber = NUMBERS.test(valueType);
  const factor = known.find((candidate) => candidate.element === request.element);
  const key = factor?.key ?? name;
  const levels = request.values ?? [request.low, request.high];
  if (request.values === undefined && (request.low === undefined || request.high === undefined || !(request.low < request.high)))
    throw new DoppelwerkError("DW_INVALID", message("simulate.factorNeedsValues", { key }));
  if (request.values !== undefined && new Set(request.values).size < 2)
    throw new DoppelwerkError("DW_INVALID", message("simulate.factorNeedsTwoDifferentValues", { key }));
  for (const level of levels) {
    if (isNumber && (typeof level !== "number" || !Number.isFinite(level)))
      throw new DoppelwerkError("DW_INVALID", message("simulate.numberNot", { key, valueType, level: JSON.stringify(level) }));
    if (isNumber && WHOLE.test(valueType) && request.whole !== true && !Number.isInteger(level))
      throw new DoppelwerkError("DW_INVALID", message("simulate.wholeNumber", { key, valueType, level: JSON.stringify(level) }));
    if (factor !== undefined && typeof level === "number" && level < 0)
      throw new DoppelwerkError("DW_INVALID", message("simulate.cannotLess0", { key }));
  }
  const text = typeof element.value === "string" ? element.value : "";
  return {
    element: request.element,
    key,
    label: factor?.label ?? { en: name, zh: name },
    unit: factor === undefined || factor.unit === "1" ? "" : factor.unit,
    ...(factor?.station === undefined ? {} : { station: factor.station }),
    asIs: isNumber ? Number(text) : text,
    ...(factor === undefined ? {} : { least: factor.min, most: factor.max }),
  };
}
