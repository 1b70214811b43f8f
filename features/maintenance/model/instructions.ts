import { message, type Message } from "@doppelwerk/kit";
import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import type {} from "../message-codes.ts";
import { JobFields } from "./job-kind.ts";
import { lineOfStep, stepOfLine } from "./job-texts.ts";
import { PlanFields, type Trigger } from "./plan-kind.ts";

// The submodel Maintenance Instructions of IDTA 02018, version 1.0.

const ROOT = "https://admin-shell.io/idta/maintenanceinstructions/";
export const SEMANTIC_ID = "https://admin-shell.io/idta/SubmodelTemplate/MaintenanceInstructions/1/0";
/** What the template has no element for: when a plan begins, its priority, the days to do it. */
const OWN = "urn:doppelwerk:maintenance-plan:1:0";

export interface PlanWithJob {
  readonly plan: PlanFields;
  readonly job?: JobFields | undefined;
}

type Node = SubmodelElement;
type Texts = { readonly en: string; readonly zh: string };

const reference = (value: string) => ({ type: "ExternalReference" as const, keys: [{ type: "GlobalReference" as const, value }] });
const own = (name: string): string => `${ROOT}${name.toLowerCase()}/1/0`;
const element = (modelType: string, idShort: string | undefined, semantic: string, rest: object): Node =>
  ({ modelType, ...(idShort !== undefined && { idShort }), semanticId: reference(semantic), ...rest }) as unknown as Node;
const property = (idShort: string, valueType: string, value: string | number | boolean, semantic = own(idShort)): Node =>
  element("Property", idShort, semantic, { valueType, value: String(value) });
const multi = (idShort: string, { en, zh }: Texts, semantic = own(idShort)): Node =>
  element("MultiLanguageProperty", idShort, semantic, {
    value: [
      { language: "en", text: en },
      { language: "zh", text: zh },
    ],
  });
const collection = (idShort: string | undefined, value: readonly Node[], semantic: string, rest: object = {}): Node =>
  element("SubmodelElementCollection", idShort, semantic, { ...rest, value });
const numbered = (name: string, at: number): string => `${name}__${String(at).padStart(2, "0")}__`;

/** The plans of an asset as its submodel. */
export function instructionsOf(id: string, plans: readonly PlanWithJob[]): Submodel {
  const elements = [
    property("MaintenanceFreeAsset", "xs:boolean", plans.length === 0),
    ...plans.map((plan, at) => intervalOf(plan, at)),
    ...partListOf(id, plans),
  ];
  return {
    modelType: "Submodel",
    id,
    idShort: "MaintenanceInstructions",
    administration: { version: "1", revision: "0" },
    semanticId: { type: "ModelReference", keys: [{ type: "Submodel", value: SEMANTIC_ID }] },
    submodelElements: elements,
  } as unknown as Submodel;
}

function intervalOf({ plan, job }: PlanWithJob, at: number): Node {
  const { code, title, station: _station, ...rest } = plan;
  const { value, unit } = intervalOfTrigger(plan.trigger);
  const extensions = [
    { name: OWN, valueType: "xs:string", value: JSON.stringify({ ...rest, title, ...(job && { jobTitle: job.title }) }) },
  ];
  const alarms =
    plan.trigger.kind === "condition"
      ? [
          collection(
            "AlarmValues",
            [collection(numbered("Alarm", 0), [multi("AlarmName", both(plan.trigger.rule))], own("alarm"))],
            own("alarmvalues"),
          ),
        ]
      : [];
  const points = (job?.lockOut ?? []).map(({ text }, n) =>
    multi(
      numbered("SafetyRegulationsToBeObserved", n),
      { en: lineOfStep(text.en, true), zh: lineOfStep(text.zh, true) },
      own("safetyregulationstobeobserved"),
    ),
  );
  const basic = collection(
    "BasicMaintenanceInformation",
    [
      property("MaintenanceID", "xs:string", code),
      multi("NameOfMaintenance", title),
      collection(
        "IntervalSpecification",
        [property("MaintenanceIntervalValue", "xs:decimal", value), property("MaintenanceIntervalUnit", "xs:string", unit)],
        "0173-1#02-AAN911#001",
      ),
      ...alarms,
      ...points,
    ],
    own("basicmaintenanceinformation"),
    { extensions },
  );
  return collection(
    numbered("MaintenanceInstructionsForSpecificInterval", at),
    [basic, ...techniciansOf(job), ...stepsOf(job)],
    own("maintenanceinstructionsforspecificinterval"),
  );
}

const both = (text: string): Texts => ({ en: text, zh: text });

function techniciansOf(job: JobFields | undefined): readonly Node[] {
  if (job?.minutes === undefined) return [];
  const time = [
    property("ValueTotalEstimatedWorkingTime", "xs:decimal", job.minutes),
    property("UnitValueTotalEstimatedWorkingTime", "xs:string", "min"),
  ];
  return [
    collection(
      "MaintenanceTechnicians",
      [collection("EstimatedTotalWorkingTime", time, own("estimatedtotalworkingtime"))],
      own("maintenancetechnicians"),
    ),
  ];
}

function stepsOf(job: JobFields | undefined): readonly Node[] {
  if (job === undefined || job.steps.length === 0) return [];
  const steps = job.steps.map(({ text, needsLockOut }, at) =>
    collection(
      numbered("MaintenanceStep", at),
      [
        property("MaintenanceStepID", "xs:string", at + 1),
        multi("InstructionMaintenanceStep", { en: lineOfStep(text.en, needsLockOut), zh: lineOfStep(text.zh, needsLockOut) }),
        property("EndOfMaintenance", "xs:boolean", at === job.steps.length - 1),
      ],
      own("maintenancestep"),
    ),
  );
  return [collection("ListMaintenanceSteps", steps, own("listmaintenancesteps"))];
}

function partListOf(submodel: string, plans: readonly PlanWithJob[]): readonly Node[] {
  const uses = plans.flatMap(({ job }, plan) => (job?.parts ?? []).map((part) => ({ ...part, plan })));
  if (uses.length === 0) return [];
  const parts = [...new Set(uses.map(({ part }) => part))].map((name) =>
    collection(
      undefined,
      [
        property("SparePartID", "xs:string", name),
        collection(
          "CollectionQuantityOfSparePart",
          uses
            .filter(({ part }) => part === name)
            .map(({ quantity, plan }, at) =>
              collection(
                numbered("CollectionQuantityOfSparePartForSpecificInterval", at),
                [
                  property("QuantityOfSparePart", "xs:decimal", quantity),
                  element("ReferenceElement", "ReferenceNameOfMaintenance", own("referencenameofmaintenance"), {
                    value: toMaintenance(submodel, plan),
                  }),
                ],
                own("collectionquantityofsparepartforspecificinterval"),
              ),
            ),
          own("collectionquantityofsparepart"),
        ),
      ],
      // as the template writes it
      `htt${own("maintenancesparepart")}`,
    ),
  );
  const list = { typeValueListElement: "SubmodelElementCollection", orderRelevant: false, value: parts };
  return [element("SubmodelElementList", "MaintenanceSparePartList", own("maintenancesparepartlist"), list)];
}

const toMaintenance = (submodel: string, plan: number) => ({
  type: "ModelReference",
  keys: [
    { type: "Submodel", value: submodel },
    { type: "SubmodelElementCollection", value: numbered("MaintenanceInstructionsForSpecificInterval", plan) },
    { type: "SubmodelElementCollection", value: "BasicMaintenanceInformation" },
    { type: "MultiLanguageProperty", value: "NameOfMaintenance" },
  ],
});

function intervalOfTrigger(trigger: Trigger): { readonly value: number; readonly unit: string } {
  if (trigger.kind === "time") return { value: trigger.every, unit: trigger.unit };
  if (trigger.kind === "count") return { value: trigger.every, unit: trigger.counter === "hours" ? "operating hours" : "pieces" };
  return { value: trigger.times, unit: "alarms" };
}

export interface ReadInstructions {
  readonly plans: readonly PlanFields[];
  readonly jobs: readonly JobFields[];
  /** What was not taken, and why. */
  readonly findings: readonly Message[];
}

interface Raw {
  readonly modelType: string;
  readonly idShort?: string;
  readonly value?: unknown;
  readonly extensions?: readonly { readonly name: string; readonly value?: string }[];
}

const childrenOf = (node: Raw | undefined): readonly Raw[] => (Array.isArray(node?.value) ? (node.value as readonly Raw[]) : []);
const childOf = (node: Raw | undefined, name: string): Raw | undefined => childrenOf(node).find(({ idShort }) => idShort === name);
const allOf = (node: Raw | undefined, name: string): readonly Raw[] =>
  childrenOf(node).filter(({ idShort = "" }) => idShort.replace(/_*\d+_*$/, "") === name);
const textOf = (node: Raw | undefined): string | undefined =>
  typeof node?.value === "string" && node.value.trim() !== "" ? node.value.trim() : undefined;

function textsOf(node: Raw | undefined): Texts | undefined {
  const texts = Array.isArray(node?.value) ? (node.value as readonly { readonly language?: string; readonly text?: string }[]) : [];
  const of = (language: string): string | undefined =>
    texts.find((each) => each.language?.toLowerCase().startsWith(language))?.text?.trim();
  const any = texts.map(({ text }) => text?.trim()).find((text) => text !== undefined && text !== "");
  const en = of("en") ?? any;
  return en === undefined ? undefined : { en: en.slice(0, 300), zh: (of("zh") ?? en).slice(0, 300) };
}

/** Plans and job plans of a submodel, for a station; `now`: since when what has no beginning of its own is counted. */
export function readInstructions(submodel: Submodel, station: string, now: number): ReadInstructions {
  const root: Raw = { modelType: "Submodel", value: submodel.submodelElements };
  const [plans, jobs, findings]: [PlanFields[], JobFields[], Message[]] = [[], [], []];
  for (const interval of allOf(root, "MaintenanceInstructionsForSpecificInterval")) {
    const name = interval.idShort ?? "";
    const read = readInterval(interval, { station, now, parts: partsOf(root, name) });
    if ("fault" in read) findings.push(read.fault);
    else {
      plans.push(read.plan);
      if (read.job !== undefined && !jobs.some(({ code }) => code === read.job!.code)) jobs.push(read.job);
    }
  }
  return { plans, jobs, findings };
}

interface About {
  readonly station: string;
  readonly now: number;
  readonly parts: readonly { readonly part: string; readonly quantity: number }[];
}

function readInterval(
  interval: Raw,
  { station, now, parts }: About,
): { readonly plan: PlanFields; readonly job?: JobFields } | { readonly fault: Message } {
  const basic = childOf(interval, "BasicMaintenanceInformation");
  const kept = keptOf(basic);
  const code = (textOf(childOf(basic, "MaintenanceID")) ?? interval.idShort ?? "").slice(0, 60);
  const title = textsOf(childOf(basic, "NameOfMaintenance")) ?? both(code);
  const specification = childOf(basic, "IntervalSpecification");
  const trigger = triggerOf(
    Number(textOf(childOf(specification, "MaintenanceIntervalValue"))),
    textOf(childOf(specification, "MaintenanceIntervalUnit")) ?? "",
    { rule: textsOf(childOf(allOf(childOf(basic, "AlarmValues"), "Alarm")[0], "AlarmName"))?.en, now },
    kept?.["trigger"],
  );
  if (trigger === undefined) return { fault: message("maintenance.instructions.noInterval", { plan: code }) };
  const jobCode = typeof kept?.["job"] === "string" ? kept["job"] : code;
  const job = readJob(interval, basic, { code: jobCode, title: (kept?.["jobTitle"] as Texts | undefined) ?? title, parts });
  const { jobTitle: _title, title: _former, ...rest } = kept ?? {};
  const plan = PlanFields.safeParse({ ...rest, code, title, station, trigger, ...(job !== undefined && { job: jobCode }) });
  if (!plan.success)
    return { fault: message("maintenance.instructions.unfit", { plan: code, field: plan.error.issues[0]?.path.join(".") ?? "" }) };
  return { plan: plan.data, ...(job && { job }) };
}

/** What the template has no element for, where this product wrote it. */
function keptOf(basic: Raw | undefined): Readonly<Record<string, unknown>> | undefined {
  const text = basic?.extensions?.find(({ name }) => name === OWN)?.value;
  if (text === undefined || text.length > 20_000) return undefined;
  try {
    const kept: unknown = JSON.parse(text);
    return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? (kept as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    // written by somebody else: what the template says is all there is
    return undefined;
  }
}

const UNIT_WORDS: readonly (readonly [RegExp, "day" | "week" | "month" | "year" | "hours" | "pieces" | "alarms"])[] = [
  [/^(d|days?)$/, "day"],
  [/^(w|wk|weeks?)$/, "week"],
  [/^(mo|months?)$/, "month"],
  [/^(a|y|yr|years?)$/, "year"],
  [/^(h|hr|hours?|operating hours?)$/, "hours"],
  [/^(pcs?|pieces?|parts?|cycles?|strokes?)$/, "pieces"],
  [/^alarms?$/, "alarms"],
];

/** The interval of the template; what this product kept beside it holds where it says the same interval. */
function triggerOf(
  value: number,
  unit: string,
  { rule, now }: { readonly rule: string | undefined; readonly now: number },
  kept: unknown,
): object | undefined {
  const word = UNIT_WORDS.find(([pattern]) => pattern.test(unit.trim().toLowerCase()))?.[1];
  if (word === undefined || !(value > 0)) return undefined;
  const before = kept as { readonly kind?: string; readonly from?: unknown; readonly unit?: string; readonly counter?: string } | undefined;
  const base = before ?? {};
  if (word === "alarms")
    return rule === undefined ? undefined : { from: now, ...(before?.kind === "condition" && base), kind: "condition", rule, times: value };
  if (word === "hours" || word === "pieces")
    return { from: now, ...(before?.kind === "count" && base), kind: "count", counter: word, every: value };
  const today = new Date(now / 1_000).toISOString().slice(0, 10);
  const time = word === "year" ? { every: value * 12, unit: "month" } : { every: value, unit: word };
  return { from: today, ...(before?.kind === "time" && base), kind: "time", ...time };
}

function readJob(
  interval: Raw,
  basic: Raw | undefined,
  { code, title, parts }: { readonly code: string; readonly title: Texts; readonly parts: About["parts"] },
): JobFields | undefined {
  const rules = allOf(basic, "SafetyRegulationsToBeObserved").flatMap((node) => textsOf(node) ?? []);
  const line = ({ en, zh }: Texts) => {
    const [first, second] = [stepOfLine(en), stepOfLine(zh)];
    return { text: { en: first.text, zh: second.text }, needsLockOut: first.needsLockOut || second.needsLockOut };
  };
  const steps = allOf(childOf(interval, "ListMaintenanceSteps"), "MaintenanceStep").flatMap(
    (step) => textsOf(childOf(step, "InstructionMaintenanceStep")) ?? textsOf(childOf(step, "MaintenanceStepName")) ?? [],
  );
  const time = childOf(childOf(interval, "MaintenanceTechnicians"), "EstimatedTotalWorkingTime");
  const factor = { min: 1, h: 60, hour: 60, hours: 60, s: 1 / 60 }[
    textOf(childOf(time, "UnitValueTotalEstimatedWorkingTime"))?.toLowerCase() ?? ""
  ];
  const minutes = Number(textOf(childOf(time, "ValueTotalEstimatedWorkingTime"))) * (factor ?? Number.NaN);
  const told = rules.map(line);
  const fields = JobFields.safeParse({
    code,
    title,
    // a regulation that is no lock-out point is observed first
    steps: [...told.filter(({ needsLockOut }) => !needsLockOut), ...steps.map(line)].slice(0, 100),
    lockOut: told.flatMap(({ text, needsLockOut }) => (needsLockOut ? [{ text }] : [])).slice(0, 30),
    parts,
    ...(minutes > 0 && { minutes }),
  });
  if (!fields.success) return undefined;
  const { data } = fields;
  return data.steps.length + data.lockOut.length + data.parts.length > 0 || data.minutes !== undefined ? data : undefined;
}

/** Parts whose quantity refers to an interval. */
function partsOf(root: Raw, interval: string): About["parts"] {
  return childrenOf(childOf(root, "MaintenanceSparePartList")).flatMap((node) => {
    const part = textOf(childOf(node, "SparePartID"));
    if (part === undefined) return [];
    return allOf(childOf(node, "CollectionQuantityOfSparePart"), "CollectionQuantityOfSparePartForSpecificInterval").flatMap((use) => {
      const quantity = Number(textOf(childOf(use, "QuantityOfSparePart")));
      const references = childrenOf(use).filter(({ modelType }) => modelType === "ReferenceElement");
      const isOf = references.some(({ value }) =>
        (value as { readonly keys?: readonly { readonly value: string }[] } | undefined)?.keys?.some((key) => key.value === interval),
      );
      return isOf && quantity > 0 ? [{ part: part.slice(0, 100), quantity }] : [];
    });
  });
}
