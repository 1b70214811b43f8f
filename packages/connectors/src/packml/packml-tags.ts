import type { SignalDraft } from "@doppelwerk/world";
import type { DraftCollector } from "../discovery/draft-collector.ts";
import { message } from "@doppelwerk/messages";

/** States of PackML (ANSI/ISA-TR88.00.02-2015, table 2) by the number of `StateCurrent`. */
export const PACKML_STATES = [
  "Undefined",
  "Clearing",
  "Stopped",
  "Starting",
  "Idle",
  "Suspended",
  "Execute",
  "Stopping",
  "Aborting",
  "Aborted",
  "Holding",
  "Held",
  "Unholding",
  "Suspending",
  "Unsuspending",
  "Resetting",
  "Completing",
  "Complete",
] as const;

/** Modes by the number of `UnitModeCurrent`; those of users begin at 4. */
export const PACKML_MODES = ["Invalid", "Production", "Maintenance", "Manual"] as const;

type Tag = Partial<Pick<SignalDraft, "role" | "valueType" | "enumeration" | "counter" | "description">>;

const named = (names: readonly string[]): NonNullable<SignalDraft["enumeration"]> => names.map((name, value) => ({ value, name }));

const STATUS: Readonly<Record<string, Tag>> = {
  // by number only: the role ItemState is read by the numbers of OPC UA Machinery, in which 3 is another state
  StateCurrent: { valueType: "enumeration", enumeration: named(PACKML_STATES), description: "PackML state" },
  StateCurrentStr: { role: "ItemState", valueType: "string", description: "PackML state in words" },
  UnitModeCurrent: { valueType: "enumeration", enumeration: named(PACKML_MODES), description: "PackML mode" },
  UnitMode: { valueType: "enumeration", enumeration: named(PACKML_MODES), description: "PackML mode" },
  UnitModeStr: { role: "OperationMode", valueType: "string", description: "PackML mode in words" },
  UnitModeCurrentStr: { role: "OperationMode", valueType: "string", description: "PackML mode in words" },
  CurMachSpeed: { valueType: "double", description: "speed now, primary packages a minute" },
  MachSpeed: { valueType: "double", description: "speed set, primary packages a minute" },
};

const INTERLOCK: Readonly<Record<string, Tag>> = {
  Blocked: { role: "Blocked", valueType: "boolean", description: "PackML: what follows takes nothing" },
  Starved: { role: "Starved", valueType: "boolean", description: "PackML: nothing comes" },
};

/** Which count of the machine a counter array is; a machine has one total (processed) and one of defectives. */
const COUNTS: Readonly<Record<string, string | undefined>> = {
  ProdProcessedCount: "Total",
  ProdDefectiveCount: "Reject",
  ProdConsumedCount: undefined,
};

/**
 * What a tag of the PackML interface (ISA-TR88.00.02, PackTags) means, from the levels of its topic or name, and of a JSON payload behind them:
 * `…/Status/StateCurrent`, `…/Admin/ProdProcessedCount/0/AccCount`, `…/Admin/ProdProcessedCount[0]/AccCount/value`. Only counters with index 0 get a
 * role: what the others count, nobody says. Empty for any other tag.
 */
export function packmlTag(levels: readonly string[], collector?: DraftCollector): Tag {
  const tag = tagOf(plainLevels(levels));
  if (tag.role !== undefined) collector?.remark(message("connectors.packmlRecognised"));
  return tag;
}

/** Fields in which a message wraps its one value. */
const WRAPPED = /^(?:value|val|v)$/i;

/** An index in brackets is a level of its own, and the field that wraps a value is none. */
function plainLevels(levels: readonly string[]): readonly string[] {
  const bare = WRAPPED.test(levels.at(-1) ?? "") ? levels.slice(0, -1) : levels;
  return bare.flatMap((level) => {
    const indexed = /^([^[\]]+)\[(\d{1,4})\]$/.exec(level);
    return indexed === null ? [level] : [indexed[1]!, indexed[2]!];
  });
}

function tagOf(levels: readonly string[]): Tag {
  const last = levels.at(-1) ?? "";
  if (levels.at(-2) === "Status" && Object.hasOwn(STATUS, last)) return STATUS[last]!;
  if (levels.at(-3) === "Status" && levels.at(-2) === "EquipmentInterlock" && Object.hasOwn(INTERLOCK, last)) return INTERLOCK[last]!;
  const [folder, array, index, field] = levels.slice(-4);
  if (folder !== "Admin" || array === undefined || !Object.hasOwn(COUNTS, array) || index === undefined) return {};
  // the type is what the plant says: there are machines that count litres. AccCount runs on, Count is set back by people and shifts
  if (field === "AccCount") {
    const role = /^0$/.test(index) ? COUNTS[array] : undefined;
    return { counter: { type: "totaliser" }, ...(role === undefined ? {} : { role }) };
  }
  return field === "Count" ? { counter: { type: "shiftReset" } } : {};
}
