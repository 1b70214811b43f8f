import { EVENT_ROLES } from "@doppelwerk/world";
import { message, type Message } from "@doppelwerk/messages";
import { packmlStates } from "../definition/state-mapping.ts";
import { recognised, type AssetLevel } from "./companion.ts";
import type { Offered, OfferedVariable } from "./offered.ts";
import { meaningOf, modeRole, ownTokens, type Meaning } from "./signal-meaning.ts";
import { tokensOf, type Token } from "./vocabulary.ts";
import { grouped } from "./grouped.ts";

/** Something of the plant with the values that are its own. */
export interface FoundAsset {
  /** What it is hashed from: stable while the source keeps its names. */
  readonly key: string;
  readonly name: string;
  readonly displayName?: string;
  readonly level: AssetLevel;
  readonly reason: Message;
  readonly confidence: number;
  /** What it says of itself: `Manufacturer`, `SerialNumber`. */
  readonly properties: Readonly<Record<string, string>>;
  /** Area and line, outermost first, as far as told. */
  readonly place: readonly string[];
  /** Key of the asset it is a part of. */
  readonly parent?: string;
  readonly values: readonly FoundValue[];
}

export interface FoundValue {
  readonly variable: OfferedVariable;
  readonly meaning: Meaning;
}

export interface FoundAssets {
  readonly assets: readonly FoundAsset[];
  /** Variables that nothing here explains. */
  readonly unexplained: readonly OfferedVariable[];
}

/** What a standard declares first; what names repeat for the rest. */
export function findAssets(offered: Offered): FoundAssets {
  const declared = declaredAssets(offered);
  const rest: OfferedVariable[] = [];
  const values = new Map<string, FoundValue[]>();
  for (const variable of offered.variables) {
    const owner = ownerOf(variable.path, declared);
    if (owner === undefined) rest.push(variable);
    else if (!isIdentification(variable, owner)) append(values, owner.key, { variable, meaning: declaredMeaning(variable, owner) });
  }
  const named = namedAssets(rest);
  return {
    assets: [
      ...[...declared.values()].map((asset) => ({ ...asset, values: withState(values.get(asset.key) ?? []) })),
      ...named.assets,
    ].toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    unexplained: named.unexplained,
  };
}

const EVENT_LOG = "event log";
const SEPARATOR = "\u001f";
const keyOf = (path: readonly string[]) => path.join(SEPARATOR);

type Declared = Omit<FoundAsset, "values"> & { readonly depth: number; readonly standard: string };

function declaredAssets({ objects, variables }: Offered): ReadonlyMap<string, Declared> {
  const assets = new Map<string, Declared>();
  const objectAt = new Map(objects.map((object) => [keyOf(object.path), object]));
  const declare = (
    path: readonly string[],
    level: AssetLevel,
    standard: string,
    by: string,
    properties: Readonly<Record<string, string>>,
  ) => {
    if (path.length === 0) return;
    const key = keyOf(path);
    const known = assets.get(key);
    const all = { ...known?.properties, ...told(properties) };
    // OPC 40001-1 §7: what the folder Machines holds are machines, also where they only say that they are an item
    const isMachine = known?.level === "machine" || (path.length === 2 && path[0] === "Machines");
    const displayName = objectAt.get(key)?.displayName;
    assets.set(key, {
      key,
      depth: path.length,
      name: path.at(-1)!,
      ...(displayName === undefined ? {} : { displayName }),
      level: isMachine ? "machine" : level,
      standard: known?.standard ?? standard,
      reason: known?.reason ?? declaredReason(standard, by),
      // a step of work is as often several machines, or a person
      confidence: standard === EVENT_LOG ? 0.8 : 0.98,
      properties: all,
      place: all["Location"] === undefined ? lineInPath(path.slice(0, -1)) : placeOf(all["Location"]),
    });
  };
  for (const object of objects) {
    const found = recognised(object);
    if (found === undefined) continue;
    const path = found.identifiesParent ? object.path.slice(0, -1) : object.path;
    declare(path, found.level, found.standard, found.type, object.properties ?? {});
  }
  for (const variable of variables) {
    const { path, role } = variable;
    // PackTags (ISA-TR88.00.02) by topic or name: what stands before Status and Admin is the unit
    const at = path.findLastIndex((name) => name === "Status" || name === "Admin");
    if (role === undefined && !isNumberedState(variable)) continue;
    const unit = /^(?:PackTags|PackML)$/i.test(path[at - 1] ?? "") ? at - 1 : at;
    if (unit > 0) declare(path.slice(0, unit), "machine", "PackML ISA-TR88.00.02", path.slice(at).join("/"), {});
  }
  return withParents(inKnownPlaces(assets));
}

function declaredReason(standard: string, by: string): Message {
  return standard === EVENT_LOG ? message("operations.proposal.loggedActivity") : message("operations.proposal.declared", { standard, by });
}

/** The state of PackML by its number, told with the names of the standard. */
function isNumberedState({ path, enumeration }: OfferedVariable): boolean {
  const names = NAMELESS.test(path.at(-1) ?? "") ? path.slice(0, -1) : path;
  return names.at(-1) === "StateCurrent" && names.at(-2) === "Status" && packmlStates(enumeration) !== undefined;
}

/** A machine that tells its PackML state by number only is read by it: the standard says what each number means. */
function withState(values: readonly FoundValue[]): readonly FoundValue[] {
  if (values.some(({ meaning }) => meaning.role === "ItemState" || meaning.role === "VendorState")) return values;
  const reason = message("operations.proposal.packmlStateNumber");
  return values.map((value) =>
    isNumberedState(value.variable) ? { ...value, meaning: { role: "VendorState", reason, confidence: 0.96 } } : value,
  );
}

/** Numbered words for hall and line in the names above a machine; a hall alone is no line. */
function lineInPath(path: readonly string[]): readonly string[] {
  const places = path.flatMap((name) => {
    const sense = (["line", "area"] as const).find((each) => numbered(tokensOf(name), (of) => of === each) !== undefined);
    return sense === undefined ? [] : [{ name, sense }];
  });
  return places.at(-1)?.sense === "line" ? places.slice(-2).map(({ name }) => name) : [];
}

/** A location is free text: one that no other machine shares, and that is neither a path nor says line or area, is no line (a stand, coordinates). */
function inKnownPlaces(assets: ReadonlyMap<string, Declared>): ReadonlyMap<string, Declared> {
  const shared = grouped(assets.values(), ({ place }) => place.join(SEPARATOR));
  return new Map(
    [...assets].map(([key, asset]) => {
      const { place } = asset;
      const known = place.length !== 1 || isPlaceName(place[0]!) || numberedPlace(place[0]!) || shared.get(place[0]!)!.length > 1;
      return [key, known ? asset : { ...asset, place: [] }];
    }),
  );
}

const numberedPlace = (name: string) => numbered(tokensOf(name), (sense) => sense === "line" || sense === "area") !== undefined;

function withParents(assets: ReadonlyMap<string, Declared>): ReadonlyMap<string, Declared> {
  return new Map(
    [...assets].map(([key, asset]) => {
      const parent = ownerOf(key.split(SEPARATOR).slice(0, -1), assets)?.key;
      return [key, parent === undefined ? asset : { ...asset, parent, level: "component" as const }];
    }),
  );
}

const NOTHING_TOLD = /^(?:[-–_.?*/0x\s]+|n\.?\/?a\.?|none|null|unknown|unbekannt|undefined|not set|tbd|todo|default|未知)$/i;
const LEAST_YEAR = 1900;
const MAX_YEAR = 2199;

/** Without what stands there because nobody set it: a year 0, a serial number of dashes or zeros, which would make one machine of two. */
function told(properties: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const between = (value: string, least: number, most: number) => Number(value) >= least && Number(value) <= most;
  return Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => {
      if (name === "YearOfConstruction") return between(value, LEAST_YEAR, MAX_YEAR);
      if (name === "MonthOfConstruction") return between(value, 1, 12);
      return !NOTHING_TOLD.test(value.trim());
    }),
  );
}

/** `Hall 2/Line3`: the last is the line, those before it areas. */
function placeOf(location: string | undefined): readonly string[] {
  return (location ?? "")
    .split(/[/\\>]/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .slice(-2);
}

function ownerOf<T extends { readonly depth: number }>(path: readonly string[], assets: ReadonlyMap<string, T>): T | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const found = assets.get(keyOf(path.slice(0, depth)));
    if (found !== undefined) return found;
  }
  return undefined;
}

const IDENTIFICATION = /^(?:Identification|Notifications?|Components|MachineryBuildingBlocks)$/;

function isIdentification(variable: OfferedVariable, owner: { readonly depth: number }): boolean {
  return IDENTIFICATION.test(variable.path[owner.depth] ?? "");
}

/** Last names that standards give to what is measured; what it is stands above them. */
export const NAMELESS = /^(?:Value|value|val|CurrentValue|ActualValue|ProcessValue|AnalogSignal|DigitalSignal)$/;
/** Folders of a machine that are no part of it with a state of its own. */
const BUILDING_BLOCKS = /^(?:MachineryBuildingBlocks|Monitoring|State|Status)$/;

function declaredMeaning(variable: OfferedVariable, owner: Declared): Meaning {
  const name = variable.path.at(-1)!;
  const above = variable.path.at(-2);
  const within = variable.path.slice(owner.depth);
  const meant = (role: string, reason: Message, confidence: number): Meaning => ({
    role,
    reason,
    confidence,
    ...(variable.counter
      ? { counter: variable.counter }
      : role === "Total" || role === "Good" || role === "Reject"
        ? { counter: "totaliser" }
        : {}),
  });
  const plain = (role: string) =>
    meant(EVENT_ROLES.has(role) ? name : role, message("operations.proposal.valueOfAsset", { asset: owner.name }), 0.9);
  if (name === "CurrentState" && above !== undefined && within.length > 1) {
    const own = within.slice(0, -2).every((folder) => BUILDING_BLOCKS.test(folder));
    if (own && above.startsWith("MachineryItemState")) return meant("ItemState", message("operations.proposal.itemState"), 0.98);
    if (own && above.startsWith("MachineryOperationMode"))
      return meant("OperationMode", message("operations.proposal.operationMode"), 0.98);
    if (owner.standard.startsWith("OPC 40550-1") && above === "Overview")
      return within.length === 4 && within[1] === "Machine"
        ? meant("VendorState", message("operations.proposal.unitState"), 0.95)
        : plain(`${within.at(-3) ?? ""}State`);
    if (!/State|Status|Machine/.test(above)) return plain(name);
    // the state of a program, of a laser, of a part of the machine is not that of the machine
    return plain(/^(?:State|Status|MachineryItemState.*)$/.test(above) && within.length > 2 ? `${within.at(-3)!}State` : above);
  }
  const counted = standardCount(owner, within);
  if (counted !== undefined)
    return { ...meant(counted.role, message("operations.proposal.standardCount"), 0.96), counter: counted.counter };
  if (variable.role !== undefined) return meant(variable.role, message("operations.proposal.standardTag"), 0.96);
  if (owner.standard.startsWith("MTConnect")) {
    const { description = "" } = variable;
    const found = mtconnectRole(description);
    if (found !== undefined) return meant(found, message("operations.proposal.mtconnectType", { type: description }), 0.95);
  }
  if (/PackML|Weihenstephan/.test(owner.standard) && variable.valueType === "boolean") {
    const bit = /^Equipment(Blocked|Starved)$/.exec(name)?.[1];
    if (bit !== undefined) return meant(bit, message("operations.proposal.standardTag"), 0.96);
  }
  if (name === "OperationMode" || EVENT_ROLES.has(name))
    return meant(name === "OperationMode" ? modeRole(variable) : name, message("operations.proposal.roleName", { role: name }), 0.96);
  const nameless = NAMELESS.test(name) && within.length > 1;
  const named = nameless ? { ...variable, path: variable.path.slice(0, -1) } : variable;
  // every parameter of a device stands in its ParameterSet, set or measured
  const folders = named.path.slice(owner.depth, -1).filter((folder) => folder !== "ParameterSet");
  const own = ownTokens(named);
  const meaning = meaningOf(named, own, folders.flatMap(tokensOf));
  // CoolantTemperature: its last word says what it is; which one, the word before
  const least = own.at(-1)?.sense === undefined ? ASSERTED : ASSERTED_OF_LAST_WORD;
  return meaning !== undefined && meaning.confidence >= least ? meaning : plain(nameless ? above! : name);
}

type Count = { readonly role: "Total" | "Good" | "Reject"; readonly counter: "totaliser" | "shiftReset" };

/** What standards count, by where it stands in the machine; those of a job begin again with the next. */
const COUNTS: ReadonlyMap<string, Count> = new Map([
  ["OPC 40501-1/Production/Statistics/PartsProducedInLifetime", { role: "Total", counter: "totaliser" }],
  ["OPC 40550-1/State/Machine/Values/AbsolutePiecesOut", { role: "Total", counter: "totaliser" }],
  ["OPC 40077/Jobs/ActiveJobValues/JobPartsCounter", { role: "Total", counter: "shiftReset" }],
  ["OPC 40077/Jobs/ActiveJobValues/JobGoodPartsCounter", { role: "Good", counter: "shiftReset" }],
  ["OPC 40077/Jobs/ActiveJobValues/JobBadPartsCounter", { role: "Reject", counter: "shiftReset" }],
]);

function standardCount({ standard }: Declared, within: readonly string[]): Count | undefined {
  const opc = /^OPC [\d-]+/.exec(standard)?.[0];
  return opc === undefined ? undefined : COUNTS.get([opc, ...within].join("/"));
}

/** MTConnect Part 2: types of data items; a description is type and subType. */
function mtconnectRole(description: string): string | undefined {
  const [type, subType] = description.split(/[\s,]+/);
  if (type === "EXECUTION") return "VendorState";
  if (type === "CONTROLLER_MODE") return "ControllerMode";
  if (type !== "PART_COUNT") return undefined;
  return subType === "GOOD" ? "Good" : subType === "BAD" ? "Reject" : subType === undefined || subType === "ALL" ? "Total" : undefined;
}

interface Named {
  readonly identity: string;
  readonly stem: string;
  readonly name: string;
  readonly place: readonly string[];
  readonly own: readonly Token[];
  readonly outside: readonly Token[];
}

/** Least number of like-named neighbours, and of different meanings of one, before a name is taken for a machine. */
const LEAST_ALIKE = 2;
const LEAST_MEANINGS = 2;

/** Where nothing is declared: machines are what the same word with different numbers holds values that are understood. */
function namedAssets(variables: readonly OfferedVariable[]): FoundAssets {
  const groups = new Map<string, { readonly named: Named; readonly values: FoundValue[] }>();
  const unexplained: OfferedVariable[] = [];
  for (const variable of variables) {
    const named = nameOf(variable);
    const meaning = named && meaningOf(variable, named.own, named.outside);
    if (named === undefined || meaning === undefined || meaning.confidence < ASSERTED) {
      unexplained.push(variable);
      continue;
    }
    const group = groups.get(named.identity);
    if (group === undefined) groups.set(named.identity, { named, values: [{ variable, meaning }] });
    else group.values.push({ variable, meaning });
  }
  const alike = grouped(groups.values(), ({ named }) => named.stem);
  const assets: FoundAsset[] = [];
  for (const { named, values } of groups.values()) {
    const neighbours = alike.get(named.stem)!.length;
    const meanings = new Set(values.map(({ meaning }) => meaning.role)).size;
    if (neighbours < LEAST_ALIKE || meanings < LEAST_MEANINGS) {
      unexplained.push(...values.map(({ variable }) => variable));
      continue;
    }
    assets.push({
      key: `named${SEPARATOR}${named.identity}`,
      name: named.name,
      level: "machine",
      reason: message("operations.proposal.numberedNames", { count: neighbours, stem: named.stem, kinds: meanings }),
      confidence: Math.min(0.95, 0.8 + 0.02 * neighbours + 0.02 * meanings),
      properties: {},
      place: named.place,
      values,
    });
  }
  const siblings = siblingAssets(unexplained);
  return { assets: [...assets, ...siblings.assets], unexplained: siblings.unexplained };
}

/** Names of one folder, and values understood alike in them, before folders beside each other are taken for machines. */
const LEAST_SIBLINGS = 2;
const LEAST_SHARED = 2;

/**
 * Machines that bear names instead of numbers: folders beside each other, built alike, in each of which the same values are understood and one of them
 * tells a state or counts parts. Folders of rooms or drives hold measured values alike, too, and are none.
 */
function siblingAssets(variables: readonly OfferedVariable[]): FoundAssets {
  const groups = new Map<string, { readonly path: readonly string[]; readonly values: FoundValue[] }>();
  for (const variable of variables) {
    const path = variable.path.slice(0, -1);
    const names = path.map((name) => tokensOf(name));
    const meaning = path.length === 0 ? undefined : meaningOf(variable, ownTokens(variable), names.flat());
    if (meaning === undefined || meaning.confidence < ASSERTED) continue;
    const key = keyOf(path);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { path, values: [{ variable, meaning }] });
    else group.values.push({ variable, meaning });
  }
  const told = [...groups.values()].map((group) => ({ ...group, roles: new Set(group.values.map(({ meaning }) => meaning.role)) }));
  const assets: FoundAsset[] = [];
  for (const beside of grouped(
    told.filter(({ roles }) => [...roles].some((role) => OF_A_STATION.has(role))),
    ({ path }) => keyOf(path.slice(0, -1)),
  ).values()) {
    for (const one of beside) {
      const alike = beside.filter(({ roles }) => [...one.roles].filter((role) => roles.has(role)).length >= LEAST_SHARED);
      if (alike.length < LEAST_SIBLINGS || !alike.includes(one)) continue;
      const above = one.path.at(-2);
      assets.push({
        key: `beside${SEPARATOR}${keyOf(one.path)}`,
        name: one.path.at(-1)!,
        level: "machine",
        reason:
          above === undefined
            ? message("operations.proposal.similarFolders", { count: alike.length, kinds: one.roles.size })
            : message("operations.proposal.similarFoldersIn", { count: alike.length, kinds: one.roles.size, above }),
        confidence: Math.min(0.92, 0.78 + 0.02 * alike.length + 0.02 * one.roles.size),
        properties: {},
        place: one.path.slice(0, -1).filter(isPlaceName).slice(-2),
        values: one.values,
      });
    }
  }
  const taken = new Set(assets.flatMap(({ values }) => values.map(({ variable }) => variable)));
  return { assets, unexplained: variables.filter((variable) => !taken.has(variable)) };
}

/** What only something that makes parts has. */
const OF_A_STATION: ReadonlySet<string> = new Set(["Total", "Good", "Reject", "PartIn", "PartOut"]);

const MAX_PLACE = 60;

/** A name that says of itself that it is a line or an area, without a number: `总装线`, `Montagelinie`, `Assembly line`, `Halle Nord`. */
function isPlaceName(name: string): boolean {
  if (name.length > MAX_PLACE) return false;
  if (/^\p{Script=Han}{1,8}(?:线|车间|区域|厂房)$/u.test(name) || /\p{L}{3,}linie$/iu.test(name)) return true;
  const tokens = tokensOf(name);
  if (tokens.length < 2 || tokens.length > 4) return false;
  return tokens.at(-1)!.sense === "line" || tokens[0]!.sense === "line" || tokens[0]!.sense === "area";
}

/** Below this nothing is asserted: it stays unknown. */
export const ASSERTED = 0.8;
/** The same of a value of a machine that says what it is, where only a word before the last one is not known. */
const ASSERTED_OF_LAST_WORD = 0.78;

const isStation = (sense: Token["sense"]): boolean => sense === "station";

function nameOf(variable: OfferedVariable): Named | undefined {
  const names = variable.path.slice(0, -1).map((name) => tokensOf(name));
  const leaf = tokensOf(variable.path.at(-1) ?? "");
  const place = names.flatMap((tokens, i) => {
    const at = numbered(tokens, (sense) => sense === "line" || sense === "area");
    return at === undefined
      ? isPlaceName(variable.path[i]!) && numbered(tokens, isStation) === undefined
        ? [{ sense: "line" as const, text: variable.path[i]!.toLowerCase(), shown: variable.path[i]! }]
        : []
      : [{ sense: tokens[at]!.sense, text: `${tokens[at]!.text}${Number(tokens[at + 1]!.text)}`, shown: variable.path[i]! }];
  });
  const context = place.map(({ text }) => text).join("/");
  const of = (tokens: readonly Token[], at: number, own: readonly Token[], outside: readonly Token[]): Named => ({
    identity: `${context}/${tokens[at]!.text}${Number(tokens[at + 1]!.text)}`,
    stem: `${context}/${tokens[at]!.text}`.replace(/^\//, ""),
    name: `${tokens[at]!.text.toUpperCase()}${tokens[at + 1]!.text}`,
    place: place.map(({ shown }) => shown).slice(-2),
    own,
    outside,
  });
  for (const [i, tokens] of names.entries()) {
    const at = numbered(tokens, isStation);
    if (at === undefined) continue;
    const others = [...names.slice(0, i), ...names.slice(i + 1)].flat();
    return of(tokens, at, ownAfter(leaf, variable), [...others, ...tokens.slice(0, at), ...tokens.slice(at + 2)]);
  }
  const at = numbered(leaf, isStation);
  if (at === undefined) return undefined;
  return of(leaf, at, [...leaf.slice(0, at), ...leaf.slice(at + 2)], names.flat());
}

/** The words of the name itself, without its station where it repeats it; those of the display name where the name is a mere number. */
function ownAfter(leaf: readonly Token[], variable: OfferedVariable): readonly Token[] {
  const at = numbered(leaf, (sense) => sense === "station");
  const own = at === undefined ? leaf : [...leaf.slice(0, at), ...leaf.slice(at + 2)];
  if (own.some(({ sense }) => sense !== undefined) || variable.displayName === undefined) return own;
  const shown = tokensOf(variable.displayName);
  const repeated = numbered(shown, (sense) => sense === "station");
  return repeated === undefined ? shown : [...shown.slice(0, repeated), ...shown.slice(repeated + 2)];
}

function numbered(tokens: readonly Token[], wanted: (sense: Token["sense"]) => boolean): number | undefined {
  const at = tokens.findIndex((token, i) => wanted(token.sense) && /^\d{1,4}$/.test(tokens[i + 1]?.text ?? ""));
  return at < 0 ? undefined : at;
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
