import { message, type Message } from "@doppelwerk/messages";
import type { OfferedVariable } from "./offered.ts";
import { STATION_ROLES, type StationRole } from "../definition/line-definition.ts";
import { tokensOf, type Sense, type Token } from "./vocabulary.ts";

/** What a variable is: a role of the engineering file, or a quantity of the process. */
export interface Meaning {
  readonly role: string;
  readonly counter?: "totaliser" | "shiftReset";
  readonly reason: Message;
  readonly confidence: number;
}

interface Quantity {
  readonly role: string;
  /** Units that mean it, as UCUM, controllers and people write them. */
  readonly units: RegExp;
}

/** Quantities by the sense of a word. What the unit contradicts is not asserted. */
export const QUANTITIES: Partial<Readonly<Record<Sense, Quantity>>> = {
  temperature: { role: "Temperature", units: /^(°C|℃|C|Cel|K|°F|\[degF\])$/ },
  pressure: { role: "Pressure", units: /^(bar|mbar|Pa|kPa|hPa|MPa|psi)$/ },
  rotation: { role: "RotationalSpeed", units: /^(1\/min|\/min|rpm|U\/min|min-1|min⁻¹|r\/min|Hz)$/i },
  electricCurrent: { role: "ElectricCurrent", units: /^(A|mA|kA)$/ },
  power: { role: "Power", units: /^(W|kW|MW|VA|kVA)$/ },
  energy: { role: "Energy", units: /^(Wh|kWh|MWh|J|kJ|MJ)$/ },
  torque: { role: "Torque", units: /^(N\.?·?m|Nm|Ncm)$/ },
  force: { role: "Force", units: /^(N|kN|MN)$/ },
  flow: { role: "FlowRate", units: /^(l\/min|L\/min|m³\/h|m3\/h|l\/h|L\/s|l\/s)$/ },
  level: { role: "Level", units: /^(%|mm|m|l|L)$/ },
  vibration: { role: "Vibration", units: /^(mm\/s|m\/s²|m\/s2|g)$/ },
  humidity: { role: "Humidity", units: /^(%|% ?r\.?[HF]\.?)$/i },
};

/**
 * What the words of a variable's own name mean, judged with its type, unit and what was seen of it; undefined when they do not say, or say two things.
 * `outside` are the names above it up to its asset: a variable in a folder of settings, diagnosis or spares is none of the plant's values.
 */
export function meaningOf(variable: OfferedVariable, own: readonly Token[], outside: readonly Token[]): Meaning | undefined {
  const has = (sense: Sense) => own.some((token) => token.sense === sense);
  if (["no", "setting", "old", "fault"].some((sense) => has(sense as Sense))) return undefined;
  if (outside.some(({ sense }) => sense === "no" || sense === "setting" || sense === "old")) return undefined;
  return countOf(variable, own, has) ?? stateOf(variable, own, has) ?? quantityOf(variable, own, has);
}

/** The role at a station of a value that is called so; undefined where its name, type and unit do not say. */
export function roleOfName(name: string, { valueType, unit }: Pick<OfferedVariable, "valueType" | "unit">): StationRole | undefined {
  const variable = { path: [name], address: "", valueType, ...(unit === undefined ? {} : { unit }) };
  const role = meaningOf(variable, tokensOf(name), [])?.role;
  return STATION_ROLES.find((known) => known === role);
}

/** Letters by which programmers mark a type (`n`, `di`, `dw`) are no words. */
const unknownWords = (own: readonly Token[]) =>
  own.filter(({ text, sense }) => sense === undefined && !/^(?:\d+|[a-z]{1,2})$/.test(text)).length;
const isNumber = ({ valueType }: OfferedVariable) => valueType === "integer" || valueType === "double";

function byName(own: readonly Token[], role: string): Message {
  return message("operations.proposal.nameMeans", { role, words: own.map(({ text }) => text).join(" ") });
}

/** Words nobody here knows make a reading doubtful: one is a plant's own tag, two are another thing. */
function doubt(own: readonly Token[], best: number): number {
  return best - 0.06 * Math.max(0, unknownWords(own));
}

/** Words that mean the time of a cycle without saying "time". */
const CYCLE_TIMES: ReadonlySet<string> = new Set(["takt", "cycletime", "节拍", "周期"]);

function countOf(variable: OfferedVariable, own: readonly Token[], has: (sense: Sense) => boolean): Meaning | undefined {
  const cycle = has("cycle") && isNumber(variable) && !has("count");
  if (cycle) {
    if (unknownWords(own) > 0) return undefined;
    // "cycle" alone may be how many there were, or how many a minute
    if (variable.unit === undefined && !own.some(({ text, sense }) => sense === "time" || CYCLE_TIMES.has(text))) return undefined;
    if (variable.unit !== undefined && !/^(s|ms|sec|Sek\.?)$/i.test(variable.unit)) return undefined;
    return { role: "LastCycle", reason: byName(own, "LastCycle"), confidence: doubt(own, 0.92) };
  }
  const counts = has("count") || (has("part") && (has("good") || has("bad") || has("total")));
  if (!counts || variable.valueType !== "integer" || (variable.unit !== undefined && !/^(1|Stk\.?|St|pcs|件|个)$/.test(variable.unit)))
    return undefined;
  // good parts of which pallet, of which test: a count with a further word counts something else
  if (unknownWords(own) > 0 || has("state") || has("mode")) return undefined;
  // "IO" beside a count is "in Ordnung"; alone it may be input and output
  const good = has("good") || own.some(({ text }) => text === "io");
  if (good && has("bad")) return undefined;
  const { samples } = variable;
  // P10: what goes up and down alike counts what is there, not what was made
  if (samples !== undefined && samples.count > 10 && samples.falls > 0.2 * samples.rises) return undefined;
  const counter =
    variable.counter ?? (has("shift") ? ("shiftReset" as const) : has("total") || good || has("bad") ? ("totaliser" as const) : undefined);
  const role = good ? "Good" : has("bad") ? "Reject" : has("total") || has("part") ? "Total" : undefined;
  if (role === undefined || counter === undefined) return undefined;
  return { role, counter, reason: byName(own, role), confidence: 0.94 };
}

function stateOf(variable: OfferedVariable, own: readonly Token[], has: (sense: Sense) => boolean): Meaning | undefined {
  if (unknownWords(own) > 0 || own.some(({ sense }) => sense === "count")) return undefined;
  if (variable.valueType === "boolean") {
    const role = has("blocked") ? "Blocked" : has("starved") ? "Starved" : undefined;
    return role && { role, reason: byName(own, role), confidence: 0.92 };
  }
  const only = (...senses: Sense[]) =>
    own.every(({ text, sense }) => /^\d+$/.test(text) || (sense !== undefined && senses.includes(sense)));
  if (variable.valueType === "double") return undefined;
  if (has("state") && only("state", "station", "last")) return { role: "VendorState", reason: byName(own, "VendorState"), confidence: 0.9 };
  if (has("mode") && only("mode", "station", "last"))
    return { role: modeRole(variable), reason: byName(own, "OperationMode"), confidence: 0.9 };
  if (has("product") && only("product", "station", "last")) return { role: "Product", reason: byName(own, "Product"), confidence: 0.88 };
  return undefined;
}

/** The numbers of OperationMode are those of OPC UA Machinery; of other numbers nobody here knows what they mean (P7). */
export function modeRole({
  valueType,
  enumeration,
}: Pick<OfferedVariable, "valueType" | "enumeration">): "OperationMode" | "ControllerMode" {
  const said = (at: number) => enumeration?.find(({ value }) => value === at)?.name.toLowerCase();
  return valueType === "string" || (said(1) === "maintenance" && said(3) === "processing") ? "OperationMode" : "ControllerMode";
}

function quantityOf(variable: OfferedVariable, own: readonly Token[], has: (sense: Sense) => boolean): Meaning | undefined {
  if (!isNumber(variable) || has("count") || has("state") || has("time")) return undefined;
  // "current" is what stands now as often as what flows: the unit decides
  const current = own.some(({ text }) => text === "current") && /^(A|mA|kA)$/.test(variable.unit ?? "");
  const found = current
    ? [["electricCurrent", QUANTITIES.electricCurrent!] as [Sense, Quantity]]
    : (Object.entries(QUANTITIES) as [Sense, Quantity][]).filter(([sense]) => has(sense));
  if (found.length !== 1) return undefined;
  const { role, units } = found[0]![1];
  const { unit, samples } = variable;
  if (unit !== undefined && !units.test(unit)) return undefined;
  // a number without a unit that never moves is as likely a setting
  if (unit === undefined && samples !== undefined && samples.count > 10 && samples.min === samples.max) return undefined;
  if (unit === undefined && variable.valueType !== "double") return undefined;
  const name = byName(own, role);
  const reason = unit === undefined ? name : message("operations.proposal.unitAgrees", { reason: name, unit });
  return { role, reason, confidence: doubt(own, unit === undefined ? 0.85 : 0.95) };
}

/** Tokens of the last name, or of the display name where the name itself says nothing. */
export function ownTokens(variable: OfferedVariable): readonly Token[] {
  const name = tokensOf(variable.path.at(-1) ?? "");
  if (name.some(({ sense }) => sense !== undefined && sense !== "station") || variable.displayName === undefined) return name;
  return tokensOf(variable.displayName);
}
